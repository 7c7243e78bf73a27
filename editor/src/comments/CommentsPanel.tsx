import { useQuery } from '@tanstack/react-query';
import { Check, RotateCcw, Trash2, X } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { keys } from '../api/keys.js';
import { peopleApi } from '../api/peopleApi.js';
import { useSession } from '../api/session.js';
import type { CommentThread } from '../api/types.js';
import { useMayAct } from '../app/useMayAct.js';
import { levelOfNode } from '../canvas/levels.js';
import { titleOf, useDefinition, useSessionOf, useUi } from '../editor/session.js';
import { show } from '../editor/uiState.js';
import { useDesktop } from '../runs/useDesktop.js';
import { formatAgo } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Face } from '../ui/Face.js';
import { classes } from '../ui/classes.js';
import { useNow } from '../ui/useNow.js';
import { CommentBox, type Person } from './CommentBox.js';
import { useResolvedThreads, useThreadOf, type useComments } from './useComments.js';

/** Threads about the department and its steps: of the selected step when one is, else all. They outlive versions. */
export function CommentsPanel({ comments }: { comments: ReturnType<typeof useComments> }) {
  const { t } = useTexts();
  const session = useSessionOf();
  const { ui, types } = session;
  const definition = useDefinition();
  const selected = useUi((state) => state.nodes);
  const nodeId = selected.length === 1 ? selected[0] : undefined;
  const node = definition.nodes.find(({ id }) => id === nodeId);
  const [resolved, setResolved] = useState(false);
  const desktop = useDesktop();
  const [texts] = useState(() => new Map<string, string>());
  const asked = useUi((state) => state.comment);
  // Opened, one writes. Whoever chooses another step then is on the canvas, where keys are commands.
  const begin = useEffectEvent(() => {
    if (desktop && asked === null) document.querySelector<HTMLElement>('[data-comment-box]')?.focus();
  });
  useEffect(() => begin(), []);
  const wanted = useThreadOf(session.department.id, asked, comments.threads, !comments.loading);
  const done = useResolvedThreads(session.department.id, node?.id, resolved);
  // Once its thread has arrived: on its side of the list, and its step on the canvas.
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (!wanted || shown.current === asked) return;
    shown.current = asked;
    setResolved(wanted.resolvedAt !== null);
    const about = definition.nodes.find(({ id }) => id === wanted.nodeId);
    if (about) show(ui, [about.id], levelOfNode(definition, types, about.id));
    requestAnimationFrame(() =>
      document.querySelector(`[data-thread="${CSS.escape(wanted.id)}"]`)?.scrollIntoView({ block: 'nearest' }),
    );
  }, [wanted, asked, definition, types, ui]);
  const members = useQuery({ queryKey: keys.members, queryFn: peopleApi.members, retry: false });
  const mayWrite = useMayAct();
  // Whom the department is not open to cannot be called to it.
  const people: readonly Person[] = (members.data?.items ?? []).filter(
    ({ departments }) => departments === null || departments.includes(session.department.id),
  );
  const listed = resolved ? done.threads : comments.threads;
  const isHere = (thread: CommentThread): boolean => !node || thread.nodeId === node.id;
  const threads = listed.filter(isHere);
  // One that is older than what is listed comes after it.
  if (
    wanted &&
    (wanted.resolvedAt !== null) === resolved &&
    isHere(wanted) &&
    !listed.some(({ id }) => id === wanted.id)
  )
    threads.push(wanted);
  const loading = resolved ? done.loading : comments.loading;
  return (
    <section aria-label={t('editor.comments.title')} className="flex h-full min-h-0 flex-col">
      <header className="flex items-center gap-2 px-3.5 pt-3.5 pb-2">
        <h2 className="min-w-0 flex-1 truncate text-lg">{t('editor.comments.title')}</h2>
        <button
          type="button"
          aria-pressed={resolved}
          className="min-h-8 px-1 text-xs text-ink-2 underline"
          onClick={() => setResolved(!resolved)}
        >
          {t(resolved ? 'editor.comments.showOpen' : 'editor.comments.showResolved')}
        </button>
        <button
          type="button"
          aria-label={t('common.close')}
          className="inspector-action press"
          onClick={() => ui.setState({ side: 'step' })}
        >
          <X size={17} aria-hidden="true" />
        </button>
      </header>
      <div className="flex-none border-b border-line px-3.5 pb-3">
        <p className="pb-1.5 text-xs text-ink-2">
          {node ? t('editor.comments.aboutStep', { step: titleOf(session, node) }) : t('editor.comments.aboutAll')}
        </p>
        {mayWrite ? (
          <CommentBox
            key={node?.id ?? ''}
            label={t('editor.comments.write')}
            submit={t('editor.comments.send')}
            people={people}
            pending={comments.begin.isPending}
            begun={{ texts, name: node?.id ?? '' }}
            onSubmit={(text, mentions) =>
              comments.begin.mutateAsync({ text, mentions, ...(node && { nodeId: node.id }) })
            }
          />
        ) : (
          <p className="text-xs text-ink-2">{t('editor.comments.readOnly')}</p>
        )}
      </div>
      <ul className="min-h-0 flex-1 divide-y divide-line overflow-y-auto" aria-busy={loading}>
        {asked !== null && wanted === null && (
          <li className="bg-sunken px-3.5 py-3 text-ink-2">{t('editor.comments.gone')}</li>
        )}
        {threads.map((thread) => {
          const about = definition.nodes.find(({ id }) => id === thread.nodeId);
          return (
            <li
              key={thread.id}
              data-thread={thread.id}
              className={classes('space-y-2.5 px-3.5 py-3', thread.id === wanted?.id && 'bg-sunken')}
            >
              {thread.nodeId && !node && (
                <button
                  type="button"
                  disabled={!about}
                  className="min-h-6 text-xs font-semibold text-ink-2 enabled:underline"
                  onClick={() => about && show(ui, [about.id], levelOfNode(definition, types, about.id))}
                >
                  {about ? titleOf(session, about) : t('editor.comments.stepGone')}
                </button>
              )}
              <Thread thread={thread} people={people} comments={comments} mayWrite={mayWrite} />
            </li>
          );
        })}
        {resolved && done.older && (
          <li className="px-3.5 py-3">
            <Button wide loading={done.fetching} onClick={done.older}>
              {t('editor.comments.older')}
            </Button>
          </li>
        )}
        {threads.length === 0 && !loading && (
          <li className="px-3.5 py-5 text-ink-2">
            {t(resolved ? 'editor.comments.noneResolved' : 'editor.comments.none')}
          </li>
        )}
      </ul>
    </section>
  );
}

interface ThreadProps {
  readonly thread: CommentThread;
  readonly people: readonly Person[];
  readonly comments: ReturnType<typeof useComments>;
  readonly mayWrite: boolean;
}

function Thread({ thread, people, comments, mayWrite }: ThreadProps) {
  const { t } = useTexts();
  const me = useSession(({ session }) => session?.user.id);
  const [answering, setAnswering] = useState(false);
  const done = thread.resolvedAt !== null;
  return (
    <>
      {[thread, ...thread.replies].map((comment) => (
        <Said
          key={comment.id}
          comment={comment}
          mine={comment.author.id === me}
          onRemove={mayWrite ? () => comments.remove.mutate(comment.id) : null}
        />
      ))}
      {mayWrite && (
        <div className="flex gap-3 text-xs font-semibold text-ink-2">
          <button
            type="button"
            className="min-h-7 underline"
            aria-expanded={answering}
            onClick={() => setAnswering(!answering)}
          >
            {t('editor.comments.answer')}
          </button>
          <button
            type="button"
            className="inline-flex min-h-7 items-center gap-1 underline"
            onClick={() => comments.change.mutate({ id: thread.id, resolved: !done })}
          >
            {done ? <RotateCcw size={13} aria-hidden="true" /> : <Check size={13} aria-hidden="true" />}
            {t(done ? 'editor.comments.reopen' : 'editor.comments.resolve')}
          </button>
        </div>
      )}
      {answering && (
        <CommentBox
          label={t('editor.comments.answer')}
          submit={t('editor.comments.answer')}
          people={people}
          pending={comments.reply.isPending}
          autoFocus
          onSubmit={(text, mentions) =>
            comments.reply.mutateAsync({ id: thread.id, text, mentions }).then(() => setAnswering(false))
          }
        />
      )}
    </>
  );
}

type Comment = Pick<CommentThread, 'id' | 'author' | 'text' | 'createdAt'>;

function Said({ comment, mine, onRemove }: { comment: Comment; mine: boolean; onRemove: (() => void) | null }) {
  const { t, locale } = useTexts();
  const now = useNow(30_000);
  const name = comment.author.name ?? t('editor.comments.someone');
  return (
    <article className="flex gap-2.5">
      <Face name={name} id={comment.author.id} you={mine} size={24} />
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2 text-xs">
          <b>{name}</b>
          <time className="text-ink-3" dateTime={comment.createdAt}>
            {formatAgo(locale, comment.createdAt, now)}
          </time>
          {mine && onRemove && (
            <button
              type="button"
              aria-label={t('editor.comments.remove')}
              title={t('editor.comments.remove')}
              className={classes('ml-auto grid size-6 place-items-center rounded-sm text-ink-3 hover:bg-sunken')}
              onClick={onRemove}
            >
              <Trash2 size={13} aria-hidden="true" />
            </button>
          )}
        </p>
        <p className="break-words whitespace-pre-wrap">{comment.text}</p>
      </div>
    </article>
  );
}
