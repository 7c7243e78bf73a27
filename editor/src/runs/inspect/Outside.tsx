import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Hand, ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '../../api/api.js';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import type { EffectView } from '../../api/types.js';
import { formatClock } from '../../i18n/format.js';
import { useMayAct } from '../../app/useMayAct.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { toast } from '../../ui/Toast.js';
import '../timeline/timeline.css';
import { isConfirmed, toldOf } from './messageStatus.js';

/** What a step meant to do outside, what it did, and what was confirmed. What nobody knows is for a person to say; nothing is repeated silently. */
export function Outside({
  runId,
  effects,
  request,
  refused,
  rehearsal,
  over,
}: {
  runId: string;
  effects: readonly EffectView[];
  /** Of a step that asks another system: what it asks of whom, as its author wrote it. */
  request: string | null;
  /** Whoever was asked refused. */
  refused: boolean;
  rehearsal: boolean;
  /** The run has ended: whatever is said of it, it does nothing more. */
  over: boolean;
}) {
  const { t } = useTexts();
  if (effects.length === 0)
    return <p className="px-3.5 py-4 text-ink-2">{t(rehearsal ? 'runs.outside.rehearsed' : 'runs.outside.nothing')}</p>;
  return (
    <div className="grid gap-4 px-3.5 py-3.5">
      {!refused && effects.every(({ state }) => state === 'done') && (
        <p className="flex gap-2.5 rounded-md bg-ok-soft px-3 py-2.5">
          <ShieldCheck size={18} aria-hidden="true" className="text-ok" />
          <span>
            <b>{t('runs.outside.once')}</b> {t('runs.outside.onceWhy')}
          </span>
        </p>
      )}
      {effects.map((effect) => (
        <section key={effect.id}>
          <Entries effect={effect} request={request} refused={refused && effect.kind === 'http'} />
          {effect.state === 'uncertain' && <Decision runId={runId} effect={effect} over={over} />}
        </section>
      ))}
    </div>
  );
}

function Entries({ effect, request, refused }: { effect: EffectView; request: string | null; refused: boolean }) {
  const { t } = useTexts();
  const { state, settledBy, message } = effect;
  const status = toldOf(message?.status);
  const meant =
    effect.kind === 'message'
      ? message?.text
        ? t('runs.outside.message', { text: message.text.slice(0, 280) })
        : t('runs.outside.messageUnread')
      : effect.kind === 'http'
        ? t('runs.outside.http')
        : t('runs.outside.other', { name: effect.name });
  return (
    <ol className="ledger mx-0.5">
      <Entry title={t('runs.outside.meant')} at={effect.intendedAt}>
        {meant}
        {effect.kind === 'http' && request && <code className="block font-mono text-xs break-all">{request}</code>}
        {effect.attempts > 1 && ` · ${t('runs.outside.tries', { count: effect.attempts })}`}
      </Entry>
      {state === 'intended' && <Entry title={t('runs.outside.doing')} at={null} />}
      {state === 'done' && refused && (
        <Entry title={t('runs.outside.didNot')} at={effect.updatedAt} tone="bad">
          {t('runs.outside.refused')}
        </Entry>
      )}
      {state === 'done' && !refused && (
        <Entry title={t('runs.outside.did')} at={effect.updatedAt}>
          {settledBy && t(`runs.outside.settledBy.${settledBy}`)}
        </Entry>
      )}
      {state === 'not_done' && (
        <Entry title={t('runs.outside.didNot')} at={effect.updatedAt} tone="bad">
          {settledBy && t(`runs.outside.notDoneBy.${settledBy}`)}
        </Entry>
      )}
      {state === 'uncertain' && (
        <Entry title={t('runs.outside.unknown')} at={effect.updatedAt} tone="open">
          {!effect.needsPerson && t('runs.outside.asking')}
        </Entry>
      )}
      {state === 'done' && status !== null && (isConfirmed(status) || status === 'failed') && (
        <Entry
          title={t(status === 'failed' ? 'runs.outside.didNot' : 'runs.outside.confirmed')}
          at={null}
          {...(status === 'failed' && { tone: 'bad' as const })}
        >
          {t(`runs.outside.status.${status}`)}
          {message?.error && `: ${message.error}`}
        </Entry>
      )}
    </ol>
  );
}

function Entry({
  title,
  at,
  tone,
  children,
}: {
  title: string;
  at: string | null;
  tone?: 'open' | 'bad';
  children?: ReactNode;
}) {
  const { locale } = useTexts();
  return (
    <li className={tone}>
      <b>{title}</b>
      {at && <time dateTime={at}>{formatClock(locale, Date.parse(at))}</time>}
      {children && <p>{children}</p>}
    </li>
  );
}

/** Two choices, and the name the service knows it by, to look for it there. */
function Decision({ runId, effect, over }: { runId: string; effect: EffectView; over: boolean }) {
  const { t } = useTexts();
  const mayAct = useMayAct();
  const cache = useQueryClient();
  const settle = useMutation({
    mutationFn: (outcome: 'happened' | 'did_not_happen') => api.resolveEffect(runId, effect.id, outcome),
    onSuccess: () => toast(t(over ? 'runs.outside.over.settled' : 'runs.outside.settled')),
    onError: (error) => toast(explain(error, t), { tone: 'error' }),
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: keys.timeline(runId) });
      void cache.invalidateQueries({ queryKey: keys.runs });
    },
  });
  if (!effect.needsPerson) return null;
  const choice = (outcome: 'happened' | 'did_not_happen', name: 'happened' | 'didNotHappen') => (
    <Button
      wide
      loading={settle.isPending && settle.variables === outcome}
      disabled={settle.isPending}
      onClick={() => settle.mutate(outcome)}
    >
      {t(over ? `runs.outside.over.${name}` : `runs.outside.${name}`)}
    </Button>
  );
  return (
    <div className="mt-3 rounded-lg bg-sol-soft px-3.5 py-3">
      <p className="flex gap-2">
        <Hand size={17} aria-hidden="true" className="mt-px text-sol-text" />
        <span>{t('runs.outside.decide')}</span>
      </p>
      <p className="mt-1.5 font-mono text-2xs break-all text-ink-2">
        {t('runs.outside.key', { key: effect.idempotencyKey })}
      </p>
      <div className="mt-2.5 grid gap-2">
        {mayAct && choice('happened', 'happened')}
        {mayAct && choice('did_not_happen', 'didNotHappen')}
        {!mayAct && <p className="text-sm text-sol-text">{t('runs.lookOnly')}</p>}
      </div>
    </div>
  );
}
