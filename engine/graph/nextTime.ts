import { Cron } from 'croner';

/** Whoever reads lines with more times than this in one hour that comes twice has none left to skip. */
const MOST_SKIPPED = 10_000;
const DAY_MS = 86_400_000;

/**
 * First time after `after` that the cron line names in that time zone; `null` when there is none, or the line is no cron line. An hour that a
 * change of the clock leaves out comes at the end of the gap, once for all that the line names in it; one that comes twice counts the first time.
 * A line that means every hour comes in each that really passes. As in Vixie's cron (cron(8), "daylight saving time").
 */
export function nextTime(cron: string, timezone: string, after: Date): Date | null {
  try {
    if (meansEveryHour(cron)) return new Cron(cron, { timezone, paused: true }).nextRun(after);
    const clock = clockOf(timezone);
    // What the clock on the wall says, as if it were UTC, where no hour is left out and none comes twice.
    const lines = new Cron(cron, { timezone: 'UTC', paused: true });
    let shown = new Date(after.getTime() + clock(after.getTime()));
    for (let skipped = 0; skipped < MOST_SKIPPED; skipped += 1) {
      const next = lines.nextRun(shown);
      if (!next) return null;
      const at = firstShowing(clock, next.getTime());
      if (at > after.getTime()) return new Date(at);
      shown = next;
    }
    return null;
  } catch {
    return null;
  }
}

const meansEveryHour = (cron: string): boolean => /^\S+ +(\*|\*\/1|0-23|0-23\/1) /.test(cron);

/** Milliseconds that a zone's clock is ahead of UTC at a moment. */
type Clock = (at: number) => number;

function clockOf(timezone: string): Clock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const shown: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) shown[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
  };
}

/** The first moment at which the clock shows this, or the end of the gap that it falls into. */
function firstShowing(clock: Clock, shown: number): number {
  const [before, behind] = [clock(shown - DAY_MS), clock(shown + DAY_MS)];
  const moments = [shown - before, shown - behind].filter((at) => at + clock(at) === shown);
  if (moments.length > 0) return Math.min(...moments);
  // The clock jumps between these two.
  let [early, late] = [shown - Math.max(before, behind), shown - Math.min(before, behind)];
  const old = clock(early);
  while (late - early > 1_000) {
    const middle = Math.floor((early + late) / 2_000) * 1_000;
    if (middle <= early) break;
    if (clock(middle) === old) early = middle;
    else late = middle;
  }
  return late;
}
