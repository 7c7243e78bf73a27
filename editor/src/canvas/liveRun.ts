import type { Definition, PublicNode, StepView } from '../api/types.js';

/** One run as it is watched: every step by its path, and the text that each is writing. */
export interface LiveRun {
  readonly runId: string;
  readonly status: string;
  readonly steps: ReadonlyMap<string, StepView>;
  readonly writing: ReadonlyMap<string, string>;
}

export const startedRun = (runId: string, status = 'queued'): LiveRun => ({
  runId,
  status,
  steps: new Map(),
  writing: new Map(),
});

/** Steps in the order they arrived; a later report of the same step replaces an earlier one. */
export function withStep(run: LiveRun, step: StepView): LiveRun {
  const known = run.steps.get(step.path);
  // Events may overtake each other: a step that has ended does not start again in the same attempt.
  if (known && known.attempt >= step.attempt && known.status !== 'running' && step.status === 'running') return run;
  return { ...run, steps: new Map(run.steps).set(step.path, step) };
}

export const withText = (run: LiveRun, path: string, delta: string): LiveRun => ({
  ...run,
  writing: new Map(run.writing).set(path, (run.writing.get(path) ?? '') + delta),
});

export const withSteps = (run: LiveRun, steps: readonly StepView[]): LiveRun => steps.reduce(withStep, run);

/** What a node shows: its last execution, and how often it ran when inside a container. */
export interface NodeProgress {
  readonly step: StepView;
  readonly rounds: number;
  /** Somebody of the house must act: here, or at a step inside. Others wait for the clock, a customer or another system. */
  readonly yours: boolean;
}

/** Which nodes wait for somebody of the house when they wait. */
export const asksHouse =
  ({ nodes }: Definition, types: ReadonlyMap<string, PublicNode>) =>
  (nodeId: string): boolean => {
    const node = nodes.find(({ id }) => id === nodeId);
    if (types.get(node?.type ?? '')?.group !== 'human') return false;
    // A question is the customer's unless its author said otherwise.
    return node?.type !== 'human.ask' || node.config['of'] === 'member';
  };

/** The latest step of each node. In a container a node runs once a round. */
export function progressOf(
  run: LiveRun | null,
  asks: (nodeId: string) => boolean = () => false,
): ReadonlyMap<string, NodeProgress> {
  const progress = new Map<string, NodeProgress>();
  const yours = new Set<string>();
  for (const { status, nodeId, path } of run?.steps.values() ?? [])
    if (status === 'waiting' && asks(nodeId)) for (const part of path.split('/')) yours.add(part.split('#')[0] ?? '');
  for (const step of run?.steps.values() ?? []) {
    const known = progress.get(step.nodeId);
    const rounds = (known?.rounds ?? 0) + 1;
    const newer = !known || step.status === 'running' || known.step.status === 'skipped' || step.status !== 'skipped';
    progress.set(step.nodeId, { step: newer ? step : known.step, rounds, yours: yours.has(step.nodeId) });
  }
  return progress;
}

export type EdgeState = 'idle' | 'live' | 'flowing' | 'dead';

/** Whether a run went along an edge: known once the node before it has ended. */
export function edgeState(
  progress: ReadonlyMap<string, NodeProgress>,
  from: { readonly node: string; readonly port: string },
  to: string,
): EdgeState {
  const step = progress.get(from.node)?.step;
  if (!step || step.status === 'running' || step.status === 'waiting') return 'idle';
  if (step.port !== from.port) return 'dead';
  return progress.get(to)?.step.status === 'running' ? 'flowing' : 'live';
}
