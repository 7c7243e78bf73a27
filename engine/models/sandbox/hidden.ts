import { fold } from '../language/fold.js';
import { speltOut } from './graphTyped.js';
import { oneSlip } from './spelling.js';

interface Hidden {
  readonly text: string;
  readonly show: (text: string) => string;
}

let marks = 0;
const nextMark = (): string => String.fromCharCode(0xe000 + (marks = (marks + 1) % 1_000));
const showing =
  (mark: string, kept: readonly string[]) =>
  (part: string): string =>
    part.replace(new RegExp(`${mark}(\\d+)${mark}`, 'g'), (_, at: string) => kept[Number(at)] ?? '');

/** Puts a mark in the place of each match, which no pattern cuts. */
export function hide(text: string, pattern: RegExp, around = (mark: string): string => mark): Hidden {
  const kept: string[] = [];
  const mark = nextMark();
  return {
    text: text.replace(pattern, (match: string, inside: unknown) =>
      around(`${mark}${kept.push(typeof inside === 'string' ? inside : match) - 1}${mark}`),
    ),
    show: showing(mark, kept),
  };
}

/** Short names of one word are words like any other, unless they end a sentence ("VIP?"). */
const isTelling = (name: string): boolean => (/\S\s+\S/.test(name) && name.length >= 6) || endOf(name) !== '';
const endOf = (name: string): string => /[.!?]+$/.exec(name)?.[0] ?? '';

interface Word {
  readonly said: string;
  readonly from: number;
  readonly to: number;
}
const wordsOf = (text: string): Word[] =>
  [...text.matchAll(/[\p{L}\p{N}_]+(?:['’](?!s(?!\p{L}))\p{L}+)*/gu)].map(({ 0: word, index }) => ({
    said: fold(speltOut(word)).replaceAll("'", ''),
    from: index,
    to: index + word.length,
  }));

/** Shorter words have too many neighbours, even with the rest of a name beside them. */
const SHORTEST_SLIP = 4;
const isSlip = (said: string, meant: string): boolean =>
  meant.length >= SHORTEST_SLIP && said[0] === meant[0] && oneSlip(said, meant);

interface KnownName {
  readonly name: string;
  readonly end: string;
  readonly words: readonly string[];
}
/** Names to be hidden, the longest first. */
export type KnownNames = readonly KnownName[];
export const knownNames = (names: readonly string[]): KnownNames =>
  [...new Set(names.map((name) => name.trim()).filter(isTelling))]
    .toSorted((a, b) => b.length - a.length)
    .map((name) => ({ name, end: endOf(name), words: wordsOf(name).map(({ said }) => said) }))
    .filter(({ end, words }) => words.length > (end === '' ? 1 : 0));

/**
 * Hides the names of steps and kinds of steps, which are full of words that mean something else in a request: with accents or without, with words cut
 * short, and with one letter wrong in one of the longer words. What is shown for them is how they are written.
 */
export function hideNames(text: string, names: KnownNames): Hidden {
  const words = wordsOf(text);
  const together = (at: number, count: number): boolean =>
    words
      .slice(at + 1, at + count)
      .every(({ from }, index) => /^[\s,'’?!-]*$/u.test(text.slice(words[at + index]?.to, from)));
  const ends = (at: number, end: string): boolean => end !== '' && text.startsWith(end, words[at]?.to);
  const slips = (at: number, { words: name, end }: KnownName): number => {
    let slipped = 0;
    for (let index = 0; index < name.length; index += 1) {
      const [said, meant] = [words[at + index]?.said ?? '', name[index] ?? ''];
      if (said !== meant && !isSlip(said, meant)) return Infinity;
      if (said !== meant) slipped += 1;
    }
    return together(at, name.length) && (name.length > 1 || ends(at, end)) ? slipped : Infinity;
  };
  const kept: string[] = [];
  const mark = nextMark();
  let result = '';
  let end = 0;
  for (let at = 0; at < words.length; at += 1) {
    const found = names.find((each) => slips(at, each) === 0) ?? names.find((each) => slips(at, each) === 1);
    if (!found) continue;
    const from = words[at]?.from;
    result += `${text.slice(end, from)}${mark}${kept.push(found.name) - 1}${mark}`;
    at += found.words.length - 1;
    end = (words[at]?.to ?? 0) + (ends(at, found.end) ? found.end.length : 0);
  }
  return { text: result + text.slice(end), show: showing(mark, kept) };
}
