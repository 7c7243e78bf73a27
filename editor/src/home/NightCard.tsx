import { explain } from '../api/explain.js';
import { formatDuration, formatHour, formatNumber, formatTime } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { NightWall } from '../ui/NightWall.js';
import { Notice } from '../ui/Notice.js';
import { Skeleton } from '../ui/Skeleton.js';
import { useNight } from './useOverview.js';

/** The last twelve hours: three facts and the wall. */
export function NightCard() {
  const { t, locale } = useTexts();
  const { data, error } = useNight();
  if (error) return <Notice tone="danger">{explain(error, t)}</Notice>;
  if (!data) return <Skeleton className="h-[206px] rounded-xl" />;

  const { messagesAnswered, handedOff, medianAnswerMs, halfHours } = data;
  const facts = [
    { value: formatNumber(locale, messagesAnswered), label: t('home.answered', { count: messagesAnswered }) },
    { value: formatNumber(locale, handedOff), label: t('home.called', { count: handedOff }) },
    { value: medianAnswerMs === null ? '–' : formatDuration(locale, medianAnswerMs), label: t('home.median') },
  ];
  const quiet = messagesAnswered + handedOff === 0;
  const label = quiet
    ? t('home.wallEmpty')
    : t('home.wall', { from: formatTime(locale, data.from), answered: messagesAnswered, handedOff });
  const start = Date.parse(data.from);
  const ticks = [0, 3, 6, 9, 12].map((hours) => start + hours * 3_600_000);

  return (
    <section className="night rounded-xl px-4 pt-[15px] pb-2.5 desk:px-5 desk:pt-5 desk:pb-4">
      <dl className="mb-2.5 grid grid-cols-3 gap-2">
        {facts.map(({ value, label: name }) => (
          <div key={name} className="flex flex-col-reverse justify-end">
            <dt className="label mt-px text-xs leading-[15px]">{name}</dt>
            <dd className="num font-display text-[1.75rem] leading-[1.9rem] font-semibold tracking-[-.02em]">
              {value}
            </dd>
          </div>
        ))}
      </dl>
      <NightWall halfHours={halfHours} label={label} />
      {quiet ? (
        <p className="axis mt-2 mb-1 text-xs leading-4">{t('home.wallEmpty')}</p>
      ) : (
        <div aria-hidden="true" className="axis num mt-[5px] flex justify-between text-[11px] leading-[14px]">
          {ticks.map((tick) => (
            <span key={tick}>{formatHour(locale, tick)}</span>
          ))}
        </div>
      )}
    </section>
  );
}
