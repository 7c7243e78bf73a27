import type { Json, JsonObject } from '#nodes/sdk/json.js';

export type Settings = readonly { readonly field: string; readonly value: string }[];

const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** A config with settings written into it, each by its path and the JSON of its value; and the fields that can be none. */
export function withSettings(
  before: JsonObject,
  settings: Settings,
): { readonly config: JsonObject; readonly refused: readonly string[] } {
  let config = before;
  const refused: string[] = [];
  for (const { field, value } of settings) {
    const path = field.replace(/^config\./, '').split('.');
    if (path.some((part) => part === '' || forbidden.has(part))) refused.push(field);
    else config = put(config, path, parse(value)) as JsonObject;
  }
  return { config, refused };
}

/** JSON, or the text itself: whoever writes a plain word means that word. */
function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function put(value: Json | undefined, path: readonly string[], leaf: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return leaf;
  if (Array.isArray(value) && /^\d{1,4}$/.test(key)) {
    const at = Math.min(Number(key), value.length);
    return [...value.slice(0, at), put(value[at], rest, leaf), ...value.slice(at + 1)];
  }
  if (value === undefined && /^\d{1,4}$/.test(key)) return [put(undefined, rest, leaf)];
  const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  return { ...object, [key]: put(object[key], rest, leaf) };
}
