import type { Vault } from './vault.js';

/** Most different words of one run that it is found by: five of WhatsApp's longest messages hold more, but nobody looks for the rest. */
const MOST_WORDS = 128;
const MOST_LETTERS = 40;

/** Words as they are compared: without case and without accents; two letters or digits at least. Each once, in the order they come. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = new Set<string>();
  for (const [word] of plain.matchAll(/[\p{L}\p{N}]{2,}/gu)) {
    words.add(singular(word).slice(0, MOST_LETTERS));
    if (words.size === MOST_WORDS) break;
  }
  return [...words];
}

/** One coxinha is found among many: both languages make a plural with an s, and a word that merely ends so loses it on both sides. */
const singular = (word: string): string => (word.length > 3 && word.endsWith('s') ? word.slice(0, -1) : word);

/**
 * What a run is found by: the words of the message that started it and of who wrote it, each as 32 bits that only the organization's key can make.
 * Whoever has the database sees that two runs share some word, and not which.
 */
export function wordIndex(vault: Vault, input: unknown): number[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return [];
  const { text, contact } = input as { readonly text?: unknown; readonly contact?: { readonly name?: unknown } | null };
  const said = [contact?.name, text].filter((part) => typeof part === 'string').join(' ');
  return said === '' ? [] : indexOfWords(vault, wordsOf(said));
}

export const indexOfWords = (vault: Vault, words: readonly string[]): number[] => vault.shortIndexes('word', words);
