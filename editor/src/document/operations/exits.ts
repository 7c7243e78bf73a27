import type { EdgeDefinition, NodeDefinition } from '#engine/graph/definition.js';
import type { NodeKinds } from '../kinds.js';
import { outcomesOf, wayKey, type Way } from './outcomes.js';

/** How a selection is begun and left, when it shall be one step. */
export interface Selection {
  readonly nodes: readonly NodeDefinition[];
  readonly entering: readonly EdgeDefinition[];
  readonly leaving: readonly EdgeDefinition[];
  readonly within: readonly EdgeDefinition[];
  /** Those of them that only undo others: nothing leads to them, and they begin with nobody. */
  readonly apart: ReadonlySet<string>;
}

/** What follows together, and when. */
export interface Exit {
  /** Each set of ways out of its steps that, gone together and without others, leads here. */
  readonly when: readonly (readonly Way[])[];
  readonly targets: readonly EdgeDefinition['to'][];
}

export interface Exits {
  /** Empty: whatever happens inside, the same follows, and the step needs no exit of its own. */
  readonly exits: readonly Exit[];
  /** Steps that have run however it ends. */
  readonly surely: ReadonlySet<string>;
  /** What follows some of its ways while others, which lead elsewhere, may be gone as well. */
  readonly beside: readonly Beside[];
}

export interface Beside {
  readonly target: EdgeDefinition['to'];
  /** The ways that lead to it. */
  readonly ways: readonly Way[];
}

/** What a sub-department can have. */
const mostExits = 20;

/**
 * How a selection can end, and what follows. As one step it leaves by one way, on which several edges may be: so steps that follow only
 * sometimes need an exit, and those that follow together share one. `null` when it can end in too many ways.
 */
export function exitsOf(selection: Selection, kinds: NodeKinds): Exits | null {
  const { nodes, within, leaving } = selection;
  const ids = new Set(nodes.map(({ id }) => id));
  const watched = new Set([...leaving.map(({ from }) => wayKey(from)), ...ids]);
  const outcomes = outcomesOf({ nodes, edges: within, kinds, begins: [firstOf(selection)] }, watched);
  if (!outcomes) return null;
  const byTargets = new Map<string, { when: Map<string, readonly Way[]>; targets: readonly EdgeDefinition['to'][] }>();
  for (const outcome of outcomes) {
    const gone = leaving.filter(({ from }) => outcome.has(wayKey(from)));
    const targets = [...new Map(gone.map(({ to }) => [endKey(to), to])).values()];
    const ways = [...new Map(gone.map(({ from }) => [wayKey(from), from])).values()];
    const key = targets.map(endKey).toSorted().join('\n');
    const known = byTargets.get(key) ?? { when: new Map(), targets };
    known.when.set(ways.map(wayKey).toSorted().join('\n'), ways);
    byTargets.set(key, known);
  }
  const surely = new Set([...ids].filter((id) => outcomes.every((outcome) => outcome.has(id))));
  const beside = besideOthers(leaving, outcomes);
  if (byTargets.size <= 1) return { exits: [], surely, beside };
  const exits = [...byTargets.values()].filter(({ targets }) => targets.length > 0);
  if (exits.length > mostExits) return null;
  return { exits: exits.map(({ when, targets }) => ({ when: [...when.values()], targets })), surely, beside };
}

function besideOthers(leaving: readonly EdgeDefinition[], outcomes: readonly ReadonlySet<string>[]): Beside[] {
  const byTarget = new Map<string, { target: EdgeDefinition['to']; ways: Way[] }>();
  for (const { from, to } of leaving) {
    const known = byTarget.get(endKey(to)) ?? { target: to, ways: [] };
    known.ways.push(from);
    byTarget.set(endKey(to), known);
  }
  const gone = outcomes.map((outcome) => leaving.map(({ from }) => from).filter((way) => outcome.has(wayKey(way))));
  return [...byTarget.values()].filter(({ ways }) => {
    const own = new Set(ways.map(wayKey));
    const nodes = new Set(ways.map(({ node }) => node));
    return gone.some((all) => all.some((way) => own.has(wayKey(way))) && all.some(({ node }) => !nodes.has(node)));
  });
}

const endKey = ({ node, port }: EdgeDefinition['to']): string => `${node} ${port}`;

/** Steps of the selection that run as soon as it begins: nothing of it comes before them, or something outside leads to them. */
export function firstOf({ nodes, entering, within, apart }: Selection): ReadonlySet<string> {
  const inside = new Set(within.map(({ to }) => to.node));
  const outside = new Set(entering.map(({ to }) => to.node));
  return new Set(nodes.filter(({ id }) => !apart.has(id) && (!inside.has(id) || outside.has(id))).map(({ id }) => id));
}

/**
 * Whether all of its first steps begin whenever one does. As one step it begins as a whole: where one way leads to this step of it and
 * another way to that, both would run.
 */
export function beginsAsOne(
  { entering }: Selection,
  around: {
    readonly nodes: readonly NodeDefinition[];
    readonly edges: readonly EdgeDefinition[];
    readonly body: boolean;
  },
  kinds: NodeKinds,
): boolean {
  const waysTo = new Map<string, Set<string>>();
  for (const { from, to } of entering) waysTo.set(to.node, (waysTo.get(to.node) ?? new Set()).add(wayKey(from)));
  if (waysTo.size <= 1) return true;
  const ways = new Set(entering.map(({ from }) => wayKey(from)));
  if (ways.size === 1) return true;
  const above = ancestorsOf(new Set(entering.map(({ from }) => from.node)), around.edges);
  const nodes = around.nodes.filter(({ id }) => above.has(id));
  const edges = around.edges.filter(({ from, to }) => above.has(from.node) && above.has(to.node));
  const entered = new Set(edges.map(({ to }) => to.node));
  const starts = nodes.filter(({ id }) => !entered.has(id)).map(({ id }) => id);
  // Of a department's triggers one begins a run; a body begins with all of its first steps.
  const begins = around.body ? [new Set(starts)] : starts.map((id) => new Set([id]));
  const outcomes = outcomesOf({ nodes, edges, kinds, begins }, ways);
  return (
    outcomes?.every(
      (outcome) => outcome.size === 0 || [...waysTo.values()].every((own) => [...own].some((way) => outcome.has(way))),
    ) ?? false
  );
}

function ancestorsOf(ids: ReadonlySet<string>, edges: readonly EdgeDefinition[]): ReadonlySet<string> {
  const above = new Set(ids);
  for (let size = -1; size !== above.size;) {
    size = above.size;
    for (const { from, to } of edges) if (above.has(to.node)) above.add(from.node);
  }
  return above;
}
