import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import { formatAgo } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { heldUpIn } from '../runs/heldUp.js';
import { RunStatusChip } from '../runs/RunStatusChip.js';
import { madeFrom } from '../runs/runFacts.js';
import { runTitle } from '../runs/runTitle.js';
import { Button } from '../ui/Button.js';
import { classes } from '../ui/classes.js';
import { Notice } from '../ui/Notice.js';
import { Skeleton } from '../ui/Skeleton.js';
import { useNow } from '../ui/useNow.js';
import { useSessionOf } from './session.js';

/** The department's runs, tests and real ones, newest first. */
export function PastRunList({ chosen, onChoose }: { chosen: string | null; onChoose: (runId: string) => void }) {
  const texts = useTexts();
  const { t, locale } = texts;
  const now = useNow(60_000);
  const { department } = useSessionOf();
  const runs = useInfiniteQuery({
    queryKey: [...keys.runs, 'of', department.id],
    queryFn: ({ pageParam }) =>
      api.runs({ departmentId: department.id, limit: 25, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  if (runs.error) return <Notice tone="danger">{explain(runs.error, t)}</Notice>;
  if (!runs.data) return <Skeleton className="m-2 h-40" />;
  const items = runs.data.pages.flatMap((page) => page.items);
  return (
    <>
      <ul className="space-y-1">
        {items.map((run) => {
          const made = madeFrom(run);
          const held = heldUpIn(run, department.name, texts);
          return (
            <li key={run.id}>
              <button
                type="button"
                aria-pressed={run.id === chosen}
                data-run={run.id}
                className={classes('version-row', run.id === chosen && 'on')}
                onClick={() => onChoose(run.id)}
              >
                <span className="min-w-0 flex-1 text-left">
                  <b className="line-clamp-2 break-words">{runTitle(run, null, t)}</b>
                  <span className="num mt-0.5 mb-1 block text-xs text-ink-2">
                    {[
                      formatAgo(locale, run.createdAt, now),
                      run.version === null ? t('runs.draft') : t('runs.facts.old', { version: run.version }),
                      run.effects === 'rehearse' && t('inPlace.past.rehearsal'),
                      made && t(`runs.made.${made}`),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                  {held && <span className="num mb-1 block text-xs font-medium">{held.line}</span>}
                  <RunStatusChip status={run.status} yours={run.awaitsMember} />
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {runs.hasNextPage && (
        <Button variant="quiet" wide loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
          {t('runs.more')}
        </Button>
      )}
    </>
  );
}
