import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { Locale, Text } from '#nodes/sdk/text.js';
import { checkConfig } from './configIssues.js';
import { problemCodes, type ProblemCodeName } from './problemCodes.js';
import { fill, schemaTypeName } from './report.js';

/** What is wrong with a value, where, in a sentence. */
export interface ValueIssue {
  readonly path: readonly string[];
  readonly message: string;
}

/** Most that are told of one value. */
const MOST = 50;
const itself: Text = { 'pt-BR': 'O valor', en: 'The value' };
const isCode = (code: string): code is ProblemCodeName => Object.hasOwn(problemCodes, code);

/** Holds a value that a person wrote against the JSON Schema of the port it is to leave by. Texts with expressions are taken as they are. */
export function checkValue(schema: JsonObject, value: Json, locale: Locale): readonly ValueIssue[] {
  return checkConfig(schema, value)
    .issues.slice(0, MOST)
    .flatMap(({ code, path, params }) => {
      const name = `config.${code}`;
      if (!isCode(name)) return [];
      const { expected } = params;
      const field = path.join('.') || itself[locale];
      const known = { field, ...params, ...(expected !== undefined && { expected: schemaTypeName(expected) }) };
      return [{ path, message: fill(problemCodes[name].text[locale], known, locale) }];
    });
}
