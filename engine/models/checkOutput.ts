import { z } from 'zod';
import { detail, type Detail } from '#nodes/sdk/details.js';
import { misfitDetail } from '#nodes/sdk/issueDetail.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import { withoutAddedNulls } from './strictSchema.js';

const checkers = new WeakMap<JsonObject, z.ZodType>();

export type Checked =
  | { readonly output: Json; readonly problem: null }
  /** `problem` for the model that is asked again, `said` for a person. */
  | { readonly output: null; readonly problem: string; readonly said: Detail };

/** Parses the text of a structured output and checks it against its JSON Schema. Never throws. */
export function checkOutput(text: string, schema: JsonObject): Checked {
  let value: Json;
  try {
    value = JSON.parse(text.trim().replace(/^```(?:json)?\s*([\s\S]*?)\s*```$/, '$1')) as Json;
  } catch (error) {
    const problem = `not JSON (${error instanceof Error ? error.message : 'unreadable'})`;
    return { output: null, problem, said: detail('model.not_json') };
  }
  let checker = checkers.get(schema);
  if (!checker) {
    checker = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    checkers.set(schema, checker);
  }
  const cleaned = withoutAddedNulls(value, schema);
  const parsed = checker.safeParse(cleaned);
  if (parsed.success) return { output: cleaned, problem: null };
  const said = misfitDetail(parsed.error, cleaned, { field: 'model.bad_field', whole: 'model.bad_shape' });
  return { output: null, problem: z.prettifyError(parsed.error), said };
}
