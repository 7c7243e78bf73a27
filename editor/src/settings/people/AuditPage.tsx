import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import { peopleApi } from '../../api/peopleApi.js';
import type { AuditEntryView, AuditFilters } from '../../api/types.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { Notice } from '../../ui/Notice.js';
import { Page } from '../../ui/Page.js';
import { Row, RowList } from '../../ui/RowList.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { toast } from '../../ui/Toast.js';
import { AuditFilterBar, everything, type AuditSearch } from './AuditFilterBar.js';
import { sentenceOf } from './auditSentence.js';

/** What was done here, the newest first. */
export function AuditPage() {
  const { t, locale } = useTexts();
  const [search, setSearch] = useState(everything);
  const filters = filtersOf(useDeferredValue(search));
  const isNarrowed = Object.keys(filters).length > 0;
  const log = useInfiniteQuery({
    queryKey: keys.audit(filters),
    queryFn: ({ pageParam }) => peopleApi.audit(filters, pageParam),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const download = useMutation({
    mutationFn: () => peopleApi.auditCsv(filters),
    onSuccess: (csv) => save(csv, 'audit.csv'),
    onError: (error) => toast(explain(error, t), { tone: 'error' }),
  });
  const entries = log.data?.pages.flatMap(({ items }) => items) ?? [];
  const lineOf = ({ actor, at, address }: AuditEntryView): string =>
    t('people.audit.from', {
      who: actor.name || t('people.audit.system'),
      when: new Date(at).toLocaleString(locale, { dateStyle: 'short', timeStyle: 'short' }),
      address,
    });
  return (
    <Page
      title={t('people.audit.title')}
      lead={t('people.audit.lead')}
      back="/settings"
      action={
        <Button
          icon={<Download size={16} aria-hidden="true" />}
          loading={download.isPending}
          onClick={() => download.mutate()}
        >
          {t('people.audit.export')}
        </Button>
      }
    >
      <AuditFilterBar search={search} onChange={(changed) => setSearch({ ...search, ...changed })} />
      {log.isError && <Notice tone="danger">{explain(log.error, t)}</Notice>}
      {log.isPending && <Skeleton className="h-[300px]" />}
      {log.isSuccess && entries.length === 0 && !isNarrowed && <EmptyState title={t('people.audit.none')} />}
      {log.isSuccess && entries.length === 0 && isNarrowed && (
        <EmptyState
          title={t('people.audit.noneSuch')}
          text={t('people.audit.noneSuchText')}
          action={<Button onClick={() => setSearch(everything)}>{t('people.audit.clear')}</Button>}
        />
      )}
      {entries.length > 0 && (
        <RowList label={t('people.audit.title')}>
          {entries.map((entry) => (
            <Row key={entry.id} wrap title={sentenceOf(entry, t)} line={lineOf(entry)} />
          ))}
        </RowList>
      )}
      {log.hasNextPage && (
        <Button className="mt-3" wide loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {t('people.audit.more')}
        </Button>
      )}
    </Page>
  );
}

/** What is asked of the log: whole days where the reader is, the last one included. */
function filtersOf({ q, actor, action, from, to }: AuditSearch): AuditFilters {
  const words = q.trim();
  return {
    ...(words && { q: words }),
    ...(actor && { actor }),
    ...(action && { action: action as NonNullable<AuditFilters['action']> }),
    ...(from && { from: dayOf(from, 0) }),
    ...(to && { to: dayOf(to, 1) }),
  };
}

/** The first moment of a day here, or of one some days later. @param day as a date field writes it */
function dayOf(day: string, later: number): string {
  const moment = new Date(`${day}T00:00:00`);
  moment.setDate(moment.getDate() + later);
  return moment.toISOString();
}

/** Hands a text to the browser as a file. */
function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
