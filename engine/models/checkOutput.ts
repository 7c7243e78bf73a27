import { z } from 'zod';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import { withoutAddedNulls } from './strictSchema.js';

const checkers = new WeakMap<JsonObject, z.ZodType>();

export type Checked =
  { readonly output: Json; readonly problem: null } | { readonly output: null; readonly problem: string };

/** Parses the text of a structured output and checks it against its JSON Schema. Never throws. */
export function checkOutput(text: string, schema: JsonObject): Checked {
  let value: Json;
  try {
    value = JSON.parse(text.trim().replace(/^```(?:json)?\s*([\s\S]*?)\s*```$/, '$1')) as Json;
  } catch (error) {
    return { output: null, problem: `not JSON (${error instanceof Error ? error.message : 'unreadable'})` };
  }
  let checker = checkers.get(schema);
  if (!checker) {
    checker = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    checkers.set(schema, checker);
  }
  const cleaned = withoutAddedNulls(value, schema);
  const parsed = checker.safeParse(cleaned);
  return parsed.success ? { output: cleaned, problem: null } : { output: null, problem: z.prettifyError(parsed.error) };
}
