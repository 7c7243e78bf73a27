import { sortLevel } from '#engine/graph/levels.js';
import type { Definition } from '../api/types.js';

/** A department as one reads it from top to bottom. `branches`: the ways out of the step before, each with what follows on it alone. */
export type StepItem =
  | { readonly kind: 'step'; readonly nodeId: string; readonly body: readonly StepItem[] }
  | {
      readonly kind: 'branches';
      readonly ways: readonly {
        readonly port: string;
        readonly items: readonly StepItem[];
        /** Nothing follows on it at all. */
        readonly ends?: true;
      }[];
    };

/**
 * The steps of a level in the order they run. What only one way leads to stands inside that way; what several lead to comes after them.
 * Steps on a circle come last, so that none is lost.
 * @param waysOut all ways out of a step: those on which nothing follows yet are shown too, for whoever puts something there
 */
export function stepTree(
  definition: Definition,
  parentId?: string,
  waysOut: (node: Definition['nodes'][number]) => readonly string[] | null = () => null,
): readonly StepItem[] {
  const nodes = definition.nodes.filter((node) => node.parentId === parentId);
  const ids = new Set(nodes.map(({ id }) => id));
  const edges = definition.edges.filter(({ from, to }) => ids.has(from.node) && ids.has(to.node));
  const { order, cyclic, outgoing, incoming } = sortLevel(nodes, edges);
  const placed = new Set<string>();
  const rank = new Map(order.map(({ id }, index) => [id, index]));

  /** What is reached from a step of a way and from nowhere outside it. */
  const ownOf = (entry: string): Set<string> => {
    const own = new Set([entry]);
    for (const { id } of order)
      if (
        !own.has(id) &&
        (incoming.get(id) ?? []).length > 0 &&
        (incoming.get(id) ?? []).every(({ from }) => own.has(from.node))
      )
        own.add(id);
    return own;
  };

  const walk = (within: ReadonlySet<string>): StepItem[] => {
    const items: StepItem[] = [];
    for (const node of order) {
      if (!within.has(node.id) || placed.has(node.id)) continue;
      placed.add(node.id);
      const body = definition.nodes.some((each) => each.parentId === node.id)
        ? stepTree(definition, node.id, waysOut)
        : [];
      items.push({ kind: 'step', nodeId: node.id, body });
      const leaving = outgoing.get(node.id) ?? [];
      const ports = [...new Set([...(waysOut(node) ?? []), ...leaving.map(({ from }) => from.port)])];
      if (ports.length < 2) continue;
      const ways = ports.map((port) => {
        const entries = leaving
          .filter(({ from, to }) => from.port === port && within.has(to.node) && !placed.has(to.node))
          .map(({ to }) => to.node)
          // Others lead there too: it comes after the branches.
          .filter((id) => (incoming.get(id) ?? []).every(({ from }) => from.node === node.id && from.port === port))
          .sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
        const own = new Set(entries.flatMap((entry) => [...ownOf(entry)]));
        const ends = !leaving.some(({ from }) => from.port === port);
        return {
          port,
          items: walk(new Set([...own].filter((id) => within.has(id)))),
          ...(ends && { ends: true as const }),
        };
      });
      items.push({ kind: 'branches', ways });
    }
    return items;
  };
  const all = walk(ids);
  for (const { id } of cyclic) all.push({ kind: 'step', nodeId: id, body: [] });
  return all;
}
