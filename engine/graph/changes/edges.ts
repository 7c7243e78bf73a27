import type { EdgeDefinition, NodeDefinition } from '../definition.js';
import { sha256 } from '../sha256.js';

type Edges = readonly EdgeDefinition[];

/** An edge with the same id as the editor gives one that somebody draws. */
export const edgeBetween = (from: EdgeDefinition['from'], to: EdgeDefinition['to']): EdgeDefinition => ({
  id: `e_${sha256(JSON.stringify([from.node, from.port, to.node, to.port])).slice(0, 20)}`,
  from,
  to,
});

/**
 * The way out by which a step goes on: the one that leads `towards` a step, else the one behind which most steps are, else the first. What happens to
 * errors is never the way on. `ways` in the order they are drawn.
 */
export function usualWay(
  edges: Edges,
  node: NodeDefinition,
  ways: readonly string[],
  towards: readonly string[] = [],
): string | undefined {
  const used = ways
    .filter((way) => way !== 'error')
    .map((way) => ({ way, behind: behind(edges, node.id, way) }))
    .filter((each) => each.behind.size > 0);
  const most = used.toSorted((a, b) => b.behind.size - a.behind.size)[0];
  return (used.find((each) => towards.some((id) => each.behind.has(id))) ?? most)?.way ?? ways[0];
}

/** The steps that a way out leads to, near and far. */
function behind(edges: Edges, id: string, way: string): Set<string> {
  const next = new Map<string, EdgeDefinition[]>();
  for (const edge of edges) next.set(edge.from.node, [...(next.get(edge.from.node) ?? []), edge]);
  const found = new Set<string>();
  for (const ahead = (next.get(id) ?? []).filter(({ from }) => from.port === way); ahead.length > 0;) {
    const target = ahead.pop()?.to.node ?? '';
    if (target === id || found.has(target)) continue;
    found.add(target);
    ahead.push(...(next.get(target) ?? []));
  }
  return found;
}

/** A step out of the row: what came before it leads to where its way led. Its other ways keep where they lead. */
export function joined(edges: Edges, id: string, way: string | null): EdgeDefinition[] {
  const arriving = edges.filter(({ to }) => to.node === id);
  const leaving = edges.filter(({ from }) => from.node === id && from.port === way);
  const over = arriving.flatMap(({ from }) =>
    leaving.filter(({ to }) => to.node !== from.node).map(({ to }) => edgeBetween(from, to)),
  );
  return distinct([...edges.filter((edge) => !arriving.includes(edge) && !leaving.includes(edge)), ...over]);
}

/** Two steps in each other's place: what led to one leads to the other, and each goes on to where the other went. Other ways out stay theirs. */
export function swapped(
  edges: Edges,
  [a, wayOfA]: readonly [string, string | undefined],
  [b, wayOfB]: readonly [string, string | undefined],
): EdgeDefinition[] {
  const other = (id: string): string => (id === a ? b : id === b ? a : id);
  return distinct(
    edges.map((edge) => {
      const { from, to } = edge;
      if (![from.node, to.node].some((id) => id === a || id === b)) return edge;
      const [way, wayOfOther] = from.node === a ? [wayOfA, wayOfB] : [wayOfB, wayOfA];
      const goesOn = [a, b].includes(from.node) && from.port === way && wayOfOther !== undefined;
      const start = goesOn ? { ...from, node: other(from.node), port: wayOfOther } : from;
      const end = { ...to, node: other(to.node) };
      // A way out of one that is not its usual one and leads to the other has nowhere else to lead.
      return start.node === end.node ? edge : edgeBetween(start, end);
    }),
  );
}

const distinct = (edges: Edges): EdgeDefinition[] => [...new Map(edges.map((edge) => [edge.id, edge])).values()];
