import type { StepBrief, StepView } from '../../api/types.js';
import { formatClock, formatDuration, formatMicros, formatNumber } from '../../i18n/format.js';
import { useTexts } from '../../i18n/useTexts.js';
import { PassagesRead } from '../PassagesRead.js';
import { StepFailure } from '../StepFailure.js';
import type { TimelineRow } from '../timeline/rows.js';

/** How each try went: when, how long, with which model, and for one that failed what happened, who must act and whether a retry helps. */
export function StepLog({ row, step }: { row: TimelineRow; step: StepView | null }) {
  const { t } = useTexts();
  return (
    <>
      <ol className="divide-y divide-line">
        {row.tries.toReversed().map((each) => (
          <Try key={each.attempt} step={each} />
        ))}
        {row.tries.length === 0 && <li className="px-3.5 py-4 text-ink-2">{t('runs.log.nothing')}</li>}
      </ol>
      {step && <PassagesRead step={step} />}
    </>
  );
}

function Try({ step }: { step: StepBrief }) {
  const { t, locale } = useTexts();
  const facts = [
    [t('simulator.step.duration'), step.durationMs === null ? null : formatDuration(locale, step.durationMs)],
    [t('simulator.step.route'), step.port],
    [t('simulator.step.provider'), step.model],
    [t('simulator.step.tokensIn'), step.model && formatNumber(locale, step.tokens.input)],
    [t('simulator.step.tokensOut'), step.model && formatNumber(locale, step.tokens.output)],
    [t('simulator.step.cost'), step.cost.micros > 0 ? formatMicros(locale, step.cost.micros) : null],
  ] as const;
  return (
    <li className="px-3.5 py-3">
      <p className="mb-1.5 flex justify-between gap-2">
        <b>{t('runs.log.try', { number: step.attempt })}</b>
        <time dateTime={step.startedAt ?? undefined} className="font-mono text-2xs text-ink-2">
          {step.startedAt && formatClock(locale, Date.parse(step.startedAt))}
        </time>
      </p>
      {step.error && (
        <div className="mb-2">
          <StepFailure error={step.error} />
        </div>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={name} className="contents">
                <dt className="text-ink-2">{name}</dt>
                <dd className="num text-right font-medium break-all">{value}</dd>
              </div>
            ),
        )}
      </dl>
    </li>
  );
}
