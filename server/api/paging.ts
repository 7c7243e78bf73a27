import { ApiError } from '../errors.js';
import { timeAsked, type ListQuery, type Page } from './common.js';

/** Where a page begins: the sort key of the last item of the page before. `null` for the first page. */
export function readCursor<Key extends readonly (string | null)[]>(
  { cursor }: Pick<ListQuery, 'cursor'>,
  isKey: (value: unknown) => value is Key,
): Key | null {
  if (cursor === undefined) return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    // No text of ours has it, and no database takes it.
    if (isKey(key) && !key.some((part) => part?.includes('\0'))) return key;
  } catch {
    // Not one of ours, like a key of another shape.
  }
  throw new ApiError('bad_cursor');
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const isUuid = (value: unknown): value is string => typeof value === 'string' && uuid.test(value);
/** Whether it is a time as a cursor holds one: ISO 8601, UTC. */
export const isTime = (value: unknown): value is string => timeAsked.safeParse(value).success;
const isIdKey = (value: unknown): value is readonly [string] =>
  Array.isArray(value) && value.length === 1 && isUuid(value[0]);

/** The cursor of a list that is sorted by id alone. */
export const readIdCursor = (query: Pick<ListQuery, 'cursor'>): string | null =>
  readCursor(query, isIdKey)?.[0] ?? null;

/**
 * One page of `rows`, of which one more than `limit` was asked for: it says whether there is a next page.
 * `keyOf` gives a row's sort key, as text.
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  present: (row: Row) => Item,
  keyOf: (row: Row) => readonly (string | null)[],
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    items: shown.map(present),
    nextCursor: more ? Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') : null,
  };
}

const isPlace = (value: unknown): value is readonly [key: string, before: string] =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((part) => typeof part === 'string') &&
  /^\d{1,6}$/.test(String(value[1]));

/**
 * One page of a list that is at hand whole, in an order of its own. The next page begins after the last item of the one before or, if that is
 * gone by now, where it stood.
 */
export function pageOf<Item>(items: readonly Item[], query: ListQuery, keyOf: (item: Item) => string): Page<Item> {
  const place = readCursor(query, isPlace);
  const found = place ? items.findIndex((item) => keyOf(item) === place[0]) : -1;
  const begin = place ? (found >= 0 ? found + 1 : Number(place[1])) : 0;
  const rows = items.slice(begin, begin + query.limit + 1);
  return toPage(
    rows,
    query.limit,
    (item) => item,
    (item) => [keyOf(item), String(items.indexOf(item))],
  );
}
