import { LastValue, NamedBarrierValue, type BaseChannel } from '@langchain/langgraph/channels';
import { Pregel } from '@langchain/langgraph/pregel';
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';
import type { Definition } from '#engine/graph/definition.js';
import type { Settled } from '#engine/graph/levels.js';
import type { Json } from '#nodes/sdk/json.js';
import type { NodeType } from '#nodes/sdk/node.js';
import { groupsOf, type Fusion, type Group } from './groups.js';
import { planOf, type Plan, type PlannedNode } from './plan.js';
import { pregelNode, type State, type Write } from './pregelNode.js';

/** What runs the nodes of a group; one for each run, handed over in LangGraph's `configurable` under `runner`. */
export interface GroupRunner {
  /**
   * Runs those of `nodes` that are not in `settled`, in data-flow order. Returns what is settled of them now: a node is missing while it,
   * or one above it, waits. Throws what stops the run.
   */
  runGroup(
    nodes: readonly PlannedNode[],
    settled: ReadonlyMap<string, Settled>,
    answers: Readonly<Record<string, Json>>,
  ): Promise<ReadonlyMap<string, Settled>>;
}
export const RUNNER_KEY = 'runner';

export interface CompileOptions {
  readonly fusion?: Fusion;
  /** Needed by definitions that wait. */
  readonly checkpointer?: BaseCheckpointSaver;
}

export type Graph = Pregel<Record<string, ReturnType<typeof pregelNode>>, Record<string, BaseChannel>>;

/** A definition ready to run. Holds nothing of any run: share it. */
export interface Compiled {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly groups: readonly Group[];
  /** Group of each node of the top level. */
  readonly groupOf: ReadonlyMap<string, string>;
  /** Some node may wait, so the graph keeps checkpoints. */
  readonly waits: boolean;
  /** Its only group, when that never waits: there is nothing to schedule and nothing to keep, so it may be run without the graph. */
  readonly alone: Group | null;
}

const TRIGGER = 'trigger';
const nodeName = (group: string): string => `g_${group}`;
const channel = {
  results: (group: string): string => `r_${group}`,
  /** All ways into a join have fired. */
  join: (group: string): string => `j_${group}`,
  /** The group is finished. Apart from its results, because a partial result, written while a question is open, triggers nobody. */
  done: (group: string): string => `d_${group}`,
  answers: (group: string): string => `a_${group}`,
  /** Wakes the group when there is an answer. Apart from the answers, because a channel that is read and triggers must not be empty. */
  wake: (group: string): string => `w_${group}`,
};

/**
 * Definition to LangGraph. One channel for each group holds the results of its nodes; a group with one group above it is triggered by that
 * group's channel, a join by a barrier. Every group fires in every run and deadness is data, so a join cannot hang. A wait is not an
 * interrupt but a missing result: the group writes what it has, other branches go on, and an answer wakes the group again.
 *
 * Throws `CannotCompile` or `CycleError`.
 */
export function compile(
  definition: Definition,
  nodeTypes: ReadonlyMap<string, NodeType>,
  options: CompileOptions = {},
): Compiled {
  const plan = planOf(definition, nodeTypes);
  const groups = groupsOf(plan, options.fusion ?? 'all');
  const waiting = new Set(groups.filter((group) => group.waits).map((group) => group.id));
  const channels: Record<string, BaseChannel> = { [TRIGGER]: new LastValue() };
  const joinsBelow = new Map<string, string[]>();
  for (const { id, above, waits } of groups) {
    channels[channel.results(id)] = new LastValue();
    // Every channel costs a little in every checkpoint, so only a group that may stop half way has these.
    if (waits) for (const name of ['done', 'answers', 'wake'] as const) channels[channel[name](id)] = new LastValue();
    if (above.length <= 1) continue;
    channels[channel.join(id)] = new NamedBarrierValue(new Set(above));
    for (const from of above) joinsBelow.set(from, [...(joinsBelow.get(from) ?? []), channel.join(id)]);
  }
  const nodes: Record<string, ReturnType<typeof pregelNode>> = {};
  const before = ancestorsOf(groups);
  for (const group of groups) {
    const done: Write[] = (joinsBelow.get(group.id) ?? []).map((join): Write => [join, group.id]);
    if (group.waits) done.push([channel.done(group.id), true]);
    const own = group.waits ? [channel.results(group.id), channel.answers(group.id)] : [];
    nodes[nodeName(group.id)] = pregelNode({
      name: nodeName(group.id),
      triggers: group.waits ? [triggerOf(group, waiting), channel.wake(group.id)] : [triggerOf(group, waiting)],
      // Expressions may read any step before their own.
      reads: [TRIGGER, ...own, ...[...(before.get(group.id) ?? [])].map(channel.results)],
      run: (state, config) => runGroup(group, done, state, config.configurable?.[RUNNER_KEY] as GroupRunner),
    });
  }
  const waits = waiting.size > 0;
  const graph = new Pregel({
    nodes,
    channels,
    inputChannels: [TRIGGER],
    outputChannels: [],
    streamChannels: Object.keys(channels),
    streamMode: ['custom'],
    ...(waits && options.checkpointer && { checkpointer: options.checkpointer }),
  }) as Graph;
  const groupOf = new Map(groups.flatMap((group) => group.nodes.map((node) => [node.id, group.id] as const)));
  const [only] = groups;
  return { graph, plan, groups, groupOf, waits, alone: only && groups.length === 1 && !waits ? only : null };
}

/** Every group on a way to each group. */
function ancestorsOf(groups: readonly Group[]): ReadonlyMap<string, ReadonlySet<string>> {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const known = new Map<string, Set<string>>();
  const visit = (id: string): Set<string> => {
    const found = known.get(id);
    if (found) return found;
    const all = new Set<string>();
    known.set(id, all);
    for (const above of byId.get(id)?.above ?? []) {
      all.add(above);
      for (const other of visit(above)) all.add(other);
    }
    return all;
  };
  for (const { id } of groups) visit(id);
  return known;
}

function triggerOf({ id, above }: Group, waiting: ReadonlySet<string>): string {
  const [only] = above;
  if (only === undefined) return TRIGGER;
  if (above.length > 1) return channel.join(id);
  return waiting.has(only) ? channel.done(only) : channel.results(only);
}

async function runGroup(group: Group, done: readonly Write[], state: State, runner: GroupRunner): Promise<Write[]> {
  const settled = new Map<string, Settled>();
  for (const [name, value] of Object.entries(state)) {
    if (!name.startsWith('r_')) continue;
    for (const [id, result] of Object.entries(value as Record<string, Settled>)) settled.set(id, result);
  }
  const answers = (state[channel.answers(group.id)] ?? {}) as Record<string, Json>;
  const results = await runner.runGroup(group.nodes, settled, answers);
  const finished = group.nodes.every((node) => results.has(node.id));
  return [[channel.results(group.id), Object.fromEntries(results)], ...(finished ? done : [])];
}

/**
 * Takes the graph as far as it goes, like `invoke`, which would gather values that nobody reads: that costs three streams and an abort controller a run,
 * a tenth of what a small run costs. `pregelNode.test.ts` says what we expect of it.
 * @param input `null` to go on from a checkpoint
 */
export async function proceed(graph: Graph, input: Record<string, unknown> | null, config: RunConfig): Promise<void> {
  const steps = graph._streamIterator(input, { ...config, streamMode: ['custom'] });
  while ((await steps.next()).done !== true);
}

type RunConfig = NonNullable<Parameters<Graph['invoke']>[1]>;

/** Config of every call about one run. */
export interface ThreadConfig {
  readonly configurable: { readonly thread_id: string; readonly organization_id: string };
}

/**
 * Gives answers, by path, to the groups that asked. The caller then invokes the graph with `null`. Answers to groups that have
 * finished change nothing.
 */
export async function answer(
  compiled: Compiled,
  config: ThreadConfig,
  answers: ReadonlyMap<string, Json>,
): Promise<void> {
  const byGroup = new Map<string, Record<string, Json>>();
  for (const [path, value] of answers) {
    const group = compiled.groupOf.get(topOf(path));
    if (group === undefined) continue;
    byGroup.set(group, { ...byGroup.get(group), [path]: value });
  }
  for (const [group, given] of byGroup) {
    const state = await compiled.graph.getState(config);
    const before = (state.values as Record<string, Record<string, Json> | undefined>)[channel.answers(group)];
    const values = { [channel.answers(group)]: { ...before, ...given }, [channel.wake(group)]: Object.keys(given) };
    await compiled.graph.updateState(config, values, nodeName(group));
  }
}

/** The node of the top level that a path stands in: `loop` for `loop#2/ask`. */
export const topOf = (path: string): string => path.split('#', 1)[0] ?? path;
