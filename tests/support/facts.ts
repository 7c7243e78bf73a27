import type { Locale } from '#nodes/sdk/text.js';

const price = { 'pt-BR': /R\$ (\d+),(\d{2})/g, en: /R\$ (\d+)\.(\d{2})/g };
const clock = { 'pt-BR': /\b(\d{1,2})h(\d{2})?\b/g, en: /\b(\d{1,2})(?::(\d{2}))? ([ap])\.m\./g };

/** Prices in cents, times in minutes and all other numbers of a text, however its language writes them; each list in order of size. */
export interface Facts {
  readonly prices: readonly number[];
  readonly times: readonly number[];
  readonly numbers: readonly number[];
}

export function factsOf(text: string, locale: Locale): Facts {
  const prices: number[] = [];
  const times: number[] = [];
  const rest = text
    .replace(price[locale], (_, whole: string, cents: string) => {
      prices.push(Number(whole) * 100 + Number(cents));
      return ' ';
    })
    .replace(clock[locale], (_, hour: string, minute: string | undefined, half: unknown) => {
      times.push(hoursOf(Number(hour), half) * 60 + Number(minute ?? 0));
      return ' ';
    });
  const numbers = [...rest.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  const bySize = (list: number[]): number[] => list.toSorted((one, other) => one - other);
  return { prices: bySize(prices), times: bySize(times), numbers: bySize(numbers) };
}

/** 12 p.m. is noon. */
const hoursOf = (hour: number, half: unknown): number =>
  half === 'p' ? (hour % 12) + 12 : half === 'a' ? hour % 12 : hour;

/** The shape of a document: its headings by depth, its paragraphs and its list items, in order. */
export const outlineOf = (markdown: string): string[] =>
  markdown
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => /^(#+|-|\|)/.exec(line)?.[0] ?? 'text');
