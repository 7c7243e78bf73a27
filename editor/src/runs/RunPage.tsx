import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronLeft, RotateCcw, Square } from 'lucide-react';
import { useState } from 'react';
import { canCancel, canRetry } from '#engine/graph/statuses.js';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { RunWithSteps } from '../api/types.js';
import { formatAgo, formatDuration } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { useLiveRuns } from './useLiveRuns.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { useTitle } from '../ui/Page.js';
import { Skeleton } from '../ui/Skeleton.js';
import { toast } from '../ui/Toast.js';
import { useNow } from '../ui/useNow.js';
import { RunStage, type RunPart } from './RunStage.js';
import { RunStatusChip } from './RunStatusChip.js';
import { askedIn, lastedMs } from './runFacts.js';

/** One run on the drawing of the version it was pinned to. */
export function RunPage() {
  const { t } = useTexts();
  const { departmentId, runId } = useParams({ from: '/member/departments/$departmentId/runs/$runId' });
  const [part, setPart] = useState<RunPart>('steps');
  const [chosenNode, chooseNode] = useState<string | null>(null);
  const live = useLiveRuns(null, runId);
  // What the server knows of the run itself: its status, what it was asked, its version.
  const record = useQuery({ queryKey: keys.run(runId), queryFn: () => api.run(runId) });
  const department = useQuery({ queryKey: keys.department(departmentId), queryFn: () => api.department(departmentId) });
  const nodeTypes = useQuery({ queryKey: keys.nodeTypes, queryFn: api.nodeTypes, staleTime: Infinity });
  const version = record.data?.version ?? null;
  const pinned = useQuery({
    queryKey: keys.version(departmentId, version ?? 0),
    queryFn: () => api.departmentVersion(departmentId, version ?? 0),
    enabled: version !== null,
    staleTime: Infinity,
  });
  const definition = version === null ? department.data?.draft : pinned.data?.definition;
  useTitle(`${t('runs.untitled')}: ${department.data?.name ?? ''}`);
  const failure = record.error ?? department.error ?? nodeTypes.error ?? pinned.error;
  if (failure)
    return (
      <div className="p-4">
        <Notice tone="danger">{explain(failure, t)}</Notice>
      </div>
    );
  if (!record.data || !department.data || !nodeTypes.data || !definition)
    return <Skeleton className="m-4 h-[calc(100%-2rem)]" />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <RunHeader run={record.data} />
      <RunStage
        definition={definition}
        nodeTypes={nodeTypes.data.items}
        team={department.data.type}
        run={live.run}
        chosenNode={chosenNode}
        onChooseNode={chooseNode}
        part={part}
        onPart={setPart}
      />
    </div>
  );
}

function RunHeader({ run }: { run: RunWithSteps }) {
  const { t, locale } = useTexts();
  const now = useNow(30_000);
  const lasted = lastedMs(run);
  const facts = [
    [t('runs.started'), formatAgo(locale, run.createdAt, now)],
    [t('runs.took'), lasted === null ? null : formatDuration(locale, lasted)],
    [t('runs.version'), run.version === null ? t('runs.draft') : t('runs.versionValue', { version: run.version })],
  ] as const;
  return (
    <div className="flex flex-none flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-3 pt-2 pb-3 desk:px-5 desk:pt-3">
      <div className="flex min-w-0 flex-1 basis-[320px] items-center gap-1">
        <Link
          to="/departments/$departmentId/runs"
          params={{ departmentId: run.departmentId }}
          aria-label={t('runs.title')}
          className="press grid size-11 flex-none place-items-center rounded-md text-ink-2 hover:bg-sunken desk:size-9"
        >
          <ChevronLeft size={22} aria-hidden="true" />
        </Link>
        <h1 className="min-w-0 truncate text-xl">{askedIn(run) ?? t('runs.untitled')}</h1>
        <span className="ml-2">
          <RunStatusChip status={run.status} />
        </span>
      </div>
      <dl className="num flex gap-4 px-1">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt className="text-xs text-ink-2">{name}</dt>
                <dd className="font-semibold">{value}</dd>
              </div>
            ),
        )}
      </dl>
      <RunActions run={run} />
    </div>
  );
}

function RunActions({ run }: { run: RunWithSteps }) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const settings = (said: string) => ({
    onSuccess: () => {
      toast(said);
      void cache.invalidateQueries({ queryKey: keys.runs });
    },
    onError: (error: unknown) => toast(explain(error, t), { tone: 'error' as const }),
  });
  const cancel = useMutation({ mutationFn: () => api.cancelRun(run.id), ...settings(t('runs.canceled')) });
  const retry = useMutation({ mutationFn: () => api.retryRun(run.id), ...settings(t('runs.retried')) });
  return (
    <div className="flex flex-wrap items-center gap-2">
      {run.conversationId && (
        <Link
          to="/conversations/$conversationId"
          params={{ conversationId: run.conversationId }}
          className="inline-flex min-h-11 items-center px-1 font-semibold text-ink-2 underline desk:min-h-9"
        >
          {t('runs.conversation')}
        </Link>
      )}
      {canCancel(run.status) && (
        <Button
          variant="danger"
          icon={<Square size={14} aria-hidden="true" />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          {t('runs.cancel')}
        </Button>
      )}
      {canRetry(run.status) && (
        <Button
          icon={<RotateCcw size={15} aria-hidden="true" />}
          loading={retry.isPending}
          onClick={() => retry.mutate()}
        >
          {t('runs.retry')}
        </Button>
      )}
    </div>
  );
}
