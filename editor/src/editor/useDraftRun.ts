import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { isActive, type RunStatus } from '#engine/graph/statuses.js';
import type { Json } from '#nodes/sdk/json.js';
import { api } from '../api/api.js';
import { ApiError } from '../api/apiError.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { LiveRun } from '../canvas/liveRun.js';
import { useTexts } from '../i18n/useTexts.js';
import type { SampleValues } from '../problems/checking.js';
import { useLiveRuns } from '../runs/useLiveRuns.js';
import { toast } from '../ui/Toast.js';
import { pinnedValues, usePins } from './pins.js';
import { whenSaved } from './whenSaved.js';
import { useSessionOf, useUi } from './session.js';

export interface DraftRun {
  readonly run: LiveRun | null;
  readonly busy: boolean;
  /** What the run gives the names of expressions; the newest run of the department while none is shown. */
  readonly sample: SampleValues | null;
  /** Runs the draft; again, stops it. */
  toggle(): void;
  /** Runs the draft from this step on, with what came before it in the run that is shown. */
  from(nodeId: string): void;
  /** Runs the draft as far as this step, and no further. */
  until(nodeId: string): void;
  /** Steps that the run which is shown did not execute: a pinned result stood for each. */
  readonly pinned: readonly string[];
  /** There is a run to go on from. */
  readonly canContinue: boolean;
}

const nothing: readonly string[] = [];

/** The draft at work, in place. Nothing is done outside, and a pinned result stands for its step. */
export function useDraftRun(): DraftRun {
  const { t } = useTexts();
  const { department, ui, store, types, locale, connection } = useSessionOf();
  const cache = useQueryClient();
  const runId = useUi((state) => state.runId);
  const pins = usePins(department.id);
  const live = useLiveRuns(null, runId);
  const newest = useQuery({
    queryKey: [...keys.runs, 'newest-of', department.id],
    queryFn: async () => {
      const [latest] = (await api.runs({ departmentId: department.id, limit: 1 })).items;
      return latest ? api.run(latest.id) : null;
    },
    enabled: runId === null,
  });
  const run = runId === null ? null : live.run;
  const [begun, setBegun] = useState<string | null>(null);
  const working = run !== null && isActive(run.status as RunStatus);
  // A test that waits is still at it; what waits in the chat waits for whoever writes there.
  const busy = working || (run?.status === 'waiting' && run.runId === begun);
  // What keeps a test from beginning stands in the list of problems.
  const refused = (error: Error): void => {
    if (error instanceof ApiError && error.code === 'invalid_definition') ui.setState({ dock: 'problems' });
    toast(explain(error, t), { tone: 'error' });
  };
  const shown = (id: string): void => {
    setBegun(id);
    ui.setState({ runId: id, dock: 'console' });
    void cache.invalidateQueries({ queryKey: keys.runs });
  };
  const start = useMutation({
    mutationFn: async (until: string | undefined) => {
      await whenSaved(connection);
      const trigger = store.getSnapshot().definition.nodes.find((node) => types.get(node.type)?.kind === 'trigger');
      return api.rehearseDraft(department.id, {
        input: sampleInput(trigger?.type, locale),
        pins,
        ...(until !== undefined && { until }),
      });
    },
    onSuccess: (accepted) => shown(accepted.run.id),
    onError: refused,
  });
  const stop = useMutation({ mutationFn: () => api.cancelRun(runId ?? '') });
  const baseId = runId ?? newest.data?.id ?? null;
  const again = useMutation({
    mutationFn: async (path: string) => {
      await whenSaved(connection);
      return api.rehearseFrom(baseId ?? '', { fromStep: path, pins });
    },
    onSuccess: (accepted) => shown(accepted.run.id),
    onError: refused,
  });
  const record = runId === null ? newest.data : live.record;
  const sample = useMemo((): SampleValues | null => {
    const steps = run ? [...run.steps.values()] : (record?.steps ?? []);
    if (!record && steps.length === 0 && Object.keys(pins).length === 0) return null;
    const values: Record<string, Json> = {};
    const ports: Record<string, string> = {};
    for (const { nodeId, status, output, port } of steps) {
      if (status !== 'succeeded' || output === undefined) continue;
      values[nodeId] = output as Json;
      if (port) ports[nodeId] = port;
    }
    return {
      trigger: (record?.input ?? null) as Json,
      steps: { ...values, ...pinnedValues(pins) },
      ports,
      contact: (contactOf(record?.input as Json | undefined) ?? null) as Json,
    };
  }, [record, run, pins]);
  return useMemo(
    () => ({
      run,
      busy,
      sample,
      canContinue: baseId !== null,
      toggle: () => (busy ? stop.mutate() : start.isPending ? undefined : start.mutate(undefined)),
      from: (nodeId) => {
        if (working || start.isPending || again.isPending) return;
        const steps = run ? [...run.steps.values()] : (record?.steps ?? []);
        // Of a step that ran more than once the last time counts; what the run never got to is reached from the start.
        const ran = steps.findLast((step) => step.nodeId === nodeId && step.status !== 'skipped');
        if (ran) return again.mutate(ran.path);
        toast(t('editor.run.fromStart'));
        start.mutate(undefined);
      },
      until: (nodeId) => (working || start.isPending ? undefined : start.mutate(nodeId)),
      pinned: (runId !== null && live.record?.pinned) || nothing,
    }),
    [run, busy, working, sample, baseId, record, start, stop, again, runId, live.record, t],
  );
}

const contactOf = (input: Json | undefined): Json | undefined =>
  typeof input === 'object' && input !== null && !Array.isArray(input) ? input['contact'] : undefined;

/** What a run that is started by hand begins with: a message like a customer's where one is expected. */
function sampleInput(type: string | undefined, locale: 'pt-BR' | 'en'): Json {
  const text = locale === 'en' ? 'What time do you open tomorrow?' : 'Que horas vocês abrem amanhã?';
  if (type === 'trigger.schedule') return { at: new Date().toISOString() };
  return { text };
}
