import type { Features } from '../language/features.js';
import type { Locale } from '#nodes/sdk/text.js';
import { fold } from '../language/fold.js';
import type { Unit } from './units.js';

const place =
  /\b(?:em|no|na|nos|nas|pra|para|pro|ao|at[eé]|to|in)\s+(?:o |a |the )?((?:\p{Lu}[\p{L}'-]*|d[aeo]s?)(?:\s+(?:\p{Lu}[\p{L}'-]*|d[aeo]s?(?=\s\p{Lu})))*)/u;

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
  const named = place.exec(question)?.[1];
  if (!named) return null;
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
