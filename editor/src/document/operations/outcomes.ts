import type { EdgeDefinition, NodeDefinition } from '#engine/graph/definition.js';
import { sortLevel } from '#engine/graph/levels.js';
import type { NodeKinds } from '../kinds.js';

/** A way out of a step. */
export type Way = EdgeDefinition['from'];
export const wayKey = ({ node, port }: Way): string => `${node} ${port}`;

/** Beyond so many states at once nobody is told what can happen: a department that branches that much is not looked through. */
const most = 2_000;

interface State {
  /** Steps below that will run. */
  readonly ahead: ReadonlySet<string>;
  readonly seen: ReadonlySet<string>;
}

interface Part {
  readonly nodes: readonly NodeDefinition[];
  /** Between these nodes. */
  readonly edges: readonly EdgeDefinition[];
  readonly kinds: NodeKinds;
  /** The ways in which it can begin: each is the steps that run first together. */
  readonly begins: readonly ReadonlySet<string>[];
}

/**
 * Everything that can come of some steps of one level: of the `watched` ways out (`wayKey`) and steps (their ids), each set that one run
 * can see together. A step leaves by exactly one of its ways, and every edge on it is followed. `null` when there is too much.
 */
export function outcomesOf(
  { nodes, edges, kinds, begins }: Part,
  watched: ReadonlySet<string>,
): ReadonlySet<string>[] | null {
  const { order, outgoing } = sortLevel(nodes, edges);
  let states = merged(begins.map((ahead) => ({ ahead, seen: new Set<string>() })));
  for (const node of order) {
    const next: State[] = [];
    const out = outgoing.get(node.id) ?? [];
    for (const state of states) {
      if (!state.ahead.has(node.id)) {
        next.push(state);
        continue;
      }
      for (const port of waysOf(node, out, kinds)) {
        const [ahead, seen] = [new Set(state.ahead), new Set(state.seen)];
        ahead.delete(node.id);
        for (const edge of out) if (edge.from.port === port) ahead.add(edge.to.node);
        for (const key of [node.id, wayKey({ node: node.id, port })]) if (watched.has(key)) seen.add(key);
        next.push({ ahead, seen });
      }
    }
    states = merged(next);
    if (states.length > most) return null;
  }
  return merged(states.map(({ seen }) => ({ ahead: new Set<string>(), seen }))).map(({ seen }) => seen);
}

/** Of a step whose type nobody knows: the ways that are drawn, or none of them. */
const waysOf = (node: NodeDefinition, out: readonly EdgeDefinition[], kinds: NodeKinds): ReadonlySet<string> =>
  new Set(kinds.waysOut(node) ?? [...out.map(({ from }) => from.port), '']);

/** States that go on alike are one. */
function merged(states: readonly State[]): State[] {
  const byKey = new Map<string, State>();
  for (const state of states)
    byKey.set(JSON.stringify([[...state.ahead].toSorted(), [...state.seen].toSorted()]), state);
  return [...byKey.values()];
}
