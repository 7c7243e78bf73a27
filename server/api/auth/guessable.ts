import { ApiError } from '../../errors.js';
import { commonPasswords, commonWords, keyboardRuns } from './commonPasswords.js';

/**
 * Whether a password is among what is tried first: NIST SP 800-63B (5.1.1.2) asks that a new one be compared with commonly used values, repetitive or
 * sequential characters, and words of the context such as the name of the service or of the person. A list, not rules of composition: whoever
 * chooses a phrase of their own is not told what to put in it.
 * @param about what anybody knows: name, e-mail, organization
 */
export function isGuessable(password: string, about: readonly string[] = []): boolean {
  const plain = plainOf(password);
  if (plain === '' || commonPasswords.has(plain) || isRepeated(plain) || isRun(plain) || isDate(plain)) return true;
  // senha123, 2024brasil, Mudar@123: a word and the digits that everybody puts beside it.
  const after = Math.min(/\d*$/.exec(plain)?.[0].length ?? 0, 6);
  const bare = Array.from({ length: after + 1 }, (_, digits) => plain.slice(0, plain.length - digits));
  const words = new Set(
    [...bare, plain.replace(/^\d{1,4}|\d{1,6}$/g, '')].flatMap((word) => [word, withoutLeet(word)]),
  );
  const personal = new Set(about.flatMap(partsOf));
  return [...words].some((each) => commonWords.has(each) || personal.has(each)) || personal.has(plain);
}

/** Throws `guessable_password` at the field that held it. */
export function refuseGuessable(field: string, password: string, about: readonly string[]): void {
  if (isGuessable(password, about)) throw new ApiError('guessable_password', { field });
}

/** Small letters without accents; spaces and what joins a word to its digits do not count. */
const plainOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s@._#-]/g, '');

const leet: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', $: 's', '!': 'i' };
/** Letters for what stands in for them. An @ is an a only inside of a word, and is gone by now: p@ssword is in the list as pssword. */
const withoutLeet = (plain: string): string => plain.replace(/[013457$!]/g, (each) => leet[each] ?? each);

/** The whole, its words, and of an address what stands before the @. */
function partsOf(text: string): string[] {
  const local = text.includes('@') ? text.slice(0, text.indexOf('@')) : text;
  const parts = [text, local, ...local.split(/[^\p{L}\p{M}\d]+/u)].map(plainOf);
  return [...parts, ...parts.map((part) => part.replace(/\d{1,6}$/, ''))].filter((part) => part.length >= 3);
}

/** aaaaaaaa, 12121212, abcabcabc: as long as anybody would type. */
const isRepeated = (plain: string): boolean =>
  plain.length <= 32 && /^(.{1,4}?)\1+.{0,2}$/su.test(plain) && new Set(plain).size <= 4;

/** Along the alphabet, the digits or a keyboard, forwards or back. */
const isRun = (plain: string): boolean =>
  keyboardRuns.some((run) => run.includes(plain) || [...run].reverse().join('').includes(plain));

/** 25121990 and 19901225: a day of somebody's life. */
function isDate(plain: string): boolean {
  const [, day, month] = /^(\d\d)(\d\d)(?:19|20)\d\d$/.exec(plain) ?? /^(?:19|20)\d\d(\d\d)(\d\d)$/.exec(plain) ?? [];
  const [first, second] = [Number(day), Number(month)];
  return first >= 1 && second >= 1 && Math.min(first, second) <= 12 && Math.max(first, second) <= 31;
}
