import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useReducer } from 'react';
import { isActive, isFinal, type RunStatus } from '#engine/graph/statuses.js';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import { mayReadOtherwise } from '../api/queryClient.js';
import type { LiveEvent, RunWithSteps } from '../api/types.js';
import { useLiveEvents } from '../api/useLiveEvents.js';
import { startedRun, withStep, withSteps, withText, type LiveRun } from '../canvas/liveRun.js';

interface WatchedRun {
  readonly conversationId: string | null;
  readonly run: LiveRun;
  /** Milliseconds since 1970, by this browser's clock. */
  readonly seenAt: number;
  readonly firstWordAt: number | null;
  /** Events of it may have been missed: what the server recorded counts too. */
  readonly gap: boolean;
}
type Watched = ReadonlyMap<string, WatchedRun>;

/** Runs kept in memory: an old one is read from the server again when somebody looks at it. */
const kept = 12;

function watch(state: Watched, event: LiveEvent | 'gap'): Watched {
  if (event === 'gap') return new Map([...state].map(([id, each]) => [id, withGap(each)]));
  if (event.type !== 'run' && event.type !== 'step' && event.type !== 'token') return state;
  const runId = event.type === 'run' ? event.run.id : event.runId;
  const conversationId = event.type === 'run' ? event.run.conversationId : event.conversationId;
  const known = state.get(runId) ?? {
    conversationId,
    run: startedRun(runId, 'running'),
    seenAt: Date.now(),
    firstWordAt: null,
    gap: event.type !== 'run',
  };
  const next = new Map(state).set(runId, { ...known, ...change(known, event) });
  while (next.size > kept) next.delete(next.keys().next().value as string);
  return next;
}

/** Half a text is worth less than none. */
const withGap = (each: WatchedRun): WatchedRun => ({ ...each, gap: true, run: { ...each.run, writing: new Map() } });

function change(known: WatchedRun, event: LiveEvent): Partial<WatchedRun> {
  if (event.type === 'run') {
    // A run that was taken up again begins where it failed; what it says next is new.
    const again = isFinal(known.run.status as RunStatus) && isActive(event.run.status);
    return { run: { ...known.run, status: event.run.status, ...(again && { writing: new Map() }) } };
  }
  if (event.type === 'step') return { run: withStep(known.run, event.step) };
  if (event.type !== 'token') return {};
  return { run: withText(known.run, event.path, event.delta), firstWordAt: known.firstWordAt ?? Date.now() };
}

/** Runs as they happen, from live events; with the latest of one conversation and any other that is chosen. */
export function useLiveRuns(conversationId: string | null, chosenRunId: string | null) {
  const [watched, follow] = useReducer(watch, new Map() as Watched);
  const cache = useQueryClient();
  useLiveEvents(follow, () => {
    follow('gap');
    void cache.invalidateQueries({ queryKey: keys.runs, predicate: mayReadOtherwise });
  });
  const seen = conversationId
    ? [...watched.values()].filter((each) => each.conversationId === conversationId).at(-1)
    : undefined;
  // After a reload or a lost connection the newest run is the server's to name.
  const newest = useQuery({
    queryKey: [...keys.runs, 'newest', conversationId],
    queryFn: () => api.runs({ conversationId: conversationId ?? '', limit: 1 }),
    enabled: conversationId !== null && (!seen || seen.gap),
  }).data?.items[0];
  const latestId =
    [seen?.run.runId, newest?.id]
      .filter((id) => id !== undefined)
      .sort()
      .at(-1) ?? null;
  const latest = latestId ? watched.get(latestId) : undefined;
  const latestStatus = statusOf(latest?.run.status, newest?.id === latestId ? newest?.status : undefined);

  const runId = chosenRunId ?? latestId;
  const shown = runId ? watched.get(runId) : undefined;
  const resting = !shown || !isActive(shown.run.status as RunStatus);
  const recorded = useQuery({
    queryKey: keys.run(runId ?? ''),
    queryFn: () => api.run(runId ?? ''),
    enabled: runId !== null && (resting || shown.gap),
  });
  const run = recorded.data ? together(recorded.data, shown) : (shown?.run ?? null);
  return {
    run,
    record: recorded.data ?? null,
    latestId,
    busy: latestStatus !== null && isActive(latestStatus),
    failed: latestStatus === 'failed',
    writing: latest ? ([...latest.run.writing.values()].at(-1) ?? '') : '',
    firstWordMs: shown?.firstWordAt && !shown.gap ? shown.firstWordAt - shown.seenAt : null,
  };
}

/** Of two reports about one run, the one that ends it is the later. */
function statusOf(live: string | undefined, recorded: string | undefined): RunStatus | null {
  const statuses = [live, recorded].filter((status) => status !== undefined) as RunStatus[];
  return statuses.find(isFinal) ?? statuses[0] ?? null;
}

/** What was recorded, and what has been seen since. */
function together(record: RunWithSteps, seen: WatchedRun | undefined): LiveRun {
  const base = withSteps(startedRun(record.id, record.status), record.steps);
  if (!seen) return base;
  const { run } = seen;
  const status = statusOf(run.status, record.status) ?? run.status;
  const missing = isFinal(status as RunStatus) ? [] : [...run.steps.values()];
  return { ...withSteps(base, missing), status, writing: run.writing };
}
