import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, ExternalLink } from 'lucide-react';
import { lazy, Suspense, useEffect, useEffectEvent, useMemo, useState } from 'react';
import { Link } from '@tanstack/react-router';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { StepView } from '../api/types.js';
import { DepartmentCanvas } from '../canvas/DepartmentCanvas.js';
import { useTexts } from '../i18n/useTexts.js';
import { RunInspector } from '../runs/inspect/RunInspector.js';
import { RunStatusChip } from '../runs/RunStatusChip.js';
import { runTitle } from '../runs/runTitle.js';
import { nodesOf } from '../runs/timeline/nodesOf.js';
import { watchedRow } from '../runs/timeline/watchedRow.js';
import { useDesktop } from '../runs/useDesktop.js';
import { useRunTimeline } from '../runs/useRunTimeline.js';
import { Notice } from '../ui/Notice.js';
import { Sheet } from '../ui/Sheet.js';
import { Skeleton } from '../ui/Skeleton.js';
import { PastRunList } from './PastRunList.js';
import { useSessionOf, useUi } from './session.js';

const ForkSheet = lazy(async () => ({ default: (await import('../runs/fork/ForkSheet.js')).ForkSheet }));

/** In the place of the draft: a run on the department as it was when it began, beside the runs before and after it. */
export function PastRun() {
  const { t } = useTexts();
  const { ui, department } = useSessionOf();
  const past = useUi((state) => state.past);
  const desktop = useDesktop();
  const newest = useQuery({
    queryKey: [...keys.runs, 'newest-of', department.id, 'id'],
    queryFn: async () => (await api.runs({ departmentId: department.id, limit: 1 })).items[0]?.id ?? null,
    enabled: past === 'newest',
  });
  const runId = past === 'newest' ? (newest.data ?? null) : past;
  const close = (): void => ui.setState({ past: null });
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    if (document.querySelector('[role="dialog"]')) return;
    close();
  });
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <section aria-label={t('inPlace.past.title')} className="past-room">
      {desktop && (
        <nav aria-label={t('inPlace.past.list')} className="past-list">
          <BackToDraft onClick={close} />
          <PastRunList chosen={runId} onChoose={(id) => ui.setState({ past: id })} />
        </nav>
      )}
      {!desktop && (
        <div className="flex-none border-b border-line bg-surface px-2 py-1">
          <BackToDraft onClick={close} />
        </div>
      )}
      {runId ? (
        <PastRunStage key={runId} runId={runId} />
      ) : newest.isPending ? (
        <Skeleton className="m-4 h-60" />
      ) : (
        <p className="p-6 text-ink-2">{newest.error ? explain(newest.error, t) : t('inPlace.past.none')}</p>
      )}
    </section>
  );
}

function BackToDraft({ onClick }: { onClick: () => void }) {
  const { t } = useTexts();
  return (
    <button type="button" className="past-back press" onClick={onClick}>
      <ArrowLeft size={16} aria-hidden="true" />
      {t('inPlace.past.back')}
    </button>
  );
}

function PastRunStage({ runId }: { runId: string }) {
  const { t, locale } = useTexts();
  const { department, nodeTypes, ui } = useSessionOf();
  const desktop = useDesktop();
  const timeline = useRunTimeline(runId);
  const pinned = useQuery({
    queryKey: keys.runDefinition(runId),
    queryFn: () => api.runDefinition(runId),
    staleTime: Infinity,
  });
  const definition = pinned.data?.definition;
  const factsOf = useMemo(
    () => (definition ? nodesOf(definition, nodeTypes, locale) : null),
    [definition, nodeTypes, locale],
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const [forking, setForking] = useState<StepView | null>(null);
  const failure = timeline.error ?? pinned.error;
  const { record, rows, lit, live, writing } = timeline;
  if (failure)
    return (
      <div className="p-4">
        <Notice tone="danger">{explain(failure, t)}</Notice>
      </div>
    );
  if (!record || !definition || !factsOf) return <Skeleton className="m-4 h-60" />;
  const { run } = record;
  const key = chosen ?? (desktop ? (watchedRow(rows)?.key ?? null) : null);
  const row = rows.find((each) => each.key === key) ?? null;
  const trigger = factsOf(run.triggerNode);
  const forked = forking && factsOf(forking.nodeId);
  const inspector = row && (
    <RunInspector
      key={row.key}
      record={record}
      row={row}
      rows={rows}
      factsOf={factsOf}
      definition={definition}
      team={department.type}
      live={live}
      writing={writing}
      onFork={setForking}
      bare={!desktop}
    />
  );
  return (
    <>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="past-head" role="status">
          <RunStatusChip status={run.status} />
          <span className="min-w-0 flex-1 truncate font-semibold">
            {runTitle(run, { type: trigger.type?.type ?? '', title: trigger.title }, t)}
          </span>
          <span className="num flex-none text-ink-2">
            {pinned.data?.version
              ? t('inPlace.past.version', { version: pinned.data.version })
              : t('inPlace.past.draft')}
          </span>
          <Link
            to="/departments/$departmentId/runs/$runId"
            params={{ departmentId: department.id, runId }}
            aria-label={t('editor.run.open')}
            title={t('editor.run.open')}
            className="bar-action"
          >
            <ExternalLink size={15} aria-hidden="true" />
          </Link>
        </div>
        <div className="min-h-0 flex-1">
          <DepartmentCanvas
            definition={definition}
            nodeTypes={nodeTypes}
            team={department.type}
            run={lit}
            selected={row?.nodeId ?? null}
            onSelect={(nodeId) =>
              setChosen(nodeId && (rows.findLast((each) => each.nodeId === nodeId && each.kind !== 'lap')?.key ?? null))
            }
          />
        </div>
      </div>
      {desktop && inspector && (
        <aside aria-label={t('simulator.step.tabs')} tabIndex={0} className="editor-side overflow-y-auto">
          {inspector}
        </aside>
      )}
      {!desktop && row && (
        <Sheet open onOpenChange={(open) => !open && setChosen(null)} title={factsOf(row.nodeId).title}>
          <div className="-mx-4">{inspector}</div>
        </Sheet>
      )}
      {forking && forked?.node && forked.type && (
        <Suspense fallback={null}>
          <ForkSheet
            run={run}
            step={forking}
            title={forked.title}
            node={forked.node}
            nodeType={forked.type}
            liveVersion={department.published?.version ?? null}
            onClose={() => setForking(null)}
            onBegun={(id) => {
              setForking(null);
              ui.setState({ past: id });
            }}
          />
        </Suspense>
      )}
    </>
  );
}
