import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ChartGantt, Map } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { Definition, DepartmentView, PublicNode, StepView } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { useTitle } from '../ui/Page.js';
import { Segmented } from '../ui/Segmented.js';
import { Sheet } from '../ui/Sheet.js';
import { Skeleton } from '../ui/Skeleton.js';
import { DepartmentBar } from './DepartmentBar.js';
import { ReplaySheet } from './fork/ReplaySheet.js';
import { RunInspector } from './inspect/RunInspector.js';
import { RunActions } from './RunActions.js';
import { RunHeader } from './RunHeader.js';
import { runTitle } from './runTitle.js';
import { factsOf as sumOf } from './timeline/facts.js';
import { Legend } from './timeline/Legend.js';
import { nodesOf } from './timeline/nodesOf.js';
import { Did } from './inspect/Did.js';
import { nodeOf, type TimelineRow } from './timeline/rows.js';
import { StepCards } from './timeline/StepCards.js';
import { Waterfall } from './timeline/Waterfall.js';
import { watchedRow } from './timeline/watchedRow.js';
import { useDesktop } from './useDesktop.js';
import { useRunTimeline } from './useRunTimeline.js';

const DepartmentCanvas = lazy(async () => ({
  default: (await import('../canvas/DepartmentCanvas.js')).DepartmentCanvas,
}));

const ForkSheet = lazy(async () => ({ default: (await import('./fork/ForkSheet.js')).ForkSheet }));

const route = '/member/departments/$departmentId/runs/$runId';

/** One run: when each of its steps worked and waited, or the drawing of its version with the way it went. */
export function RunPage() {
  const { departmentId, runId } = useParams({ from: route });
  // What has been seen of one run is no part of another.
  return <PageOfRun key={runId} departmentId={departmentId} runId={runId} />;
}

function PageOfRun({ departmentId, runId }: { departmentId: string; runId: string }) {
  const { t } = useTexts();
  const timeline = useRunTimeline(runId);
  const department = useQuery({ queryKey: keys.department(departmentId), queryFn: () => api.department(departmentId) });
  const nodeTypes = useQuery({ queryKey: keys.nodeTypes, queryFn: api.nodeTypes, staleTime: Infinity });
  const pinned = useQuery({
    queryKey: keys.runDefinition(runId),
    queryFn: () => api.runDefinition(runId),
    staleTime: Infinity,
  });
  const definition = pinned.data?.definition;
  const failure = timeline.error ?? department.error ?? nodeTypes.error ?? pinned.error;
  return (
    <div className="flex h-full min-h-0 flex-col">
      {failure ? (
        <>
          <DepartmentBar department={department.data ?? null} />
          <div className="p-4">
            <Notice tone="danger">{explain(failure, t)}</Notice>
          </div>
        </>
      ) : !timeline.record || !department.data || !nodeTypes.data || !definition ? (
        <>
          <DepartmentBar department={department.data ?? null} />
          <Skeleton className="m-4 min-h-0 flex-1" />
        </>
      ) : (
        <Run
          key={runId}
          timeline={timeline}
          department={department.data}
          nodeTypes={nodeTypes.data.items}
          definition={definition}
        />
      )}
    </div>
  );
}

interface RunProps {
  readonly timeline: ReturnType<typeof useRunTimeline>;
  readonly department: DepartmentView;
  readonly nodeTypes: readonly PublicNode[];
  readonly definition: Definition;
}

function Run({ timeline, department, nodeTypes, definition }: RunProps) {
  const { t, locale } = useTexts();
  const desktop = useDesktop();
  const search = useSearch({ from: route });
  const navigate = useNavigate({ from: '/departments/$departmentId/runs/$runId' });
  const factsOf = useMemo(() => nodesOf(definition, nodeTypes, locale), [definition, nodeTypes, locale]);
  const { record, rows, lit, live, writing } = timeline;
  const facts = useMemo(() => sumOf(rows), [rows]);
  const trigger = record && factsOf(record.run.triggerNode);
  const title = record
    ? runTitle(record.run, trigger && { type: trigger.type?.type ?? '', title: trigger.title }, t)
    : '';
  useTitle(title);
  const [replaying, setReplaying] = useState(false);
  const [forking, setForking] = useState<StepView | null>(null);
  if (!record) return null;
  const { run } = record;
  const chosen = search.step ?? (desktop ? (watchedRow(rows)?.key ?? null) : null);
  const row = rows.find(({ key }) => key === chosen) ?? null;
  const onGraph = search.view === 'graph';
  const choose = (step: string | null): void =>
    void navigate({ search: (before) => ({ ...before, step: step ?? undefined }), replace: true, resetScroll: false });
  const look = (view: 'graph' | undefined): void =>
    void navigate({ search: (before) => ({ ...before, view }), replace: true, resetScroll: false });

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
  const canvas = (
    <Suspense fallback={<Skeleton className="h-full" />}>
      <DepartmentCanvas
        definition={definition}
        nodeTypes={nodeTypes}
        team={department.type}
        run={lit}
        selected={row?.nodeId ?? null}
        onSelect={(nodeId) =>
          choose(nodeId && (rows.findLast((each) => each.nodeId === nodeId && each.kind !== 'lap')?.key ?? null))
        }
      />
    </Suspense>
  );
  // Without anything done outside there is no column for it.
  const outsideOf = rows.some(({ effects }) => effects.length > 0)
    ? (effects: TimelineRow['effects']) => <Did effects={effects} />
    : null;
  const conversation = run.conversationId && (
    <Link
      to="/conversations/$conversationId"
      params={{ conversationId: run.conversationId }}
      className="inline-flex min-h-11 items-center px-1 font-semibold text-ink-2 underline desk:min-h-9"
    >
      {t('runs.conversation')}
    </Link>
  );
  const liveVersion = department.published?.version ?? null;
  const forked = forking && factsOf(forking.nodeId);
  const sheets = (
    <>
      {replaying && <ReplaySheet run={run} liveVersion={liveVersion} onClose={() => setReplaying(false)} />}
      {forking && forked?.node && forked.type && (
        <Suspense fallback={null}>
          <ForkSheet
            run={run}
            step={forking}
            title={forked.title}
            node={forked.node}
            nodeType={forked.type}
            liveVersion={liveVersion}
            onClose={() => setForking(null)}
          />
        </Suspense>
      )}
    </>
  );
  const header = (
    <RunHeader
      run={run}
      title={title}
      facts={facts}
      liveVersion={liveVersion}
      titleOf={(path) => factsOf(nodeOf(path)).title}
    >
      {!desktop && (
        <div className="mt-3 flex flex-wrap gap-2">
          <RunActions run={run} onReplay={() => setReplaying(true)} />
          {conversation}
        </div>
      )}
    </RunHeader>
  );
  const nothingYet = <p className="px-6 py-6 text-ink-2">{t('runs.nobody')}</p>;

  if (!desktop)
    return (
      <>
        <DepartmentBar department={department} />
        <div className="min-h-0 flex-1 overflow-y-auto">
          {header}
          <div className="sticky top-0 z-(--z-sticky) bg-wall px-4 py-1.5">
            <Segmented
              label={t('runs.view.label')}
              value={onGraph ? 'graph' : 'steps'}
              onChange={(value) => look(value === 'graph' ? 'graph' : undefined)}
              options={(['steps', 'graph'] as const).map((value) => ({ value, label: t(`runs.view.${value}`) }))}
            />
          </div>
          {onGraph ? (
            <div className="h-[70dvh]">{canvas}</div>
          ) : (
            <div className="px-4 pt-3 pb-6">
              {rows.length > 0 ? (
                <StepCards
                  rows={rows}
                  factsOf={factsOf}
                  team={department.type}
                  onSelect={choose}
                  outsideOf={outsideOf}
                />
              ) : (
                nothingYet
              )}
            </div>
          )}
        </div>
        <Sheet
          open={row !== null && !forking && !replaying}
          onOpenChange={(open) => !open && choose(null)}
          title={row ? factsOf(row.nodeId).title : t('simulator.step.tabs')}
        >
          <div className="-mx-4">{inspector}</div>
        </Sheet>
        {sheets}
      </>
    );
  return (
    <>
      <DepartmentBar department={department}>
        {conversation}
        <Button
          icon={onGraph ? <ChartGantt size={15} aria-hidden="true" /> : <Map size={15} aria-hidden="true" />}
          onClick={() => look(onGraph ? undefined : 'graph')}
        >
          {onGraph
            ? t('runs.seeTimeline')
            : run.version === null
              ? t('runs.seeDraftGraph')
              : t('runs.seeGraph', { version: run.version })}
        </Button>
        <RunActions run={run} onReplay={() => setReplaying(true)} />
      </DepartmentBar>
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_minmax(300px,336px)] grid-rows-[minmax(0,1fr)]">
        <div className="flex min-h-0 flex-col">
          {header}
          <div className="flex min-h-0 flex-1 flex-col border-t border-line">
            {onGraph ? (
              canvas
            ) : rows.length > 0 ? (
              <>
                <Waterfall
                  rows={rows}
                  factsOf={factsOf}
                  team={department.type}
                  selected={row?.key ?? null}
                  onSelect={choose}
                  outsideOf={outsideOf}
                />
                <Legend rows={rows} />
              </>
            ) : (
              nothingYet
            )}
          </div>
        </div>
        <aside
          aria-label={t('simulator.step.tabs')}
          className="flex min-h-0 flex-col overflow-y-auto border-l border-line bg-surface"
        >
          {inspector ?? <p className="px-4 py-6 text-ink-2">{t('runs.nobody')}</p>}
        </aside>
      </div>
      {sheets}
    </>
  );
}
