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

/** Short names of one word are words like any other. */
const isTelling = (name: string): boolean => /\S\s+\S/.test(name) && name.length >= 6;

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

/**
 * Hides the names of steps and kinds of steps, which are full of words that mean something else in a request: with accents or without, with words cut
 * short, and with one letter wrong in one of the longer words. What is shown for them is how they are written.
 */
export function hideNames(text: string, names: readonly string[]): Hidden {
  const telling = [...new Set(names.map((name) => name.trim()).filter(isTelling))]
    .toSorted((a, b) => b.length - a.length)
    .map((name) => ({ name, words: wordsOf(name).map(({ said }) => said) }))
    .filter(({ words }) => words.length > 1);
  const words = wordsOf(text);
  const together = (at: number, count: number): boolean =>
    words
      .slice(at + 1, at + count)
      .every(({ from }, index) => /^[\s,'’?!-]*$/u.test(text.slice(words[at + index]?.to, from)));
  const slips = (at: number, name: readonly string[]): number => {
    if (at + name.length > words.length || !together(at, name.length)) return Infinity;
    return name.reduce((sum, meant, index) => {
      const said = words[at + index]?.said ?? '';
      return said === meant ? sum : isSlip(said, meant) ? sum + 1 : Infinity;
    }, 0);
  };
  const kept: string[] = [];
  const mark = nextMark();
  let result = '';
  let end = 0;
  for (let at = 0; at < words.length; at += 1) {
    const found =
      telling.find((each) => slips(at, each.words) === 0) ?? telling.find((each) => slips(at, each.words) === 1);
    if (!found) continue;
    const [first, last] = [words[at], words[at + found.words.length - 1]];
    if (!first || !last) continue;
    result += `${text.slice(end, first.from)}${mark}${kept.push(found.name) - 1}${mark}`;
    end = last.to + (/^[?!]/.test(text.slice(last.to)) && found.name.endsWith(text[last.to] ?? ' ') ? 1 : 0);
    at += found.words.length - 1;
  }
  return { text: result + text.slice(end), show: showing(mark, kept) };
}
