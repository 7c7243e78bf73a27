import type { TFunction } from 'i18next';
import type { Locale } from '#nodes/sdk/text.js';
import { formatList } from '../i18n/format.js';

/** The values of one part of a cron line; `every`: all of them, `step`: from the first on, so many apart. */
interface Part {
  readonly values: readonly number[];
  readonly every: boolean;
  readonly step: number | null;
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const weekdays = 'sun mon tue wed thu fri sat'.split(' ');

/** `null` for what says more than values, ranges and steps: the last day, the second Monday. */
function readPart(text: string, least: number, most: number, names: readonly string[] = []): Part | null {
  const valueOf = (word: string): number => {
    const named = names.indexOf(word.toLowerCase());
    return named >= 0 ? named + least : /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
  };
  const values = new Set<number>();
  for (const piece of text.split(',')) {
    const [range = '', stepText, ...rest] = piece.split('/');
    const step = stepText === undefined ? 1 : Number(stepText);
    const [from, to] =
      range === '*' || range === '?'
        ? [least, most]
        : range.includes('-')
          ? range.split('-').map(valueOf)
          : [valueOf(range), stepText === undefined ? valueOf(range) : most];
    if (rest.length > 0 || from === undefined || to === undefined) return null;
    if (!(Number.isInteger(step) && step > 0 && from >= least && to <= most && from <= to)) return null;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  const sorted = [...values].sort((a, b) => a - b);
  const [first = least, second] = sorted;
  const gap = second === undefined ? null : second - first;
  const even =
    gap !== null && gap > 1 && first < least + gap && sorted.every((value, at) => value === first + at * gap);
  return {
    values: sorted,
    every: sorted.length > most - least,
    // Only what comes round evenly: every 7 minutes is not said of a line that begins anew each hour.
    step: even && sorted.length > 2 && (most - least + 1) % gap === 0 ? gap : null,
  };
}

const two = (value: number): string => String(value).padStart(2, '0');
const isRange = ({ values }: Part): boolean =>
  values.length > 2 && values.every((value, at) => value === (values[0] ?? 0) + at);

/** When a cron line fires, as one says it; `null` for one that says more than these words do. */
export function cronWords(cron: string, locale: Locale, t: TFunction): string | null {
  const pieces = cron.trim().split(/\s+/);
  if (pieces.length !== 5) return null;
  const [minute, hour, day, month] = [
    readPart(pieces[0] ?? '', 0, 59),
    readPart(pieces[1] ?? '', 0, 23),
    readPart(pieces[2] ?? '', 1, 31),
    readPart(pieces[3] ?? '', 1, 12, months),
  ];
  const week = readPart((pieces[4] ?? '').replaceAll('7', '0'), 0, 6, weekdays) ?? readPart(pieces[4] ?? '', 0, 7);
  if (!minute || !hour || !day || !month || !week) return null;
  const list = (values: readonly (string | number)[]): string => formatList(locale, values.map(String));
  const named = (part: Intl.DateTimeFormatOptions, dates: readonly Date[]): string =>
    list(dates.map((date) => new Intl.DateTimeFormat(locale, { ...part, timeZone: 'UTC' }).format(date)));

  const time = timeOf(minute, hour, list, t);
  if (time === null) return null;
  const isEveryDay = day.every && week.every;
  // The first of January 2023 was a Sunday.
  const days = [...new Set(week.values.map((value) => value % 7))].map(
    (value) => new Date(Date.UTC(2023, 0, 1 + value)),
  );
  const onDays = day.every
    ? null
    : t('inPlace.schedule.words.days', { count: day.values.length, days: list(day.values) });
  const onWeekdays = week.every
    ? null
    : isRange(week)
      ? t('inPlace.schedule.words.weekRange', {
          from: named({ weekday: 'long' }, days.slice(0, 1)),
          to: named({ weekday: 'long' }, days.slice(-1)),
        })
      : t('inPlace.schedule.words.weekdays', { days: named({ weekday: 'long' }, days) });
  const when = isEveryDay
    ? t('inPlace.schedule.words.everyDay')
    : onDays && onWeekdays
      ? t('inPlace.schedule.words.either', { one: onDays, other: onWeekdays })
      : (onDays ?? onWeekdays ?? '');
  const inMonths = month.every
    ? ''
    : t('inPlace.schedule.words.months', {
        months: named(
          { month: 'long' },
          month.values.map((value) => new Date(Date.UTC(2023, value - 1, 1))),
        ),
      });
  return t('inPlace.schedule.words.sentence', { time, when: [when, inMonths].filter(Boolean).join(', ') });
}

/** `null` for hours and minutes that fit no sentence. */
function timeOf(
  minute: Part,
  hour: Part,
  list: (values: readonly (string | number)[]) => string,
  t: TFunction,
): string | null {
  const [at = 0] = minute.values;
  const during = hour.every
    ? ''
    : isRange(hour)
      ? t('inPlace.schedule.words.between', { from: two(hour.values[0] ?? 0), to: two(hour.values.at(-1) ?? 0) })
      : null;
  if (minute.values.length === 1 && hour.step !== null && hour.values[0] === 0)
    return t('inPlace.schedule.words.everyHours', { count: hour.step, minute: two(at) });
  if (!hour.every && hour.values.length * minute.values.length <= 8)
    return t('inPlace.schedule.words.at', {
      times: list(hour.values.flatMap((each) => minute.values.map((one) => `${two(each)}:${two(one)}`))),
    });
  if (during === null) return null;
  const [unit, values] = minute.every
    ? [t('inPlace.schedule.words.everyMinute'), null]
    : minute.step !== null && at === 0
      ? [t('inPlace.schedule.words.everyMinutes', { count: minute.step }), null]
      : [null, minute.values];
  return [unit ?? t('inPlace.schedule.words.pastHour', { minutes: list((values ?? []).map(two)) }), during]
    .filter(Boolean)
    .join(' ');
}
