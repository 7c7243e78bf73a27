import type { Features } from '../language/features.js';
import { isStopWord } from '../language/stopWords.js';
import { words } from '../language/fold.js';

/** Whether one letter too many, too few, wrong, or two swapped tell two words apart. */
export function oneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  const restA = a.slice(start);
  const restB = b.slice(start);
  if (restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1)) return true;
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
}

/** Shorter words have too many neighbours that mean something else: `pato` is no `pasto`. */
const shortest = 6;

/**
 * The question with its misspelt words as the material writes them: a word of six letters or more that neither the language tables nor the material know, one slip away
 * from a word of the material that begins with the same letter.
 */
export function respell(question: string, features: Features, vocabulary: ReadonlySet<string>): string {
  let result = question;
  for (const [, word] of features.unknown) {
    if (word.length < shortest || vocabulary.has(word) || /\d/.test(word)) continue;
    const right = [...vocabulary].find((one) => one.length >= shortest - 1 && one[0] === word[0] && oneSlip(word, one));
    if (right) result = `${result} ${right}`.replace(new RegExp(`\\b${word}\\b`, 'i'), right);
  }
  return result;
}

/** The words that a material writes, folded. */
export const vocabularyOf = (texts: readonly string[]): Set<string> =>
  new Set(texts.flatMap(words).filter((word) => word.length >= shortest - 1 && !isStopWord(word)));
