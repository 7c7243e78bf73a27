/** A cron line that days and an hour can say: `30 8 * * 1,3,5`. Others are written by hand. */
export interface WeeklyTime {
  readonly hour: number;
  readonly minute: number;
  /** 0 is Sunday. All seven: every day. */
  readonly days: readonly number[];
}

const everyDay = [0, 1, 2, 3, 4, 5, 6] as const;

/** The days and the hour of a cron line; `null` when it says more than that. */
export function readWeekly(cron: string): WeeklyTime | null {
  const [minute, hour, day, month, weekdays, ...rest] = cron.trim().split(/\s+/);
  if (rest.length > 0 || day !== '*' || month !== '*' || weekdays === undefined) return null;
  if (!/^\d{1,2}$/.test(minute ?? '') || !/^\d{1,2}$/.test(hour ?? '')) return null;
  const [m, h] = [Number(minute), Number(hour)];
  const days = weekdays === '*' ? everyDay : readDays(weekdays);
  return m < 60 && h < 24 && days ? { hour: h, minute: m, days } : null;
}

function readDays(text: string): number[] | null {
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const range = /^([0-7])(?:-([0-7]))?$/.exec(part);
    if (!range) return null;
    const [from, to] = [Number(range[1]), Number(range[2] ?? range[1])];
    if (from > to) return null;
    for (let day = from; day <= to; day += 1) days.add(day % 7);
  }
  return [...days].sort((a, b) => a - b);
}

export function writeWeekly({ hour, minute, days }: WeeklyTime): string {
  const sorted = [...new Set(days)].sort((a, b) => a - b);
  return `${minute} ${hour} * * ${sorted.length === 7 || sorted.length === 0 ? '*' : sorted.join(',')}`;
}
