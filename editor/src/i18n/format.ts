import type { Locale } from '#nodes/sdk/text.js';

/** Formatters of one language. Building an `Intl` object is slow, so each is built once. */
const cache = new Map<string, unknown>();
function once<T>(key: string, build: () => T): T {
  if (!cache.has(key)) cache.set(key, build());
  return cache.get(key) as T;
}

export const formatNumber = (locale: Locale, value: number): string =>
  once(`n ${locale}`, () => new Intl.NumberFormat(locale)).format(value);

/** Millionths of a US dollar as money. Below a cent three digits that mean something are kept, because a step costs less than one. */
export function formatMicros(locale: Locale, micros: number): string {
  const dollars = micros / 1_000_000;
  const small = dollars !== 0 && Math.abs(dollars) < 0.01;
  const options: Intl.NumberFormatOptions = small
    ? {
        style: 'currency',
        currency: 'USD',
        maximumSignificantDigits: 2,
        minimumFractionDigits: 0,
        roundingPriority: 'auto',
      }
    : { style: 'currency', currency: 'USD' };
  return once(`m ${locale} ${small}`, () => new Intl.NumberFormat(locale, options)).format(dollars);
}

/** < 1 ms, 41 ms, 2,1 s, 17 min 32 s. */
export function formatDuration(locale: Locale, ms: number): string {
  const unit = (value: number, name: 'millisecond' | 'second' | 'minute' | 'hour', digits = 0): string =>
    once(
      `u ${locale} ${name} ${digits}`,
      () =>
        new Intl.NumberFormat(locale, {
          style: 'unit',
          unit: name,
          unitDisplay: 'short',
          maximumFractionDigits: digits,
        }),
    ).format(value);
  // What took time never took none.
  if (ms > 0 && ms < 0.5) return `< ${unit(1, 'millisecond')}`;
  if (ms < 950) return unit(Math.round(ms), 'millisecond');
  if (ms < 59_950) return unit(ms / 1_000, 'second', 1);
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600)
    return [unit(Math.floor(seconds / 60), 'minute'), seconds % 60 && unit(seconds % 60, 'second')]
      .filter(Boolean)
      .join(' ');
  return [
    unit(Math.floor(seconds / 3_600), 'hour'),
    Math.floor((seconds % 3_600) / 60) && unit(Math.floor((seconds % 3_600) / 60), 'minute'),
  ]
    .filter(Boolean)
    .join(' ');
}

const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** há 14 min; 14 min. ago; now, below a minute. */
export function formatAgo(locale: Locale, at: string | number, now = Date.now()): string {
  const format = once(`r ${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }));
  const seconds = Math.round((now - new Date(at).getTime()) / 1_000);
  for (const [unit, length] of steps)
    if (Math.abs(seconds) >= length) return format.format(-Math.trunc(seconds / length), unit).replace(/\.$/, '');
  return format.format(0, 'second');
}

/** 30 dias; 1 ano where it is whole years. */
export function formatDays(locale: Locale, days: number): string {
  const years = days % 365 === 0;
  return once(
    `p ${locale} ${years}`,
    () => new Intl.NumberFormat(locale, { style: 'unit', unit: years ? 'year' : 'day', unitDisplay: 'long' }),
  ).format(years ? days / 365 : days);
}

/** 22 de novembro de 2026 */
export const formatDate = (locale: Locale, at: string): string =>
  once(`e ${locale}`, () => new Intl.DateTimeFormat(locale, { dateStyle: 'long' })).format(new Date(at));

/** 21:52 */
export const formatTime = (locale: Locale, at: string): string =>
  once(
    `t ${locale}`,
    () => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  ).format(new Date(at));

/** 19h in Portuguese, 19:00 in English: the ticks under the wall. */
export const formatHour = (locale: Locale, at: string | number): string =>
  locale === 'pt-BR' ? `${new Date(at).getHours()}h` : `${String(new Date(at).getHours()).padStart(2, '0')}:00`;

/** domingo, 22 de novembro */
export const formatDay = (locale: Locale, at: string): string =>
  once(`d ${locale}`, () => new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })).format(
    new Date(at),
  );

/** 07:15:51,514 in Portuguese, 07:15:51.514 in English. */
export const formatClock = (locale: Locale, at: number): string =>
  once(
    `c ${locale}`,
    () =>
      new Intl.DateTimeFormat(locale, {
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        fractionalSecondDigits: 3,
        hourCycle: 'h23',
      }),
  ).format(at);

/** hoje, 06:58:11; 22 de nov., 06:58:11 */
export function formatMoment(locale: Locale, at: string, now = Date.now()): string {
  const date = new Date(at);
  const today = new Date(now);
  const days = Math.round((date.setHours(0, 0, 0, 0) - today.setHours(0, 0, 0, 0)) / 86_400_000);
  const day =
    Math.abs(days) <= 1
      ? once(`y ${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })).format(days, 'day')
      : once(`s ${locale}`, () => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })).format(date);
  const time = once(
    `k ${locale}`,
    () => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
  ).format(new Date(at));
  return `${day}, ${time}`;
}

/** 71%, of a share between 0 and 1. */
export const formatShare = (locale: Locale, share: number): string =>
  once(`% ${locale}`, () => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })).format(
    share,
  );

/** 512 kB, 1,4 MB: thousands, not 1,024s. */
export function formatBytes(locale: Locale, bytes: number): string {
  const unit = bytes < 1_000_000 ? 'kilobyte' : 'megabyte';
  const value = bytes / (unit === 'kilobyte' ? 1_000 : 1_000_000);
  return once(
    `b ${locale} ${unit}`,
    () => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }),
  ).format(value);
}

/** `a, b and c`. */
export const formatList = (locale: Locale, items: readonly string[]): string =>
  new Intl.ListFormat(locale, { type: 'conjunction' }).format(items);
