import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { Locale, Text } from '#nodes/sdk/text.js';
import { derefSchema, placeAt } from './schemaAt.js';

/**
 * What the form calls the field at a path of a config, in every language: `['buttons', '0', 'title']` is "Buttons 1 › Button text". A place without a
 * title is called by its key.
 */
export function fieldTitle(root: JsonObject, path: readonly string[]): Text {
  const parts: Text[] = [];
  let schema: JsonObject | null = root;
  for (const step of path) {
    schema = schema && placeAt(root, schema, step);
    const last = parts.at(-1);
    const title = schema && textIn(schema['title'] ?? derefSchema(root, schema)['title']);
    if (/^\d+$/.test(step) && last && !title) {
      parts[parts.length - 1] = inEach((locale) => `${last[locale]} ${Number(step) + 1}`);
    } else parts.push(title ?? inEach(() => step));
  }
  return inEach((locale) => parts.map((part) => part[locale]).join(' › '));
}

/** What the form calls a choice of the field at a path; the value itself where it has no name. */
export function choiceTitle(root: JsonObject, path: readonly string[], value: string): Text {
  let schema: JsonObject | null = root;
  let options: Json | undefined;
  const optionsIn = (of: JsonObject): Json | undefined => {
    const ui = of['ui'] ?? derefSchema(root, of)['ui'];
    return isObject(ui) ? ui['options'] : undefined;
  };
  // Of single values in a list it is the list that says what they are called.
  for (const step of path) {
    schema = schema && placeAt(root, schema, step);
    options = (schema && optionsIn(schema)) ?? (/^\d+$/.test(step) ? options : undefined);
  }
  const named = isObject(options) && Object.hasOwn(options, value) ? textIn(options[value]) : null;
  return named ?? inEach(() => value);
}

const inEach = (say: (locale: Locale) => string): Text => ({ 'pt-BR': say('pt-BR'), en: say('en') });

/** Titles of our own schemas are texts in every language; anything else is none. */
const textIn = (value: Json | undefined): Text | null => {
  if (!isObject(value)) return null;
  const { 'pt-BR': pt, en } = value;
  return typeof pt === 'string' && typeof en === 'string' ? { 'pt-BR': pt, en } : null;
};

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
