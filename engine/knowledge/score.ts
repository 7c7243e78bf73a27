/**
 * What cosine similarities of a model mean: at `none` and below two texts have nothing to do with each other, at `sure` and above one answers the other.
 * Measured on questions and passages of a shop (sandbox) and as commonly seen between questions and passages (OpenAI's text-embedding-3).
 */
const scales: Readonly<Record<string, { readonly none: number; readonly sure: number }>> = {
  'sandbox-embed-1': { none: 0.05, sure: 0.45 },
};
const otherScale = { none: 0.15, sure: 0.55 };

/** How much the share of common words counts beside the meaning. */
const wordsCount = 0.6;

/** Score 0..1 from a cosine similarity (null: not known) and the share of the question's words found; comparable between models. */
export function likeness(model: string, similarity: number | null, coverage: number): number {
  const { none, sure } = scales[model] ?? otherScale;
  const meaning = similarity === null ? 0 : Math.min(1, Math.max(0, (similarity - none) / (sure - none)));
  return Math.round((1 - (1 - meaning) * (1 - wordsCount * coverage)) * 1000) / 1000;
}
