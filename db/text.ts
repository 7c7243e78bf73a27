/**
 * PostgreSQL keeps neither U+0000 nor lone surrogates in text and jsonb. They carry no meaning in what people write, so they are
 * taken out once, where text from outside is about to be stored.
 */
export const storableText = (text: string): string =>
  UNSTORABLE.test(text) ? text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD') : text;

const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** The same for every string of a JSON value, keys included. What has nothing of the kind in it, as nearly all, is not written anew. */
export const storableJson = <T>(value: T): T => (isStorable(value) ? value : cleaned(value));

/** The JSON text of such a value. It tells by itself: what PostgreSQL does not keep is written as `\u…` in it, as hardly anything else is. */
export function storableJsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes('\\u') ? JSON.stringify(storableJson(value)) : text;
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !UNSTORABLE.test(value);
  if (Array.isArray(value)) return value.every(isStorable);
  if (!isPlain(value)) return true;
  for (const key of Object.keys(value)) if (UNSTORABLE.test(key) || !isStorable(value[key])) return false;
  return true;
}

function cleaned<T>(value: T): T {
  if (typeof value === 'string') return storableText(value) as T;
  if (Array.isArray(value)) return value.map(cleaned) as T;
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storableText(key), cleaned(item)])) as T;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
