import type { Json } from '#nodes/sdk/json.js';

/** Deepest value that may flow: beyond it serializers recurse too far. */
const MAX_DEPTH = 100;

/** Most characters of one value, its names and marks counted as eight each, and of all that the steps of one execution make. */
export const MOST_IN_VALUE = 32_000_000;
export const MOST_IN_RUN = 128_000_000;

/** How much more there may be: below zero, there was too much. */
export interface Room {
  left: number;
}

/**
 * True when JSON carries the value exactly (plain objects, arrays, finite numbers, strings, booleans, `null`) and there is room for it. Parts that a value shares
 * with itself count as often as they would be written out, and it is looked at no further than there is room.
 */
export function isJson(value: unknown, depth = 0, room: Room = { left: MOST_IN_VALUE }): value is Json {
  room.left -= typeof value === 'string' ? value.length : 8;
  if (room.left < 0) return false;
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object': {
      if (value === null) return true;
      if (depth > MAX_DEPTH) return false;
      if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1, room));
      const prototype: unknown = Object.getPrototypeOf(value);
      if ((prototype !== Object.prototype && prototype !== null) || 'toJSON' in value) return false;
      for (const key in value) if (!isJson((value as Record<string, unknown>)[key], depth + 1, room)) return false;
      return true;
    }
    default:
      return false;
  }
}

/**
 * JSON text that PostgreSQL takes as `jsonb`, which refuses U+0000 and halves of surrogate pairs though JSON allows both: they become
 * U+FFFD. `bytea` columns need none of this.
 */
export function jsonbBytes(value: Json): Buffer {
  const text = JSON.stringify(value);
  return Buffer.from(/\\u0000|\\ud[89a-f]/i.test(text) ? JSON.stringify(wellFormed(value)) : text);
}

/** Half a surrogate pair becomes U+FFFD. Node has the function since 20; the library of ES2023 does not know it. */
const whole = (text: string): string => (text as string & { toWellFormed(): string }).toWellFormed();
const wellFormedText = (text: string): string => whole(text).replaceAll('\u0000', '\ufffd');

function wellFormed(value: Json): Json {
  if (typeof value === 'string') return wellFormedText(value);
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [wellFormedText(key), wellFormed(item)]));
}

/** Most bytes of one payload in a step record (256 KB); the flow itself is not cut. */
export const MAX_RECORDED = 262_144;

export interface Recorded {
  /** What is stored, as JSON, and what is shown. */
  readonly text: string;
  readonly view: Json;
  /** The whole value, when `text` has only its beginning. */
  readonly whole: Buffer | null;
}

/** A payload as a step record keeps it; too big a one becomes `{ truncated: { bytes, preview } }`. */
export function recorded(value: Json): Recorded {
  const text = JSON.stringify(value);
  // A character takes at most 3 bytes of UTF-8, so most texts need no counting.
  if (text.length * 3 <= MAX_RECORDED || Buffer.byteLength(text) <= MAX_RECORDED) {
    return { text, view: value, whole: null };
  }
  const all = Buffer.from(text);
  const view: Json = { truncated: { bytes: all.length, preview: whole(text.slice(0, 2_000)) } };
  return { text: JSON.stringify(view), view, whole: all };
}
