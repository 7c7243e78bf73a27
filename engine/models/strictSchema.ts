import type { Json, JsonObject } from '#nodes/sdk/json.js';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** Keywords that strict structured output does not take (OpenAI, Structured Outputs guide, "Supported schemas"); our own check enforces them afterwards. */
const dropped = new Set([
  '$schema',
  'default',
  'minLength',
  'maxLength',
  'uniqueItems',
  'contains',
  'patternProperties',
  'propertyNames',
  'examples',
  'title',
]);

const orNull = (schema: Json): Json =>
  isObject(schema) && Array.isArray(schema['anyOf'])
    ? { ...schema, anyOf: [...schema['anyOf'], { type: 'null' }] }
    : { anyOf: [schema, { type: 'null' }] };

/**
 * A JSON Schema in the dialect of strict structured output: objects are closed, every property is required, and what was optional may be null.
 * Null when the schema cannot be said that way (objects with free keys).
 */
export function toStrict(schema: Json): Json | null {
  if (Array.isArray(schema)) {
    const list = schema.map(toStrict);
    return list.includes(null) && !schema.includes(null) ? null : list;
  }
  if (!isObject(schema)) return schema;
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (dropped.has(key)) continue;
    if (key === 'oneOf') {
      const branches = toStrict(value);
      if (branches === null) return null;
      result['anyOf'] = branches;
    } else if (key === 'enum' || key === 'const' || key === 'required' || key === 'description' || key === 'type')
      result[key] = value;
    else if ((key === 'properties' || key === '$defs' || key === 'definitions') && isObject(value)) {
      const required = Array.isArray(schema['required']) ? schema['required'] : [];
      const inner: JsonObject = {};
      for (const [name, one] of Object.entries(value)) {
        const strict = toStrict(one);
        if (strict === null) return null;
        inner[name] = key === 'properties' && !required.includes(name) ? orNull(strict) : strict;
      }
      result[key] = inner;
    } else if (key !== 'additionalProperties') {
      const strict = toStrict(value);
      if (strict === null && value !== null) return null;
      result[key] = strict;
    }
  }
  if (schema['type'] === 'object') {
    if (isObject(schema['additionalProperties']) || !isObject(schema['properties'])) return null;
    result['required'] = Object.keys(schema['properties']);
    result['additionalProperties'] = false;
  }
  return result;
}

/** Takes back the nulls that `toStrict` had to allow: a null property that the schema does not require is left out. */
export function withoutAddedNulls(value: Json, schema: Json): Json {
  if (!isObject(schema)) return value;
  if (Array.isArray(value)) return value.map((one) => withoutAddedNulls(one, schema['items'] ?? {}));
  const properties = schema['properties'];
  if (!isObject(value) || !isObject(properties)) return value;
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, one]) => one !== null || required.includes(name) || !(name in properties))
      .map(([name, one]) => [name, withoutAddedNulls(one, properties[name] ?? {})]),
  );
}
