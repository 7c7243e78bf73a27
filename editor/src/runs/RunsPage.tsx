import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { MessagesSquare } from 'lucide-react';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { RunView } from '../api/types.js';
import { formatAgo, formatDuration } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button, ButtonLink } from '../ui/Button.js';
import { EmptyState } from '../ui/EmptyState.js';
import { Notice } from '../ui/Notice.js';
import { Page } from '../ui/Page.js';
import { RowList } from '../ui/RowList.js';
import { SkeletonRows } from '../ui/Skeleton.js';
import { useNow } from '../ui/useNow.js';
import { RunStatusChip } from './RunStatusChip.js';
import { askedIn, lastedMs, writerOf } from './runFacts.js';

/** What a team has done, newest first; live events keep it true. */
export function RunsPage() {
  const { t } = useTexts();
  const { departmentId } = useParams({ from: '/member/departments/$departmentId/runs' });
  const department = useQuery({ queryKey: keys.department(departmentId), queryFn: () => api.department(departmentId) });
  const runs = useInfiniteQuery({
    queryKey: [...keys.runs, 'of', departmentId],
    queryFn: ({ pageParam }) => api.runs({ departmentId, limit: 30, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  const rehearse = (variant: 'you' | 'default') => (
    <ButtonLink
      to="/departments/$departmentId/simulator"
      params={{ departmentId }}
      variant={variant}
      icon={<MessagesSquare size={17} aria-hidden="true" />}
    >
      {t('runs.rehearse')}
    </ButtonLink>
  );
  const failure = runs.error ?? department.error;
  return (
    <Page
      title={t('runs.title')}
      lead={department.data && t('runs.lead', { team: department.data.name })}
      back="/team"
      action={items.length > 0 && rehearse('default')}
    >
      {failure && <Notice tone="danger">{explain(failure, t)}</Notice>}
      {runs.isPending && <SkeletonRows rows={5} label={t('common.loading')} />}
      {runs.isSuccess && items.length === 0 && (
        <EmptyState title={t('runs.empty')} text={t('runs.emptyText')} action={rehearse('you')} />
      )}
      {items.length > 0 && (
        <RowList label={t('runs.title')}>
          {items.map((run) => (
            <RunRow key={run.id} run={run} />
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
    </Page>
  );
}

function RunRow({ run }: { run: RunView }) {
  const { t, locale } = useTexts();
  const now = useNow(30_000);
  const lasted = lastedMs(run);
  const writer = writerOf(run);
  return (
    <li>
      <Link
        to="/departments/$departmentId/runs/$runId"
        params={{ departmentId: run.departmentId, runId: run.id }}
        className="flex min-h-[58px] items-center gap-3 px-3.5 py-2 hover:bg-sunken"
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate font-semibold">{askedIn(run) ?? t('runs.untitled')}</span>
          <span className="num block truncate text-sm text-ink-2">
            {[writer, formatAgo(locale, run.createdAt, now), lasted !== null && formatDuration(locale, lasted)]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </span>
        <RunStatusChip status={run.status} />
      </Link>
    </li>
  );
}
