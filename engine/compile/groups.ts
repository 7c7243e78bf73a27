import { isContainer, type PlannedLevel, type PlannedNode } from './plan.js';

/**
 * How nodes share a LangGraph node. `all`: one group, whose nodes run in data-flow order. `pure`: a group is a thinking or acting node
 * with the deterministic ones after it. `none`: one LangGraph node each. See docs/decisions/0001.
 */
export type Fusion = 'none' | 'pure' | 'all';

export interface Group {
  /** Id of its first node. */
  readonly id: string;
  /** In topological order. */
  readonly nodes: readonly PlannedNode[];
  /** Ids of the groups that its nodes follow. */
  readonly above: readonly string[];
  /** May stop half way: a node of it, at any depth, waits. */
  readonly waits: boolean;
}

export function groupsOf(level: PlannedLevel, fusion: Fusion): readonly Group[] {
  const lists =
    fusion === 'all' ? [[...level.order]] : fusion === 'none' ? level.order.map((node) => [node]) : pureGroups(level);
  const idOf = new Map<string, string>();
  for (const nodes of lists) for (const node of nodes) idOf.set(node.id, nodes[0]?.id ?? node.id);
  return lists.flatMap((nodes) => {
    const [first] = nodes;
    if (!first) return [];
    const above = new Set(nodes.flatMap((node) => node.incoming.map((edge) => idOf.get(edge.from.node) ?? '')));
    above.delete(first.id);
    return [{ id: first.id, nodes, above: [...above], waits: nodes.some(mayWait) }];
  });
}

const mayWait = (node: PlannedNode): boolean => node.type.kind === 'wait' || (node.body?.order.some(mayWait) ?? false);

const boundary = (node: PlannedNode): boolean =>
  isContainer(node.type) || !(node.type.kind === 'pure' || node.type.kind === 'trigger');

/**
 * The rank of a node is the number of boundaries on the longest way to it. A way that leaves a rank through a boundary never returns to
 * it, so nodes of one rank that edges join may share a group without a cycle between groups.
 */
function pureGroups(level: PlannedLevel): PlannedNode[][] {
  const byId = new Map(level.order.map((node, position) => [node.id, { node, position }]));
  const rank = new Map<string, number>();
  const groupOf = new Map<string, PlannedNode[]>();
  const groups = new Set<PlannedNode[]>();
  for (const node of level.order) {
    const above = node.incoming.flatMap((edge) => byId.get(edge.from.node)?.node ?? []);
    const own = Math.max(0, ...above.map((other) => (rank.get(other.id) ?? 0) + (boundary(other) ? 1 : 0)));
    rank.set(node.id, own);
    const mine = [node];
    if (!boundary(node)) {
      const near = above.filter((other) => !boundary(other) && rank.get(other.id) === own);
      for (const group of new Set(near.flatMap((other) => [groupOf.get(other.id) ?? []]))) {
        mine.unshift(...group);
        groups.delete(group);
      }
    }
    groups.add(mine);
    for (const member of mine) groupOf.set(member.id, mine);
  }
  const position = (node: PlannedNode): number => byId.get(node.id)?.position ?? 0;
  return [...groups].map((group) => group.sort((a, b) => position(a) - position(b)));
}
