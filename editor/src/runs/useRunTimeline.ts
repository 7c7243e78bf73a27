import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { isActive, isFinal } from '#engine/graph/statuses.js';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import { mayReadOtherwise, toldWhileShown } from '../api/queryClient.js';
import type { LiveEvent, RunTimeline, StepBrief, StepView } from '../api/types.js';
import { useLiveEvents } from '../api/useLiveEvents.js';
import { startedRun, withSteps, type LiveRun } from '../canvas/liveRun.js';
import { useNow } from '../ui/useNow.js';
import { rowsOf } from './timeline/rows.js';

/** What has been seen of one run since the server was last asked. */
interface Seen {
  readonly steps: ReadonlyMap<string, StepView>;
  readonly writing: ReadonlyMap<string, string>;
}
const nothing: Seen = { steps: new Map(), writing: new Map() };
const keyOf = (step: { readonly path: string; readonly attempt: number }): string => `${step.attempt} ${step.path}`;

type Change = { readonly event: LiveEvent; readonly runId: string } | 'gap';

function see(seen: Seen, change: Change): Seen {
  // Half a text is worth less than none.
  if (change === 'gap') return nothing;
  const { event, runId } = change;
  if (event.type === 'step' && event.runId === runId)
    return { ...seen, steps: new Map(seen.steps).set(keyOf(event.step), event.step) };
  if (event.type === 'token' && event.runId === runId)
    return {
      ...seen,
      writing: new Map(seen.writing).set(event.path, (seen.writing.get(event.path) ?? '') + event.delta),
    };
  return seen;
}

/** One run as its record has it and as live events go on telling it. */
export function useRunTimeline(runId: string) {
  const cache = useQueryClient();
  const [seen, tell] = useReducer(see, nothing);
  const record = useQuery({
    ...toldWhileShown,
    queryKey: keys.timeline(runId),
    queryFn: () => api.runTimeline(runId),
  });
  const stale = (): void => void cache.invalidateQueries({ queryKey: keys.timeline(runId) });
  const waiting = useRef<ReturnType<typeof setTimeout> | null>(null);
  const soon = (): void => {
    waiting.current ??= setTimeout(() => {
      waiting.current = null;
      stale();
    }, 400);
  };
  useEffect(
    () => () => {
      if (waiting.current) clearTimeout(waiting.current);
    },
    [],
  );
  const [gone, setGone] = useState(false);
  useLiveEvents(
    (event) => {
      tell({ event, runId });
      // Somebody is looking at it while its time is up.
      if (event.type === 'pruned' && event.runIds.includes(runId)) {
        if (event.gone) setGone(true);
        stale();
      }
      if (event.type === 'run' && event.run.id === runId) stale();
      // It may have been paused, or have gone on.
      if (event.type === 'department') soon();
      // What a step did outside, and what the channel says of it, is on record only.
      if (event.type === 'step' && event.runId === runId && event.step.status !== 'running') soon();
      if (event.type === 'message' && event.message.runId === runId) soon();
      // Nobody could find out what became of something: it is a person's to say now.
      if (event.type === 'alert' && event.alert.runId === runId) soon();
    },
    () => {
      tell('gap');
      void cache.invalidateQueries({ queryKey: keys.timeline(runId), predicate: mayReadOtherwise });
    },
  );
  const active = record.data !== undefined && isActive(record.data.run.status);
  const now = useNow(active || record.data?.run.status === 'waiting' ? 1_000 : 3_600_000);
  // Events may be lost while nobody notices: what works is asked for again now and then.
  useEffect(() => {
    if (!active) return undefined;
    const timer = setInterval(stale, 15_000);
    return () => clearInterval(timer);
  });
  const steps = useMemo(() => together(record.data?.steps ?? [], seen), [record.data, seen]);
  const latest = steps.reduce((last, { startedAt }) => Math.max(last, Date.parse(startedAt ?? '') || 0), 0);
  const { status, finishedAt } = record.data?.run ?? {};
  const over = status !== undefined && isFinal(status);
  // Time stands still for a run that has ended, whatever it was at.
  const moment = over && finishedAt ? Math.max(Date.parse(finishedAt), latest) : Math.max(now, latest);
  const rows = useMemo(
    () => rowsOf({ steps, pauses: record.data?.pauses ?? [], ledger: record.data?.ledger ?? [], now: moment, over }),
    [steps, record.data, moment, over],
  );
  const lit = useMemo(() => (record.data ? litOf(record.data, steps, seen) : null), [record.data, steps, seen]);
  return { record: record.data ?? null, error: record.error, gone, rows, writing: seen.writing, live: seen.steps, lit };
}

/** Of two reports about one try, the one with an outcome is the later. */
function together(recorded: readonly StepBrief[], { steps }: Seen): StepBrief[] {
  const all = new Map<string, StepBrief>(recorded.map((step) => [keyOf(step), step]));
  for (const [key, step] of steps) {
    const known = all.get(key);
    if (!known || known.status === 'waiting') all.set(key, step);
  }
  return [...all.values()].toSorted((a, b) => (a.startedAt ?? '').localeCompare(b.startedAt ?? ''));
}

/** The run as the drawing of its version lights it up. Payloads are no part of it. */
function litOf({ run }: RunTimeline, steps: readonly StepBrief[], { writing }: Seen): LiveRun {
  // What a run that has ended was waiting for it waits for no more.
  const over = isFinal(run.status);
  const still = over ? steps.filter((step) => step.status !== 'waiting' && step.status !== 'running') : steps;
  const views = still.map((step): StepView => ({ input: null, output: null, ...step }) as StepView);
  return { ...withSteps(startedRun(run.id, run.status), views), writing };
}
