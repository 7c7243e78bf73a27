import type { Locale } from '#nodes/sdk/text.js';

const plain = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * The number that somebody wrote, as it is written where they are: `1,5` and `1.234,56` in Portuguese, `1.5` and `1,234.56` in English. Where
 * there is no doubt the other way is understood as well, since both kinds of keyboard are about. `null` for what is no number, and for one that
 * cannot be kept as it stands (beyond 2^53). Expects a text that is not empty.
 */
export function readNumber(text: string, locale: Locale): number | null {
  const written = text.replace(/[\s\u00a0\u202f]/g, '').replace('\u2212', '-');
  const [decimal, grouping] = signsOf(written, locale);
  const grouped = new RegExp(`^[+-]?[1-9]\\d{0,2}(?:\\${grouping}\\d{3})+(?:\\${decimal}\\d*)?$`).test(written);
  if (!grouped && written.includes(grouping)) return null;
  const number = written.replaceAll(grouping, '').replace(decimal, '.');
  const value = plain.test(number) ? Number(number) : NaN;
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : null;
}

/** Which sign stands before the decimals, and which between the thousands. */
function signsOf(text: string, locale: Locale): readonly [decimal: '.' | ',', grouping: '.' | ','] {
  const [comma, point] = [text.lastIndexOf(','), text.lastIndexOf('.')];
  if (comma !== -1 && point !== -1) return comma > point ? [',', '.'] : ['.', ','];
  const usual = locale === 'pt-BR' ? ([',', '.'] as const) : (['.', ','] as const);
  const [, grouping] = usual;
  // `0.5` has no thousands in any language.
  const groups = new RegExp(`^[+-]?[1-9]\\d{0,2}(?:\\${grouping}\\d{3})+$`).test(text);
  return text.includes(grouping) && !groups ? [grouping, usual[0]] : usual;
}

/** A number as it stands in a field: the decimals behind the sign of the language, nothing between the thousands. */
export const writeNumber = (value: number, locale: Locale): string =>
  locale === 'pt-BR' ? String(value).replace('.', ',') : String(value);
