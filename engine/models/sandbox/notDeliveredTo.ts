import type { Features } from '../language/features.js';
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
  const unit = units.find(
    ({ kind, text, own }) =>
      kind === 'sentence' && own.concepts.has('delivery') && /\p{Lu}[\p{L}\s]*,\s*(?:\p{Lu})/u.test(text),
  );
  return unit ? { place: named, unit } : null;
}
