import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useReducer } from 'react';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import type { LiveEvent, RunWithSteps } from '../api/types.js';
import { useLiveEvents } from '../api/useLiveEvents.js';
import { startedRun, withStep, withSteps, withText, type LiveRun } from '../canvas/liveRun.js';

interface WatchedRun {
  readonly conversationId: string | null;
  readonly run: LiveRun;
  /** Milliseconds since 1970, by this browser's clock. */
  readonly seenAt: number;
  readonly firstWordAt: number | null;
}
type Watched = ReadonlyMap<string, WatchedRun>;

/** Runs kept in memory: an old one is read from the server again when somebody looks at it. */
const kept = 12;

function watch(state: Watched, event: LiveEvent): Watched {
  if (event.type !== 'run' && event.type !== 'step' && event.type !== 'token') return state;
  const runId = event.type === 'run' ? event.run.id : event.runId;
  const conversationId = event.type === 'run' ? event.run.conversationId : event.conversationId;
  const known = state.get(runId) ?? {
    conversationId,
    run: startedRun(runId, 'running'),
    seenAt: Date.now(),
    firstWordAt: null,
  };
  const next = new Map(state).set(runId, { ...known, ...change(known, event) });
  while (next.size > kept) next.delete(next.keys().next().value as string);
  return next;
}

function change(known: WatchedRun, event: LiveEvent): Partial<WatchedRun> {
  if (event.type === 'run') return { run: { ...known.run, status: event.run.status } };
  if (event.type === 'step') return { run: withStep(known.run, event.step) };
  if (event.type !== 'token') return {};
  return { run: withText(known.run, event.path, event.delta), firstWordAt: known.firstWordAt ?? Date.now() };
}

/** Runs as they happen, from live events; with the latest of one conversation and any other that is chosen. */
export function useLiveRuns(conversationId: string | null, chosenRunId: string | null) {
  const [watched, follow] = useReducer(watch, new Map() as Watched);
  const cache = useQueryClient();
  useLiveEvents(follow, () => void cache.invalidateQueries({ queryKey: keys.runs }));
  const latest = conversationId
    ? [...watched.values()].filter((each) => each.conversationId === conversationId).at(-1)
    : undefined;
  const runId = chosenRunId ?? latest?.run.runId ?? null;
  const shown = runId ? watched.get(runId) : undefined;
  const over = !shown || ['succeeded', 'failed', 'canceled', 'waiting'].includes(shown.run.status);
  // Once a run rests, what the server recorded counts: an event may have been missed.
  const recorded = useQuery({
    queryKey: keys.run(runId ?? ''),
    queryFn: () => api.run(runId ?? ''),
    enabled: runId !== null && over,
  });
  const run = recorded.data && over ? fromRecord(recorded.data, shown?.run) : (shown?.run ?? null);
  return {
    run,
    record: recorded.data ?? null,
    busy: latest !== undefined && ['queued', 'running'].includes(latest.run.status),
    writing: latest ? ([...latest.run.writing.values()].at(-1) ?? '') : '',
    firstWordMs: shown?.firstWordAt ? shown.firstWordAt - shown.seenAt : null,
  };
}

const fromRecord = (record: RunWithSteps, seen: LiveRun | undefined): LiveRun =>
  withSteps({ ...startedRun(record.id, record.status), writing: seen?.writing ?? new Map() }, record.steps);
