import type { Definition, PublicNode } from '../api/types.js';
import { nodeSize, opensInPlace } from './boxes.js';
import type { Point } from './routes.js';

const gap = { between: 44, ranks: 66 } as const;

/**
 * Places for the steps of a level and of the loops in it, from top to bottom along the edges. The first step stays where it is, so that the
 * drawing does not jump. `only` lays out these steps alone.
 */
export async function autoLayout(
  definition: Definition,
  types: ReadonlyMap<string, PublicNode>,
  level: string | null,
  only?: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Point>> {
  const { graphlib, layout } = await import('@dagrejs/dagre');
  const places = new Map<string, Point>();

  const layLevel = (parent: string | undefined): { width: number; height: number } => {
    const members = definition.nodes.filter(
      (node) => node.parentId === parent && (parent !== (level ?? undefined) || !only || only.has(node.id)),
    );
    if (members.length === 0) return { width: nodeSize.width, height: nodeSize.height };
    const graph = new graphlib.Graph({ multigraph: true });
    graph.setGraph({ rankdir: 'TB', nodesep: gap.between, ranksep: gap.ranks, edgesep: 24 });
    graph.setDefaultEdgeLabel(() => ({}));
    for (const node of members) {
      const isOpen = opensInPlace(types.get(node.type));
      const body = isOpen ? layLevel(node.id) : null;
      const size = body
        ? { width: body.width + 2 * nodeSize.pad, height: body.height + nodeSize.header + 2 * nodeSize.pad }
        : { width: nodeSize.width, height: nodeSize.height };
      graph.setNode(node.id, size);
    }
    const ids = new Set(members.map(({ id }) => id));
    for (const { id, from, to } of definition.edges)
      if (ids.has(from.node) && ids.has(to.node)) graph.setEdge(from.node, to.node, {}, id);
    layout(graph);
    const corner = (id: string): Point => {
      const { x, y, width, height } = graph.node(id);
      return { x: x - width / 2, y: y - height / 2 };
    };
    const corners = new Map(members.map(({ id }) => [id, corner(id)]));
    const inContainer = parent !== undefined && parent !== level;
    const [first] = members;
    const anchor = first && corners.get(first.id);
    const shift = inContainer
      ? { x: nodeSize.pad, y: nodeSize.header + nodeSize.pad }
      : first && anchor
        ? { x: first.position.x - anchor.x, y: first.position.y - anchor.y }
        : { x: 0, y: 0 };
    for (const [id, at] of corners) places.set(id, { x: Math.round(at.x + shift.x), y: Math.round(at.y + shift.y) });
    const boxes = members.map(({ id }) => graph.node(id));
    return {
      width: Math.max(...boxes.map(({ x, width }) => x + width / 2)),
      height: Math.max(...boxes.map(({ y, height }) => y + height / 2)),
    };
  };
  layLevel(level ?? undefined);
  return places;
}
