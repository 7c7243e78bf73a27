import { groupBy } from '#engine/graph/group.js';
import type { Definition, PublicNode } from '../api/types.js';
import type { Box, Point } from './routes.js';

/** Sizes in px, from the look's components. A container grows around its body. */
export const nodeSize = { width: 196, height: 54, header: 30, pad: 16 } as const;
/** A container that nothing is in yet: room for a first step. */
const emptySize = {
  width: nodeSize.width + 2 * nodeSize.pad,
  height: nodeSize.header + nodeSize.height + 2 * nodeSize.pad,
};
/** Whether the body of such a node is drawn around it, where it stands. */
export const opensInPlace = (type: PublicNode | undefined): boolean =>
  type?.kind === 'loop' || type?.kind === 'forEach';

type Bodies = ReadonlyMap<string, Definition['nodes']>;

/** What is drawn inside which step. */
export function bodiesOf(definition: Definition, nodeTypes: ReadonlyMap<string, PublicNode>): Bodies {
  const bodies = new Map<string, Definition['nodes']>();
  for (const [parent, body] of groupBy(definition.nodes, (node) => node.parentId)) if (parent) bodies.set(parent, body);
  for (const node of definition.nodes)
    if (!bodies.has(node.id) && opensInPlace(nodeTypes.get(node.type))) bodies.set(node.id, []);
  return bodies;
}

/**
 * Where every node of a whole department stands where one builds, in px: a loop is as large as what is in it needs, what is in a sub-department
 * is not seen. What is in either is placed from its corner.
 */
export function boxesOf(definition: Definition, nodeTypes: ReadonlyMap<string, PublicNode>): ReadonlyMap<string, Box> {
  const typeOf = new Map(definition.nodes.map(({ id, type }) => [id, nodeTypes.get(type)]));
  const bodies = [...bodiesOf(definition, nodeTypes)].filter(([id]) => opensInPlace(typeOf.get(id)));
  return boxesIn(definition, new Map(bodies));
}

/** Where every node stands, of those whose bodies are drawn around them. */
export function boxesIn(definition: Definition, bodies: Bodies): Map<string, Box> {
  const byId = new Map(definition.nodes.map((node) => [node.id, node]));
  const offset = (node: Definition['nodes'][number], depth = 0): Point => {
    const parent = node.parentId && depth < 20 ? byId.get(node.parentId) : undefined;
    const from = parent ? offset(parent, depth + 1) : { x: 0, y: 0 };
    return { x: from.x + node.position.x, y: from.y + node.position.y };
  };
  const sizeOf = (id: string, depth = 0): { width: number; height: number } => {
    const body = depth < 20 ? bodies.get(id) : undefined;
    if (!body) return nodeSize;
    if (body.length === 0) return emptySize;
    const ends = body.map((node) => ({ at: node.position, size: sizeOf(node.id, depth + 1) }));
    return {
      width: Math.max(...ends.map(({ at, size }) => at.x + size.width)) + nodeSize.pad,
      height: Math.max(...ends.map(({ at, size }) => at.y + size.height)) + nodeSize.pad,
    };
  };
  return new Map(
    definition.nodes.map((node) => {
      const { width, height } = sizeOf(node.id);
      return [node.id, { ...offset(node), width, height }];
    }),
  );
}
