import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { DepartmentView, RunView } from '../api/types.js';
import { formatAgo, formatDuration } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Chip } from '../ui/Chip.js';
import { Emblem } from '../ui/Emblem.js';
import { EmptyState } from '../ui/EmptyState.js';
import { Notice } from '../ui/Notice.js';
import { RowList } from '../ui/RowList.js';
import { SkeletonRows } from '../ui/Skeleton.js';
import { useNow } from '../ui/useNow.js';
import { heldUpIn } from './heldUp.js';
import { RunStatusChip } from './RunStatusChip.js';
import { countFilters, queryOf, type RunFilters } from './runFilters.js';
import { lastedMs, madeFrom } from './runFacts.js';
import { runTitle } from './runTitle.js';

/** How often it is looked at again why runs rest, milliseconds. */
const RESTING_MS = 10_000;

interface RunsListProps {
  readonly filters: RunFilters;
  readonly onClear: () => void;
  /** Only those of this one. */
  readonly departmentId?: string;
  readonly departments: readonly DepartmentView[];
  /** What to do while there is nothing. */
  readonly begin: ReactNode;
}

/** Runs that fit the filters, page by page. New ones appear and statuses change by themselves. */
export function RunsList({ filters, onClear, departmentId, departments, begin }: RunsListProps) {
  const { t } = useTexts();
  const now = useNow(30_000);
  const query = queryOf(filters, departmentId, now);
  const runs = useInfiniteQuery({
    queryKey: [...keys.runs, 'list', query],
    queryFn: ({ pageParam }) => api.runs({ ...query, limit: 30, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // When an hour comes or there is room again, no event says so.
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(({ heldUp }) => heldUp)) ? RESTING_MS : false,
    // A list does not go blank while a filter changes or a minute passes.
    placeholderData: (before) => before,
  });
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  const byId = new Map(departments.map((department) => [department.id, department]));
  const filtered = countFilters(filters) > 0;
  return (
    <>
      {runs.error && <Notice tone="danger">{explain(runs.error, t)}</Notice>}
      {runs.isPending && <SkeletonRows rows={5} label={t('common.loading')} />}
      {runs.isSuccess && items.length === 0 && (
        <EmptyState
          title={t(filtered ? 'runs.filter.none' : 'runs.empty')}
          text={t(filtered ? 'runs.filter.noneText' : 'runs.emptyText')}
          action={filtered ? <Button onClick={onClear}>{t('runs.filter.clear')}</Button> : begin}
        />
      )}
      {items.length > 0 && (
        <RowList label={t('runs.title')}>
          {items.map((run) => (
            <RunRow
              key={run.id}
              run={run}
              now={now}
              department={byId.get(run.departmentId)}
              named={departmentId === undefined}
            />
          ))}
        </RowList>
      )}
      {runs.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            {t('runs.more')}
          </Button>
        </div>
      )}
    </>
  );
}

function RunRow({
  run,
  now,
  department,
  named,
}: {
  run: RunView;
  now: number;
  department: DepartmentView | undefined;
  named: boolean;
}) {
  const texts = useTexts();
  const { t, locale } = texts;
  const held = heldUpIn(run, department?.name ?? null, texts);
  const lasted = lastedMs(run);
  const made = madeFrom(run);
  const definition = department?.published?.definition ?? department?.draft;
  const node = definition?.nodes.find(({ id }) => id === run.triggerNode);
  const facts = [
    named && department?.name,
    formatAgo(locale, run.createdAt, now),
    lasted !== null && formatDuration(locale, lasted),
    run.version === null ? t('runs.draft') : t('runs.facts.old', { version: run.version }),
    made && t(`runs.made.${made}`),
  ];
  return (
    <li>
      <Link
        to="/departments/$departmentId/runs/$runId"
        params={{ departmentId: run.departmentId, runId: run.id }}
        className="flex min-h-[58px] items-center gap-3 px-3.5 py-2 hover:bg-sunken"
      >
        {named && department && <Emblem team={department.type} size={32} />}
        <span className="min-w-0 flex-1">
          <span className="line-clamp-3 font-semibold break-words desk:line-clamp-1">
            {runTitle(run, node ? { type: node.type, title: node.title ?? '' } : null, t)}
          </span>
          {held && <span className="num block text-sm font-medium">{held.line}</span>}
          <span className="num block text-sm text-ink-2 desk:truncate">{facts.filter(Boolean).join(' · ')}</span>
        </span>
        <span className="flex flex-none flex-col items-end gap-1 desk:flex-row">
          {run.uncertainEffects > 0 && <Chip tone="you">{t('runs.uncertain')}</Chip>}
          <RunStatusChip status={run.status} yours={run.awaitsMember} />
        </span>
      </Link>
    </li>
  );
}
