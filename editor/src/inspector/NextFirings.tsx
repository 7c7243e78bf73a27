import { nextTime } from '#engine/graph/nextTime.js';
import { useTexts } from '../i18n/useTexts.js';
import { useNow } from '../ui/useNow.js';
import { cronWords } from './cronWords.js';

/** When a cron line comes: in a sentence where it fits one (`said`), and the next three times by the clock of the zone; what is wrong when it never does. */
export function NextFirings({ cron, timezone, said }: { cron: string; timezone: string; said: boolean }) {
  const { t, locale } = useTexts();
  const now = useNow(60_000);
  if (!isZone(timezone)) return <p className="text-xs text-danger">{t('inPlace.schedule.noZone')}</p>;
  const times = timesOf(cron, timezone, new Date(now));
  if (times.length === 0) return <p className="text-xs text-danger">{t('inPlace.schedule.never')}</p>;
  const words = said ? cronWords(cron, locale, t) : null;
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
      {words !== null && <p className="pb-1 text-sm text-ink">{words}</p>}
      <p className="font-semibold">{t('inPlace.schedule.next', { zone: timezone.replaceAll('_', ' ') })}</p>
      <ol className="num">
        {times.map((time) => (
          <li key={time.getTime()}>{format.format(time)}</li>
        ))}
      </ol>
    </div>
  );
}

function isZone(timezone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: timezone }));
  } catch {
    return false;
  }
}

function timesOf(cron: string, timezone: string, from: Date): readonly Date[] {
  const times: Date[] = [];
  for (let at = nextTime(cron, timezone, from); at && times.length < 3; at = nextTime(cron, timezone, at))
    times.push(at);
  return times;
}
