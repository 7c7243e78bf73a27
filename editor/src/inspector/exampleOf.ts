import type { Json, JsonSchema } from '../api/types.js';

/** How deep an example goes into what stands in one another. */
const DEEPEST = 4;

/** A value that a JSON Schema takes as far as it says: what it gives as example or default, its first choice, else the plainest of its type. */
export function exampleOf(schema: JsonSchema, depth = 0): Json {
  const { examples, default: usual, const: only, enum: choices, anyOf, oneOf, type } = schema;
  if (only !== undefined) return only;
  if (usual !== undefined) return usual;
  for (const list of [examples, choices]) if (Array.isArray(list) && list[0] !== undefined) return list[0];
  for (const list of [anyOf, oneOf])
    if (Array.isArray(list) && isSchema(list[0]) && depth < DEEPEST) return exampleOf(list[0], depth + 1);
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return schema['format'] === 'date-time' ? new Date().toISOString() : '';
    case 'number':
    case 'integer':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'null':
      return null;
    default:
      return example(schema, depth);
  }
}

function example({ properties }: JsonSchema, depth: number): Json {
  if (!isSchema(properties) || depth >= DEEPEST) return {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, part]) => [name, isSchema(part) ? exampleOf(part, depth + 1) : null]),
  );
}

const isSchema = (value: Json | undefined): value is JsonSchema & { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
