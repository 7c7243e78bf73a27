import type { Json, JsonObject } from '#nodes/sdk/json.js';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A schema without its `$ref`. A reference that leads nowhere gives `{}`, which accepts anything. */
export function derefSchema(root: JsonObject, schema: JsonObject): JsonObject {
  let found: Json | undefined = schema;
  for (let hop = 0; hop < 20 && isObject(found) && typeof found['$ref'] === 'string'; hop += 1) {
    let at: Json | undefined = root;
    for (const part of found['$ref'].replace(/^#/, '').split('/').filter(Boolean))
      at = isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined;
    found = at;
  }
  return isObject(found) ? found : {};
}

/** The schema one step below another one, with its own words still on it; `null` where there is no such place. */
export function placeAt(root: JsonObject, schema: JsonObject, step: string): JsonObject | null {
  const next = below(derefSchema(root, schema), step);
  return isObject(next) ? next : null;
}

/** The schema of the value at a path of a config, such as `['buttons', '0', 'title']`; `null` where the schema knows no such place. */
export function schemaAt(root: JsonObject, path: readonly string[]): JsonObject | null {
  let schema: JsonObject = root;
  for (const step of path) {
    const next = placeAt(root, schema, step);
    if (!next) return null;
    schema = next;
  }
  return derefSchema(root, schema);
}

function below(schema: JsonObject, step: string): Json | undefined {
  const { properties, items, prefixItems, additionalProperties } = schema;
  if (isObject(properties) && Object.hasOwn(properties, step)) return properties[step];
  if (/^\d+$/.test(step) && (items !== undefined || Array.isArray(prefixItems)))
    return (Array.isArray(prefixItems) ? prefixItems[Number(step)] : undefined) ?? items;
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    const parts = schema[key];
    if (!Array.isArray(parts)) continue;
    for (const part of parts) {
      const found = isObject(part) ? below(part, step) : undefined;
      if (found !== undefined) return found;
    }
  }
  return additionalProperties;
}
