import type { Definition, PublicNode } from '../api/types.js';
import { opensInPlace } from './boxes.js';

type NodeTypes = ReadonlyMap<string, PublicNode>;

/**
 * What is drawn of a department while one of its sub-departments is open (`level`; the top without one): the steps of that level, those
 * inside its loops, and the edges among them. Of other sub-departments only the outside.
 */
export function viewOf(definition: Definition, nodeTypes: NodeTypes, level: string | null): Definition {
  const byId = new Map(definition.nodes.map((node) => [node.id, node]));
  const shown = new Map<string, boolean>();
  const isShown = (id: string, depth = 0): boolean => {
    const known = shown.get(id);
    if (known !== undefined) return known;
    const node = byId.get(id);
    const parent = node?.parentId;
    const is =
      node !== undefined &&
      depth < 50 &&
      ((parent ?? null) === level ||
        (parent !== undefined &&
          opensInPlace(nodeTypes.get(byId.get(parent)?.type ?? '')) &&
          isShown(parent, depth + 1)));
    shown.set(id, is);
    return is;
  };
  const nodes = definition.nodes.flatMap((node) => {
    if (!isShown(node.id)) return [];
    if (level === null || node.parentId !== level) return [node];
    const { parentId: _, ...top } = node;
    return [top];
  });
  const there = new Set(nodes.map(({ id }) => id));
  const edges = definition.edges.filter(({ from, to }) => there.has(from.node) && there.has(to.node));
  return { ...definition, nodes, edges };
}

/** The sub-departments around a level, outermost first, the open one last. */
export function pathTo(definition: Definition, level: string | null): Definition['nodes'] {
  const path: Definition['nodes'] = [];
  let id: string | undefined = level ?? undefined;
  while (id !== undefined && path.length < 50) {
    const node = definition.nodes.find((each) => each.id === id);
    if (!node) break;
    path.unshift(node);
    id = node.parentId;
  }
  return path;
}

/** The level to open so that a node is seen: the nearest sub-department around it. */
export function levelOfNode(definition: Definition, nodeTypes: NodeTypes, nodeId: string): string | null {
  const byId = new Map(definition.nodes.map((node) => [node.id, node]));
  let parent = byId.get(nodeId)?.parentId;
  for (let depth = 0; parent !== undefined && depth < 50; depth += 1) {
    if (!opensInPlace(nodeTypes.get(byId.get(parent)?.type ?? ''))) return parent;
    parent = byId.get(parent)?.parentId;
  }
  return null;
}
