import { words } from '../language/fold.js';
import { featuresOf } from '../language/features.js';
import { isStopWord } from '../language/stopWords.js';
import { stem } from '../language/stem.js';

export const sandboxEmbeddingModel = 'sandbox-embed-1';
export const dimensions = 1024;

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  // Spreads the high bits down: FNV's low bits are weak on short strings.
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  return (value ^ (value >>> 12)) >>> 0;
}

/**
 * A deterministic text embedding without a model: stems, pairs of stems and bilingual concepts hashed with a sign into 1024 dimensions
 * (feature hashing: Weinberger et al., 2009), weighted by the logarithm of their count, L2-normalised. Concepts weigh most, so that a question in
 * one language lands near a passage in the other. A text without words gives a fixed unit vector.
 */
export function embedText(text: string): number[] {
  const counts = new Map<string, number>();
  const add = (feature: string, weight: number): void => void counts.set(feature, (counts.get(feature) ?? 0) + weight);
  for (const block of text.split(/\n+/)) {
    for (const concept of featuresOf(block).concepts) add(`concept:${concept}`, 2);
    const stems = words(block)
      .filter((word) => !isStopWord(word))
      .map(stem);
    stems.forEach((one, index) => {
      add(one, 1);
      const next = stems[index + 1];
      if (next) add(`${one} ${next}`, 0.4);
    });
  }
  const vector = Array.from({ length: dimensions }, () => 0);
  for (const [feature, count] of counts) {
    const at = hash(feature);
    vector[at % dimensions] =
      (vector[at % dimensions] ?? 0) +
      (at >>> 31 ? 1 : -1) *
        (1 + Math.log(count)) *
        (feature.startsWith('concept:') ? 1.4 : count < 1 ? 0.4 / (1 + Math.log(count)) : 1);
  }
  const length = Math.hypot(...vector);
  if (length === 0) return vector.map((_, index) => (index === 0 ? 1 : 0));
  return vector.map((value) => value / length);
}
