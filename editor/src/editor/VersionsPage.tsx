import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { diff } from '#engine/graph/diff.js';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { Definition, DepartmentView } from '../api/types.js';
import { formatAgo } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { DepartmentBar } from '../runs/DepartmentBar.js';
import { Button } from '../ui/Button.js';
import { Chip } from '../ui/Chip.js';
import { classes } from '../ui/classes.js';
import { EmptyState } from '../ui/EmptyState.js';
import { Notice } from '../ui/Notice.js';
import { useTitle } from '../ui/Page.js';
import { Sheet } from '../ui/Sheet.js';
import { Skeleton } from '../ui/Skeleton.js';
import { toast } from '../ui/Toast.js';
import { useNow } from '../ui/useNow.js';
import { DiffList } from './DiffList.js';
import './editor.css';

const CompareCanvas = lazy(async () => ({ default: (await import('../canvas/CompareCanvas.js')).CompareCanvas }));

/** A version by its number, or what is being worked on. */
type Which = number | 'draft';

/** Everything that was ever live: compare any two, go back to one. */
export function VersionsPage() {
  const { t } = useTexts();
  const { departmentId } = useParams({ from: '/member/departments/$departmentId/versions' });
  const department = useQuery({ queryKey: keys.department(departmentId), queryFn: () => api.department(departmentId) });
  useTitle(`${t('editor.versions.title')}: ${department.data?.name ?? ''}`);
  if (department.error)
    return (
      <div className="p-4">
        <Notice tone="danger">{explain(department.error, t)}</Notice>
      </div>
    );
  if (!department.data) return <Skeleton className="m-4 h-60" />;
  return <Versions department={department.data} />;
}

function Versions({ department }: { department: DepartmentView }) {
  const { t, locale } = useTexts();
  const now = useNow(60_000);
  const { id } = department;
  const list = useInfiniteQuery({
    queryKey: keys.versions(id),
    queryFn: ({ pageParam }) => api.versions(id, pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const versions = list.data?.pages.flatMap((page) => page.items) ?? [];
  const [shown, setShown] = useState<Which>('draft');
  const [against, setAgainst] = useState<Which | null>(null);
  // Of itself nothing can be said: the draft is held against what is live, a version against the one before it.
  const usual =
    shown === 'draft'
      ? department.published?.version
      : (versions.find(({ version }) => version < shown)?.version ?? department.published?.version);
  const base: Which | null = (against === shown ? null : against) ?? usual ?? null;
  const row = (which: Which, title: string, line: string) => (
    <li key={which}>
      <button
        type="button"
        aria-pressed={shown === which}
        className={classes('version-row', shown === which && 'on')}
        onClick={() => setShown(which)}
      >
        <span className="min-w-0 flex-1 text-left">
          <b className="block">{title}</b>
          <span className="line-clamp-2 text-xs text-ink-2">{line}</span>
        </span>
        {which === department.published?.version && <Chip tone="ok">{t('editor.versions.live')}</Chip>}
      </button>
    </li>
  );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <DepartmentBar department={department} titled />
      <div className="versions-room">
        <nav
          aria-label={t('editor.versions.title')}
          className="border-line p-3 desk:min-h-0 desk:overflow-y-auto desk:border-r"
        >
          <p className="px-2 pb-2 text-ink-2">{t('editor.versions.lead')}</p>
          <ul className="space-y-1">
            {row('draft', t('editor.versions.draft'), formatAgo(locale, department.updatedAt, now))}
            {versions.map((each) =>
              row(
                each.version,
                t('editor.versions.version', { version: each.version }),
                lineOf(
                  each,
                  (name) => t('editor.versions.by', { name }),
                  (at) => formatAgo(locale, at, now),
                ),
              ),
            )}
          </ul>
          {list.hasNextPage && (
            <Button variant="quiet" wide loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t('runs.more')}
            </Button>
          )}
          {list.data && versions.length === 0 && <EmptyState title={t('editor.versions.none')} />}
        </nav>
        {base !== null && (
          <Comparison
            key={`${shown} ${base}`}
            department={department}
            shown={shown}
            base={base}
            versions={versions.map(({ version }) => version)}
            onBase={setAgainst}
          />
        )}
      </div>
    </div>
  );
}

/** When, by whom, and what they wrote of it. */
const lineOf = (
  { createdAt, publishedBy, note }: VersionLine,
  by: (name: string) => string,
  ago: (at: string) => string,
): string => [ago(createdAt), publishedBy?.name && by(publishedBy.name), note].filter(Boolean).join(' · ');

interface VersionLine {
  readonly createdAt: string;
  readonly publishedBy: { readonly name: string | null } | null;
  readonly note: string | null;
}

function Comparison(props: {
  readonly department: DepartmentView;
  readonly shown: Which;
  readonly base: Which;
  readonly versions: readonly number[];
  readonly onBase: (base: Which) => void;
}) {
  const { department, shown, base, versions, onBase } = props;
  const { t } = useTexts();
  const nodeTypes = useQuery({ queryKey: keys.nodeTypes, queryFn: api.nodeTypes, staleTime: 'static' });
  const after = useVersion(department, shown);
  const before = useVersion(department, base);
  const types = new Map((nodeTypes.data?.items ?? []).map((type) => [type.type, type]));
  const [restoring, setRestoring] = useState(false);
  const [at, setAt] = useState<string | null>(null);
  if (!after || !before || !nodeTypes.data) return <Skeleton className="m-4 h-60" />;
  const changes = diff(before, after);
  const nameOf = (which: Which): string =>
    which === 'draft' ? t('editor.versions.draft') : t('editor.versions.version', { version: which });
  return (
    <>
      <div className="h-[46dvh] min-h-0 flex-none border-y border-line desk:h-auto desk:border-0">
        <Suspense fallback={<Skeleton className="h-full" />}>
          <CompareCanvas
            after={after}
            changes={changes}
            nodeTypes={nodeTypes.data.items}
            team={department.type}
            name={department.name}
            at={at}
          />
        </Suspense>
      </div>
      <section
        aria-label={t('editor.versions.list')}
        tabIndex={0}
        className="border-line bg-surface p-4 desk:min-h-0 desk:overflow-y-auto desk:border-l"
      >
        <div className="flex flex-wrap items-center gap-2 pb-3">
          <h2 className="text-xl">{nameOf(shown)}</h2>
          <span className="flex-1" />
          {shown !== 'draft' && (
            <Button size="sm" onClick={() => setRestoring(true)}>
              {t('editor.versions.restore')}
            </Button>
          )}
        </div>
        <label className="mb-3 block">
          <span className="mb-1 block text-xs font-semibold">{t('editor.versions.compare')}</span>
          <select
            className="field-input select"
            value={base}
            onChange={({ target }) => onBase(target.value === 'draft' ? 'draft' : Number(target.value))}
          >
            {(['draft', ...versions] as const).map((which) => (
              <option key={which} value={which}>
                {nameOf(which)}
              </option>
            ))}
          </select>
        </label>
        <DiffList diff={changes} before={before} after={after} types={types} onShow={setAt} />
      </section>
      {restoring && shown !== 'draft' && (
        <Restore department={department} version={shown} onClose={() => setRestoring(false)} />
      )}
    </>
  );
}

function useVersion(department: DepartmentView, which: Which): Definition | undefined {
  const query = useQuery({
    queryKey: keys.version(department.id, which === 'draft' ? 0 : which),
    queryFn: () => api.departmentVersion(department.id, which === 'draft' ? 0 : which),
    enabled: which !== 'draft',
    staleTime: Infinity,
  });
  return which === 'draft' ? department.draft : query.data?.definition;
}

function Restore({
  department,
  version,
  onClose,
}: {
  department: DepartmentView;
  version: number;
  onClose: () => void;
}) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const restore = useMutation({
    mutationFn: () => api.restoreVersion(department.id, version),
    onSuccess: () => {
      toast(t('editor.versions.restored', { version }));
      void cache.invalidateQueries({ queryKey: keys.departments });
      onClose();
    },
  });
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('editor.versions.restoreTitle', { version })}
      description={t('editor.versions.restoreText')}
      actions={
        <>
          <Button wide onClick={onClose}>
            {t('editor.publish.cancel')}
          </Button>
          <Button variant="you" wide loading={restore.isPending} onClick={() => restore.mutate()}>
            {t('editor.versions.restore')}
          </Button>
        </>
      }
    >
      {restore.error && <Notice tone="danger">{explain(restore.error, t)}</Notice>}
    </Sheet>
  );
}
