/** A vector as pgvector reads it. */
export const vectorLiteral = (vector: readonly number[]): string =>
  `[${vector.map((value) => (Number.isFinite(value) ? value : 0)).join(',')}]`;
