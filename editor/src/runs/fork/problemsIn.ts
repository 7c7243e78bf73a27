import { checkValue } from '#engine/graph/checkValue.js';
import type { Json, JsonSchema } from '../../api/types.js';
import type { Mark } from './JsonEditor.js';
import { readJson } from './jsonText.js';

export interface MarkAt extends Mark {
  /** Of what is wrong inside the value; empty for the value itself. */
  readonly path: string;
}

/** What is wrong with a text that is to be a value of this schema, each where it stands. `value` is missing while it is not even JSON. */
export function problemsIn(
  text: string,
  schema: JsonSchema,
  locale: 'pt-BR' | 'en',
  notJson: string,
): { readonly value?: Json; readonly marks: readonly MarkAt[] } {
  const read = readJson(text);
  if (read.fault !== null) return { marks: [{ ...read.fault, path: '', message: notJson }] };
  const marks = checkValue(schema, read.value, locale).map(({ path, message }) => ({
    ...read.at(path),
    path: path.join('.'),
    message,
  }));
  return { value: read.value, marks };
}
