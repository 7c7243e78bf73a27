import { Cron } from 'croner';
import { useTexts } from '../i18n/useTexts.js';
import { useNow } from '../ui/useNow.js';

/** When a cron line comes next, three times, in words of the time zone; what is wrong when it never does. */
export function NextFirings({ cron, timezone }: { cron: string; timezone: string }) {
  const { t, locale } = useTexts();
  const now = useNow(60_000);
  const times = timesOf(cron, timezone, new Date(now));
  if (times.length === 0) return <p className="text-xs text-danger">{t('inPlace.schedule.never')}</p>;
  const format = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: timezone,
  });
  return (
    <div className="text-xs text-ink-2" data-firings="">
      <p className="font-semibold">{t('inPlace.schedule.next', { zone: timezone.replaceAll('_', ' ') })}</p>
      <ol className="num">
        {times.map((time) => (
          <li key={time.getTime()}>{format.format(time)}</li>
        ))}
      </ol>
    </div>
  );
}

function timesOf(cron: string, timezone: string, from: Date): readonly Date[] {
  try {
    return new Cron(cron, { timezone, paused: true }).nextRuns(3, from);
  } catch {
    return [];
  }
}
