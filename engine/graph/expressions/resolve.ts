import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { Scope } from './frame.js';
import { compileTemplate, evaluateTemplate, type EvaluateOptions } from './template.js';
import { forbiddenNames } from './values.js';

/**
 * A config value with every `{{ expression }}` in it replaced by its value. Throws `ExpressionError`.
 * Only strings of the config are templates; keys are not, nor is anything an expression gives.
 */
export function resolve(value: Json, scope: Scope, options?: EvaluateOptions): Json {
  if (typeof value === 'string') return evaluateTemplate(compileTemplate(value), scope, options);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope, options));
  const resolved: JsonObject = {};
  for (const key of Object.keys(value)) {
    if (!forbiddenNames.has(key)) resolved[key] = resolve(value[key] ?? null, scope, options);
  }
  return resolved;
}

/** A node's config resolved, except its `lazy` fields, which keep their expressions: the engine evaluates those itself, once a round. */
export function resolveConfig(
  config: JsonObject,
  scope: Scope,
  lazy: ReadonlySet<string>,
  options?: EvaluateOptions,
): JsonObject {
  const resolved: JsonObject = {};
  for (const key of Object.keys(config)) {
    if (forbiddenNames.has(key)) continue;
    const value = config[key] ?? null;
    resolved[key] = lazy.has(key) ? value : resolve(value, scope, options);
  }
  return resolved;
}

/** Names of the config fields that the engine evaluates each round: those whose JSON Schema says `ui.lazy`. */
export function lazyFields(configSchema: JsonObject): ReadonlySet<string> {
  const lazy = new Set<string>();
  const properties = configSchema['properties'];
  if (!isObject(properties)) return lazy;
  for (const [name, field] of Object.entries(properties)) {
    const ui = isObject(field) ? field['ui'] : undefined;
    if (isObject(ui) && ui['lazy'] === true) lazy.add(name);
  }
  return lazy;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
