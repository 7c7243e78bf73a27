import type { Features } from '../language/features.js';
import type { Locale } from '#nodes/sdk/text.js';
import { stem } from '../language/stem.js';
import { fold, words } from '../language/fold.js';
import type { Unit } from './units.js';

const preposition =
  /\b(?:em|no|na|nos|nas|pra|para|pro|ao|at[eé]|to|in|around)\s+(?:o |a |the )?((?:[\p{L}'-]+\s*){1,5})/giu;

/** The place that a question names after a preposition, as a name is written: the words that no vocabulary knows, up to the first it does. */
function placeOf(question: string, features: Features): string | null {
  for (const [, after = ''] of question.matchAll(preposition)) {
    const name: string[] = [];
    for (const word of after.trim().split(/\s+/)) {
      const joins = name.length > 0 && /^d[aeo]s?$/i.test(word);
      if (!joins && !/^\p{Lu}/u.test(word) && !features.unknown.has(stem(fold(word)))) break;
      name.push(joins ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1));
    }
    while (/^d[aeo]s?$/.test(name.at(-1) ?? '')) name.pop();
    if (name.length) return name.join(' ');
  }
  return null;
}

/**
 * For a question about delivering to a place that the material does not name: the place, and the sentence that lists where deliveries go.
 * Null when the question is another one or there is no such list.
 */
export function notDeliveredTo(
  question: string,
  features: Features,
  units: readonly Unit[],
): { readonly place: string; readonly unit: Unit } | null {
  if (!features.concepts.has('delivery')) return null;
  const named = placeOf(question, features);
  if (!named) return null;
  const stems = words(named).map(stem);
  if (units.some(({ kind, own }) => kind !== 'sentence' && stems.every((one) => own.stems.has(one)))) return null;
  const about = units.filter(({ kind, own }) => kind === 'sentence' && own.concepts.has('delivery'));
  const unit =
    about.find(({ text }) =>
      /\b(?:outros? bairros?|outras? (?:regioes|areas|cidades)|other (?:neighbou?rhoods?|areas|cities))\b/.test(
        fold(text),
      ),
    ) ?? about.find(({ text }) => /\p{Lu}[\p{L}\s]*,\s*\p{Lu}/u.test(text));
  return unit ? { place: named, unit } : null;
}

/** `Do you deliver to Graças?` deserves a yes before the line of the price list that names Graças. Empty for every other question. */
export function confirm(question: string, features: Features, units: readonly Unit[], language: Locale): string {
  const [unit] = units;
  if (!unit || unit.kind === 'sentence' || !features.concepts.has('delivery') || features.concepts.has('fee'))
    return '';
  if (
    ![...features.unknown.keys()].some((stem) => unit.own.stems.has(stem)) ||
    /\b(?:nao|not|no)\b/.test(fold(unit.text))
  )
    return '';
  if (/\b(?:quanto|quando|que horas|how|when|what)\b/.test(fold(question))) return '';
  return language === 'en' ? 'Yes, we do. ' : 'Entregamos, sim. ';
}
