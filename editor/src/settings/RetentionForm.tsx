import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import { peopleApi } from '../api/peopleApi.js';
import type { RetentionView } from '../api/types.js';
import { formatDate, formatDays, formatNumber } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Card } from '../ui/Card.js';
import { Notice } from '../ui/Notice.js';
import { SectionTitle } from '../ui/Page.js';
import { SelectField } from '../ui/TextField.js';
import { toast } from '../ui/Toast.js';
import { ConfirmSheet } from './ConfirmSheet.js';
import { choicesOf, isOlder, parts, type Part } from './retention.js';

/** The server counts no further. */
const MOST_KEPT = 10_000;

/** Two limits, each with what it is about, what is lost after it, and how much there is. */
export function RetentionForm({ retention, mayChange }: { retention: RetentionView; mayChange: boolean }) {
  const { t, locale } = useTexts();
  const cache = useQueryClient();
  const [days, setDays] = useState({ payloads: retention.payloadDays, runs: retention.runDays });
  const [asking, setAsking] = useState(false);
  const before = { payloads: retention.payloadDays, runs: retention.runDays };
  const shortened = parts.filter((part) => days[part] < before[part]);
  const changed = parts.some((part) => days[part] !== before[part]);
  const send = () => peopleApi.patchRetention({ payloadDays: days.payloads, runDays: days.runs });
  const saved = (kept: RetentionView): void => {
    cache.setQueryData(keys.retention, kept);
    toast(t('common.saved'));
  };
  const save = useMutation({ mutationFn: send, onSuccess: saved });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (shortened.length > 0) setAsking(true);
    else save.mutate();
  };
  // A run is there as long as what it worked on: the longer of the two moves along.
  const choose = (part: Part, value: number): void =>
    setDays((now) => ({ ...now, [part]: value, ...(part === 'payloads' && { runs: Math.max(now.runs, value) }) }));

  return (
    <>
      <form onSubmit={submit}>
        <fieldset disabled={!mayChange} className="m-0 min-w-0 border-0 p-0">
          <Limit
            part="payloads"
            days={days.payloads}
            choices={choicesOf(before.payloads)}
            count={retention.kept.payloads}
            oldest={retention.kept.oldestPayload}
            onChoose={(value) => choose('payloads', value)}
          />
          <Limit
            part="runs"
            days={days.runs}
            choices={choicesOf(before.runs, days.runs).filter((each) => each >= days.payloads)}
            count={retention.kept.runs}
            oldest={retention.kept.oldestRun}
            onChoose={(value) => choose('runs', value)}
          />
          <p className="mx-0.5 my-4 text-sm text-ink-2">{t('settings.retention.untouched')}</p>
          {save.isError && <Notice tone="danger">{explain(save.error, t)}</Notice>}
          {mayChange ? (
            <Button type="submit" variant={changed ? 'you' : 'default'} disabled={!changed} loading={save.isPending}>
              {t('common.save')}
            </Button>
          ) : (
            <p className="mx-0.5 text-sm text-ink-2">{t('settings.businessReadOnly')}</p>
          )}
        </fieldset>
      </form>
      <ConfirmSheet
        open={asking}
        onClose={() => setAsking(false)}
        title={t('settings.retention.shorten.title')}
        label={t('settings.retention.shorten.submit')}
        danger
        act={async () => saved(await send())}
      >
        {shortened.map((part) => {
          const oldest = part === 'runs' ? retention.kept.oldestRun : retention.kept.oldestPayload;
          return (
            <p key={part}>
              {t(`settings.retention.shorten.${part}`, { time: formatDays(locale, days[part]) })}{' '}
              {oldest && isOlder(oldest, days[part])
                ? t('settings.retention.shorten.goes', { day: formatDate(locale, oldest) })
                : t('settings.retention.shorten.nothingYet')}
            </p>
          );
        })}
      </ConfirmSheet>
    </>
  );
}

interface LimitProps {
  readonly part: Part;
  readonly days: number;
  readonly choices: readonly number[];
  readonly count: number;
  readonly oldest: string | null;
  readonly onChoose: (days: number) => void;
}

function Limit({ part, days, choices, count, oldest, onChoose }: LimitProps) {
  const { t, locale } = useTexts();
  const number = formatNumber(locale, count);
  const many = count >= MOST_KEPT ? t('settings.retention.over', { count: number }) : number;
  return (
    <>
      <SectionTitle>{t(`settings.retention.${part}.title`)}</SectionTitle>
      <Card>
        <p>{t(`settings.retention.${part}.what`)}</p>
        <SelectField
          label={t(`settings.retention.${part}.keep`)}
          value={String(days)}
          onChange={(value) => onChoose(Number(value))}
          options={choices.map((value) => ({ value: String(value), label: formatDays(locale, value) }))}
          help={t(`settings.retention.${part}.after`)}
        />
        <p className="num text-sm text-ink-2">
          {oldest
            ? t(`settings.retention.${part}.now`, { count, many, day: formatDate(locale, oldest) })
            : t('settings.retention.none')}
        </p>
      </Card>
    </>
  );
}
