import { ApiError } from '../../errors.js';
import { commonPasswords, keyboardRuns } from './commonPasswords.js';

/**
 * Whether a password is among what is tried first: NIST SP 800-63B (5.1.1.2) asks that a new one be compared with commonly used values, repetitive or
 * sequential characters, and words of the context such as the name of the person. A list, not rules of composition: whoever chooses something of their
 * own is not told what to put in it.
 * @param about what anybody knows: name, e-mail, organization
 */
export function isGuessable(password: string, about: readonly string[] = []): boolean {
  const plain = plainOf(password);
  if (plain === '' || commonPasswords.has(plain) || isRepeated(plain) || isRun(plain) || isDate(plain)) return true;
  return about.flatMap(namesOf).includes(plain);
}

/** Throws `guessable_password` at the field that held it. */
export function refuseGuessable(field: string, password: string, about: readonly string[]): void {
  if (isGuessable(password, about)) throw new ApiError('guessable_password', { field });
}

/** Small letters without accents and spaces. */
const plainOf = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s/g, '');

/** The whole, and of an address what stands before the @. */
const namesOf = (text: string): string[] => [text, text.replace(/@.*$/s, '')].map(plainOf);

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
