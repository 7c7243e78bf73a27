import * as Y from 'yjs';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import { canonicalJson } from '../checksum.js';
import { limits } from '../definition.js';
import { planList } from './lists.js';
import { writeText } from './texts.js';

const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
// Not `instanceof Y.Map` alone: elements of rich text are maps and texts by inheritance.
const isMap = (value: unknown): value is Y.Map<unknown> => value instanceof Y.Map && value.constructor === Y.Map;
const isList = (value: unknown): value is Y.Array<unknown> => value instanceof Y.Array;
const isText = (value: unknown): value is Y.Text => value instanceof Y.Text && value.constructor === Y.Text;
const isEmptyText = (value: unknown): boolean => isText(value) && value.length === 0;
export const sharedMap = (value: unknown): Y.Map<unknown> | null => (isMap(value) ? value : null);
export const sharedList = (value: unknown): Y.Array<unknown> | null => (isList(value) ? value : null);
export const sharedText = (value: unknown): Y.Text | null => (isText(value) ? value : null);

/** JSON as it is shared: objects and lists so that what is inside merges by itself, texts so that letters do. */
export function toShared(value: Json): unknown {
  if (typeof value === 'string') return value === '' ? value : new Y.Text(value);
  if (Array.isArray(value)) return Y.Array.from(value.map((item) => toShared(item) as never));
  if (typeof value !== 'object' || value === null) return value;
  return new Y.Map(Object.entries(value).flatMap(([key, part]) => (part === undefined ? [] : [[key, toShared(part)]])));
}

/**
 * What stands in a document, as JSON. `undefined` for what no definition can hold: rich text, binary, other documents, names of an
 * object's own machinery, infinity, and anything nested too deep. Other programs may have written plain JSON: that reads the same.
 */
export function readShared(value: unknown, depth = 0): Json | undefined {
  if (typeof value === 'string') return readText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'boolean' || value === null) return value;
  if (depth > limits.configDepth || typeof value !== 'object') return undefined;
  if (isText(value)) return readText(value.toString());
  if (isList(value)) return readItems(value.toArray(), depth);
  if (Array.isArray(value)) return readItems(value, depth);
  if (isMap(value)) return readEntries(value.entries(), depth);
  return Object.getPrototypeOf(value) === Object.prototype ? readEntries(Object.entries(value), depth) : undefined;
}

/** No store keeps U+0000 or halves of a character. */
const readText = (text: string): string => text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD');

const readItems = (items: readonly unknown[], depth: number): Json[] =>
  items.flatMap((item) => {
    const read = readShared(item, depth + 1);
    return read === undefined ? [] : [read];
  });

function readEntries(entries: Iterable<[string, unknown]>, depth: number): JsonObject {
  const read: Record<string, Json> = {};
  for (const [name, part] of entries) {
    const key = readText(name);
    // A shared text that was emptied letter by letter is a field that nobody filled in.
    const value = forbiddenKeys.has(key) || isEmptyText(part) ? undefined : readShared(part, depth + 1);
    if (value !== undefined) read[key] = value;
  }
  return read;
}

/** Makes an entry read as `value`, touching only what differs: what others do at the same time elsewhere in it stays. */
export function writeEntry(map: Y.Map<unknown>, key: string, value: Json | undefined): void {
  const current = map.get(key);
  if (value === undefined) {
    if (map.has(key) && !isEmptyText(current)) map.delete(key);
  } else if (value === '' ? current !== '' : !map.has(key) || !update(current, value)) map.set(key, toShared(value));
}

/** The same for a whole map: entries that `value` has not are taken out. */
export function writeMap(map: Y.Map<unknown>, value: JsonObject): void {
  for (const key of [...map.keys()]) if (!Object.hasOwn(value, key)) writeEntry(map, key, undefined);
  for (const [key, part] of Object.entries(value)) writeEntry(map, key, part);
}

/** Changes what stands there into `value`; false when it cannot be changed but has to be replaced. */
function update(current: unknown, value: Json): boolean {
  if (isText(current) && typeof value === 'string') writeText(current, value);
  else if (isList(current) && Array.isArray(value)) writeList(current, value);
  else if (isMap(current) && typeof value === 'object' && value !== null && !Array.isArray(value))
    writeMap(current, value as JsonObject);
  else return !isShared(current) && canonicalJson(readShared(current) ?? null) === canonicalJson(value);
  return true;
}

const isShared = (value: unknown): boolean => value instanceof Y.AbstractType;

/** Makes an item of a list read as `value`; at its end it is added. */
export function writeItem(list: Y.Array<unknown>, index: number, value: Json): void {
  if (index < list.length) {
    if (update(list.get(index), value)) return;
    list.delete(index);
  }
  list.insert(index, [toShared(value)]);
}

function writeList(list: Y.Array<unknown>, value: readonly Json[]): void {
  const plan = planList(
    list.toArray().map((item) => readShared(item) ?? null),
    value,
  );
  let at = 0;
  for (const step of plan) {
    if (step.kind === 'remove') list.delete(at);
    else if (step.kind === 'insert') list.insert(at++, [toShared(step.value)]);
    else {
      if (step.kind === 'change') writeItem(list, at, step.value);
      at += 1;
    }
  }
}
