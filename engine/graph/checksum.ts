import type { Definition } from './definition.js';
import { sha256 } from './sha256.js';

/**
 * SHA-256, in hex, of a definition's canonical JSON: equal for definitions that mean the same whatever the order of their keys, and
 * different for any change, positions included. The order of nodes and edges counts: nodes of equal standing run in it.
 */
export const checksum = (definition: Definition): string => sha256(canonicalJson(definition));

/** JSON with the keys of every object in code-unit order and without `undefined`. Expects JSON data. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}
