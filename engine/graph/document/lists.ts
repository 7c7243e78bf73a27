import type { Json } from '#nodes/sdk/json.js';
import { canonicalJson } from '../checksum.js';

/** How one list becomes another, from its first item to its last. */
export type ListStep =
  | { readonly kind: 'keep' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'change'; readonly value: Json }
  | { readonly kind: 'insert'; readonly value: Json };

/** Beyond this many comparisons the middle of a list is replaced as a whole. */
const MOST_COMPARISONS = 250_000;

/**
 * The steps that leave as many items in their place as possible. Items are the same when they are equal or have the same `id`, `name` or
 * `key`; where as many come as go and they are not the same ones in another order, each is taken for the changed one before it.
 */
export function planList(before: readonly Json[], after: readonly Json[]): ListStep[] {
  const [old, current] = [before.map(canonicalJson), after.map(canonicalJson)];
  const most = Math.min(old.length, current.length);
  let start = 0;
  while (start < most && old[start] === current[start]) start += 1;
  let end = 0;
  while (end < most - start && old.at(-1 - end) === current.at(-1 - end)) end += 1;
  const keep = (count: number): ListStep[] => Array.from({ length: count }, () => ({ kind: 'keep' }));
  const middle = planMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return [...keep(start), ...middle, ...keep(end)];
}

function planMiddle(before: readonly Json[], after: readonly Json[]): ListStep[] {
  const [old, current] = [before.map(identityOf), after.map(identityOf)];
  const known = new Set(old);
  if (old.length === current.length && !current.every((identity) => known.has(identity)))
    return after.map((value) => ({ kind: 'change', value }));
  const steps: ListStep[] = [];
  const remove = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) steps.push({ kind: 'remove' });
  };
  let [oldAt, at] = [0, 0];
  for (const [oldMatch, match] of commonOf(old, current)) {
    remove(oldAt, oldMatch);
    for (; at < match; at += 1) steps.push({ kind: 'insert', value: after[at] ?? null });
    steps.push({ kind: 'change', value: after[match] ?? null });
    [oldAt, at] = [oldMatch + 1, match + 1];
  }
  remove(oldAt, old.length);
  for (; at < after.length; at += 1) steps.push({ kind: 'insert', value: after[at] ?? null });
  return steps;
}

function identityOf(item: Json): string {
  if (typeof item === 'object' && item !== null && !Array.isArray(item))
    for (const key of ['id', 'name', 'key']) {
      const value = Object.hasOwn(item, key) ? (item as Record<string, Json>)[key] : undefined;
      if (typeof value === 'string' && value !== '') return `${key}:${value}`;
    }
  return `=${canonicalJson(item)}`;
}

/** Pairs of positions of a longest common subsequence. */
function commonOf(old: readonly string[], current: readonly string[]): [number, number][] {
  if (old.length * current.length > MOST_COMPARISONS) return [];
  const width = current.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1)
    for (let column = current.length - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        old[row] === current[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
  const pairs: [number, number][] = [];
  let [row, column] = [0, 0];
  while (row < old.length && column < current.length) {
    if (old[row] === current[column]) pairs.push([row++, column++]);
    else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}
