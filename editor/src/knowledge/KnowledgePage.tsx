import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { BookOpenText, CircleAlert, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { SourceView } from '../api/types.js';
import { formatAgo } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Chip } from '../ui/Chip.js';
import { EmptyState } from '../ui/EmptyState.js';
import { IconButton } from '../ui/IconButton.js';
import { LeafTrio } from '../ui/LeafTrio.js';
import { Notice } from '../ui/Notice.js';
import { Page } from '../ui/Page.js';
import { RowList } from '../ui/RowList.js';
import { Sheet } from '../ui/Sheet.js';
import { SkeletonRows } from '../ui/Skeleton.js';
import { toast } from '../ui/Toast.js';
import { TeachSheet } from './TeachSheet.js';

/** How often a source that is being read is asked about again, milliseconds. */
const readingEvery = 1_500;

/** What the team has read, and a way to give it more. */
export function KnowledgePage() {
  const { t, locale } = useTexts();
  const [teaching, setTeaching] = useState(false);
  const [removing, setRemoving] = useState<SourceView | null>(null);
  const sources = useQuery({
    queryKey: keys.sources,
    queryFn: api.sources,
    // What is in the language of the page first.
    select: (page) => page.items.toSorted((a, b) => Number(b.locale === locale) - Number(a.locale === locale)),
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ status }) => status === 'reading') ? readingEvery : false,
  });
  const teach = (
    <Button
      variant={sources.data?.length === 0 ? 'you' : 'default'}
      icon={<Plus size={17} aria-hidden="true" />}
      onClick={() => setTeaching(true)}
    >
      {t('knowledge.add')}
    </Button>
  );

  return (
    <Page title={t('knowledge.title')} lead={t('knowledge.lead')}>
      {sources.isPending && <SkeletonRows rows={5} label={t('common.loading')} />}
      {sources.isError && <Notice tone="danger">{explain(sources.error, t)}</Notice>}
      {sources.data?.length === 0 && (
        <EmptyState title={t('knowledge.empty')} text={t('knowledge.emptyText')} action={teach} />
      )}
      {sources.data && sources.data.length > 0 && (
        <>
          <div className="mb-3">{teach}</div>
          <RowList label={t('knowledge.title')}>
            {sources.data.map((source) => (
              <SourceRow key={source.id} source={source} onRemove={() => setRemoving(source)} />
            ))}
          </RowList>
        </>
      )}
      <TeachSheet open={teaching} onOpenChange={setTeaching} />
      <RemoveSheet source={removing} onClose={() => setRemoving(null)} />
    </Page>
  );
}

function SourceRow({ source, onRemove }: { source: SourceView; onRemove: () => void }) {
  const { t, locale } = useTexts();
  const { title, status, passages, updatedAt, error } = source;
  const language = source.locale === locale ? '' : ` · ${t(`common.languages.${source.locale}`)}`;
  return (
    <li className="flex min-h-[62px] items-center gap-3 py-2 pr-1.5 pl-3">
      <span className="grid size-[38px] flex-none place-items-center rounded-[11px] bg-kind-data-soft text-kind-data">
        <BookOpenText size={18} aria-hidden="true" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">{title}</p>
        <p className="text-sm text-ink-2">
          {status === 'failed' ? `${error ?? t('knowledge.status.failed')}. ${t('knowledge.failedWhy')}` : null}
          {status === 'ready' &&
            `${t('knowledge.passages', { count: passages })} · ${formatAgo(locale, updatedAt)}${language}`}
          {status === 'reading' && `${t('knowledge.status.reading')}…`}
        </p>
      </div>
      {status === 'reading' && (
        <span className="text-mar-text">
          <LeafTrio />
        </span>
      )}
      {status === 'failed' && (
        <Chip tone="danger" icon={<CircleAlert size={13} aria-hidden="true" />}>
          {t('knowledge.status.failed')}
        </Chip>
      )}
      <IconButton label={t('knowledge.remove', { title })} onClick={onRemove}>
        <Trash2 size={18} />
      </IconButton>
    </li>
  );
}

function RemoveSheet({ source, onClose }: { source: SourceView | null; onClose: () => void }) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => api.removeSource(id),
    onSuccess: () => {
      toast(t('knowledge.removed'));
      onClose();
      return cache.invalidateQueries({ queryKey: keys.sources });
    },
    onError: (error) => toast(explain(error, t), { tone: 'error' }),
  });
  return (
    <Sheet
      open={source !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t('knowledge.removeTitle', { title: source?.title ?? '' })}
      description={t('knowledge.removeText')}
      actions={
        <>
          <Button className="flex-1" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            variant="dangerSolid"
            className="flex-1"
            loading={remove.isPending}
            onClick={() => source && remove.mutate(source.id)}
          >
            {t('knowledge.removeConfirm')}
          </Button>
        </>
      }
    />
  );
}
