import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Clock, Hand, MessageCircle, RadioTower } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../api/api.js';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import type { Json, PauseView } from '../../api/types.js';
import { formatMoment } from '../../i18n/format.js';
import { useMayAct } from '../../app/useMayAct.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { TextField } from '../../ui/TextField.js';
import { toast } from '../../ui/Toast.js';

/** What the run waits for here; a question to the house can be answered on the spot. */
export function AnswerCard({ runId, pause }: { runId: string; pause: PauseView }) {
  const { t, locale } = useTexts();
  const title = titleOf(pause.question);
  const until = pause.wakeAt && formatMoment(locale, pause.wakeAt);
  if (pause.kind !== 'member') {
    const Icon = { time: Clock, event: RadioTower, contact: MessageCircle }[pause.kind];
    return (
      <div className="mx-3.5 mb-2 flex gap-2.5 rounded-md bg-sunken px-3 py-2.5 text-sm">
        <Icon size={17} aria-hidden="true" className="mt-px text-ink-2" />
        <div className="min-w-0">
          <p>{t(`runs.waits.${pause.kind}`)}</p>
          {title && <p className="mt-0.5 text-ink-2">“{title}”</p>}
          {until && <p className="num mt-0.5 text-ink-2">{t('runs.waits.until', { time: until })}</p>}
        </div>
      </div>
    );
  }
  return <Question runId={runId} pause={pause} title={title} until={until} />;
}

function Question({
  runId,
  pause,
  title,
  until,
}: {
  runId: string;
  pause: PauseView;
  title: string | null;
  until: string | null;
}) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const [text, setText] = useState('');
  const mayAct = useMayAct();
  const options = mayAct ? optionsOf(pause.question) : [];
  const answer = useMutation({
    mutationFn: (value: Json) => api.resumeRun(runId, { value, path: pause.path }),
    onSuccess: () => {
      toast(t('runs.waits.answered'));
      void cache.invalidateQueries({ queryKey: keys.timeline(runId) });
    },
    onError: (error) => toast(explain(error, t), { tone: 'error' }),
  });
  return (
    <form
      className="mx-3.5 mb-3 rounded-lg bg-sol-soft px-3.5 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) answer.mutate(text.trim());
      }}
    >
      <p className="flex gap-2 font-semibold">
        <Hand size={17} aria-hidden="true" className="mt-px text-sol-text" />
        <span>{title ?? t('runs.waits.member')}</span>
      </p>
      {until && <p className="num mt-0.5 text-sm text-sol-text">{t('runs.waits.until', { time: until })}</p>}
      <div className="mt-2.5 grid gap-2">
        {options.map((option, index) => (
          <Button
            key={option.value}
            wide
            variant={index === 0 ? 'you' : 'default'}
            loading={answer.isPending && answer.variables === option.value}
            disabled={answer.isPending}
            onClick={() => answer.mutate(option.value)}
          >
            {option.title}
          </Button>
        ))}
        {!mayAct && <p className="text-sm text-sol-text">{t('runs.lookOnly')}</p>}
        {mayAct && options.length === 0 && (
          <>
            <TextField
              label={t('runs.waits.yourAnswer')}
              value={text}
              maxLength={4_000}
              onChange={(event) => setText(event.target.value)}
            />
            <Button type="submit" variant="you" loading={answer.isPending} disabled={!text.trim()}>
              {t('runs.waits.send')}
            </Button>
          </>
        )}
      </div>
    </form>
  );
}

const fieldOf = (value: Json, name: string): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value[name] ?? null) : null;

function titleOf(question: Json): string | null {
  const title = fieldOf(question, 'title');
  return typeof title === 'string' && title !== '' ? title : null;
}

function optionsOf(question: Json): { value: string; title: string }[] {
  const options = fieldOf(question, 'options');
  if (!Array.isArray(options)) return [];
  return options.flatMap((option) => {
    const [value, title] = [fieldOf(option, 'value'), fieldOf(option, 'title')];
    return typeof value === 'string' ? [{ value, title: typeof title === 'string' ? title : value }] : [];
  });
}
