import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ChartGantt, Map } from 'lucide-react';
import { useMemo, useState } from 'react';
import { api } from '../api/api.js';
import { ApiError } from '../api/apiError.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { DepartmentView, PublicNode } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button, ButtonLink } from '../ui/Button.js';
import { EmptyState } from '../ui/EmptyState.js';
import { useTitle } from '../ui/Page.js';
import { Segmented } from '../ui/Segmented.js';
import { Skeleton } from '../ui/Skeleton.js';
import { DepartmentBar } from './DepartmentBar.js';
import { ReplaySheet } from './fork/ReplaySheet.js';
import { RunActions } from './RunActions.js';
import { RunHeader } from './RunHeader.js';
import { factsOf as sumOf } from './timeline/facts.js';
import { Legend } from './timeline/Legend.js';
import { Did } from './inspect/Did.js';
import { nodeOf, wasRefused, type TimelineRow } from './timeline/rows.js';
import { isYourTurn } from './timeline/watchedRow.js';
import { StepCards } from './timeline/StepCards.js';
import { Waterfall } from './timeline/Waterfall.js';
import { useDesktop } from './useDesktop.js';
import { useOpenRun, type OpenRun } from './useOpenRun.js';
import { NO_TEAM, useRunParts } from './useRunParts.js';

const route = '/member/departments/$departmentId/runs/$runId';

/** One run: when each of its steps worked and waited, or the drawing of its version with the way it went. */
export function RunPage() {
  const { departmentId, runId } = useParams({ from: route });
  // What has been seen of one run is no part of another.
  return <PageOfRun key={runId} departmentId={departmentId} runId={runId} />;
}

function PageOfRun({ departmentId, runId }: { departmentId: string; runId: string }) {
  const { t } = useTexts();
  const { run, failure: runFailure, gone } = useOpenRun(runId);
  const department = useQuery({ queryKey: keys.department(departmentId), queryFn: () => api.department(departmentId) });
  const nodeTypes = useQuery({ queryKey: keys.nodeTypes, queryFn: api.nodeTypes, staleTime: 'static' });
  // What a department did stays when it is let go: of a run that is there it is known, and it is not.
  const dismissed = department.error instanceof ApiError && department.error.status === 404;
  const failure = runFailure ?? (dismissed ? null : department.error) ?? nodeTypes.error;
  return (
    <div className="flex h-full min-h-0 flex-col">
      {failure ? (
        <>
          <DepartmentBar department={department.data ?? null} />
          <EmptyState
            level="h1"
            title={gone ? t('runs.pruned.gone') : explain(failure, t)}
            action={
              <ButtonLink to="/departments/$departmentId/runs" params={{ departmentId }}>
                {t('runs.title')}
              </ButtonLink>
            }
          />
        </>
      ) : !run || !(department.data || dismissed) || !nodeTypes.data ? (
        <>
          <DepartmentBar department={department.data ?? null} />
          <Skeleton className="m-4 min-h-0 flex-1" />
        </>
      ) : (
        <Run open={run} department={dismissed ? null : (department.data ?? null)} nodeTypes={nodeTypes.data.items} />
      )}
    </div>
  );
}

interface RunProps {
  readonly open: OpenRun;
  /** `null` once it was let go. */
  readonly department: DepartmentView | null;
  readonly nodeTypes: readonly PublicNode[];
}

function Run({ open, department, nodeTypes }: RunProps) {
  const { t } = useTexts();
  const desktop = useDesktop();
  const search = useSearch({ from: route });
  const navigate = useNavigate({ from: '/departments/$departmentId/runs/$runId' });
  const { rows } = open;
  const { run } = open.record;
  const facts = useMemo(() => sumOf(rows), [rows]);
  const [replaying, setReplaying] = useState(false);
  const onGraph = search.view === 'graph';
  const choose = (step: string | null): void =>
    void navigate({ search: (before) => ({ ...before, step: step ?? undefined }), replace: true, resetScroll: false });
  const look = (view: 'graph' | undefined): void =>
    void navigate({ search: (before) => ({ ...before, view }), replace: true, resetScroll: false });
  const { title, factsOf, row, inspector, canvas, sheets } = useRunParts(open, {
    department,
    nodeTypes,
    chosen: search.step ?? null,
    onChoose: choose,
    covered: replaying,
  });
  useTitle(title);
  // Without anything done outside there is no column for it.
  const outsideOf = rows.some(({ effects }) => effects.length > 0)
    ? (row: TimelineRow) => <Did effects={row.effects} refused={wasRefused(row)} />
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
  const team = department?.type ?? NO_TEAM;
  const dismissed = department === null;
  const replay = replaying && <ReplaySheet run={run} department={department} onClose={() => setReplaying(false)} />;
  const actions = (
    <RunActions
      run={run}
      undone={rows.some(({ undoes }) => undoes !== null)}
      dismissed={dismissed}
      onReplay={() => setReplaying(true)}
    />
  );
  const header = (
    <RunHeader
      run={run}
      title={title}
      facts={facts}
      yours={rows.some(isYourTurn)}
      liveVersion={department?.published?.version ?? null}
      team={department?.name ?? null}
      titleOf={(path) => factsOf(nodeOf(path)).title}
    >
      {!desktop && (
        <div className="mt-3 flex flex-wrap gap-2">
          {actions}
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
                <StepCards rows={rows} factsOf={factsOf} team={team} onSelect={choose} outsideOf={outsideOf} />
              ) : (
                nothingYet
              )}
            </div>
          )}
        </div>
        {sheets}
        {replay}
      </>
    );
  return (
    <>
      <DepartmentBar department={department} crowded>
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
        {actions}
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
                  team={team}
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
      {replay}
    </>
  );
}
