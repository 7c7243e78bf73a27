import { RE2JS } from 're2js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import { closestName, type Closest } from './expressions/closest.js';
import { mostProblems } from './report.js';

/** What is wrong with a value at a path of a config. `code` is the last part of a problem code `config.<code>`. */
export interface ConfigIssue {
  readonly code: string;
  readonly path: readonly string[];
  readonly params: Readonly<Record<string, string>>;
}

/** A config string with `{{` in it, and the schema of the place where it stands. */
export interface FoundTemplate {
  readonly text: string;
  readonly path: readonly string[];
  readonly schema: JsonObject;
}

export interface ConfigFindings {
  readonly issues: readonly ConfigIssue[];
  readonly templates: readonly FoundTemplate[];
}

/**
 * Checks a value against a JSON Schema 2020-12, reading the schema step by step: nothing is compiled or evaluated. Strings with
 * expressions are not checked but handed back. Understands what `z.toJSONSchema` writes; keywords it does not know say nothing.
 */
export function checkConfig(schema: JsonObject, value: Json, closest: Closest = closestName): ConfigFindings {
  const reader = new ConfigReader(schema, closest);
  reader.read(schema, value, [], 0);
  return reader;
}

class ConfigReader implements ConfigFindings {
  readonly issues: ConfigIssue[] = [];
  readonly templates: FoundTemplate[] = [];
  readonly #root: JsonObject;
  readonly #closest: Closest;

  constructor(root: JsonObject, closest: Closest) {
    this.#root = root;
    this.#closest = closest;
  }

  read(schema: Json | undefined, value: Json, path: readonly string[], refs: number): void {
    if (schema === false) return this.#issue('not_allowed', path);
    if (!isObject(schema) || refs > 50) return;
    if (typeof value === 'string' && value.includes('{{')) {
      if (isLiteral(schema)) return this.#issue('literal', path);
      this.templates.push({ text: value, path, schema });
      return;
    }
    if (typeof schema['$ref'] === 'string') return this.read(this.#resolve(schema['$ref']), value, path, refs + 1);
    for (const key of ['anyOf', 'oneOf']) {
      const choices = schema[key];
      if (Array.isArray(choices)) this.#choose(choices, value, path, refs);
    }
    if (Array.isArray(schema['allOf'])) for (const part of schema['allOf']) this.read(part, value, path, refs + 1);
    if (!this.#fitsType(schema, value, path) || !this.#fitsChoice(schema, value, path)) return;
    if (typeof value === 'string') this.#text(schema, value, path);
    else if (typeof value === 'number') this.#number(schema, value, path);
    else if (Array.isArray(value)) this.#list(schema, value, path, refs);
    else if (isObject(value)) this.#object(schema, value, path, refs);
  }

  /** Of several shapes the one that fits, or else the one that fits best. */
  #choose(choices: readonly Json[], value: Json, path: readonly string[], refs: number): void {
    let best: ConfigReader | undefined;
    for (const choice of choices) {
      const attempt = new ConfigReader(this.#root, this.#closest);
      attempt.read(choice, value, path, refs + 1);
      if (!best || attempt.#badness(path) < best.#badness(path)) best = attempt;
      if (attempt.issues.length === 0) break;
    }
    this.issues.push(...(best?.issues ?? []));
    this.templates.push(...(best?.templates ?? []));
  }

  /** A shape of the wrong type altogether, or another value of a tag, is further off than any number of faults inside. */
  #badness(path: readonly string[]): number {
    const misses = this.issues.filter(
      ({ code, path: at }) => at.length <= path.length + 1 && (code === 'wrong_type' || code === 'not_a_choice'),
    );
    return this.issues.length + misses.length * 1_000;
  }

  #fitsType(schema: JsonObject, value: Json, path: readonly string[]): boolean {
    const wanted = schema['type'];
    if (wanted === undefined) return true;
    const names = Array.isArray(wanted) ? wanted : [wanted];
    if (names.some((name) => isOfType(value, name))) return true;
    this.#issue('wrong_type', path, { expected: String(names[0]) });
    return false;
  }

  #fitsChoice(schema: JsonObject, value: Json, path: readonly string[]): boolean {
    const choices = 'const' in schema ? [schema['const'] ?? null] : schema['enum'];
    if (!Array.isArray(choices) || choices.includes(value)) return true;
    const names = choices.map(String);
    const suggestion = typeof value === 'string' ? this.#closest(value, names) : undefined;
    this.#issue('not_a_choice', path, { choices: names.slice(0, 12).join(', '), ...(suggestion && { suggestion }) });
    return false;
  }

  #text(schema: JsonObject, value: string, path: readonly string[]): void {
    const { minLength, maxLength, pattern, format } = schema;
    if (typeof minLength === 'number' && value.length < minLength) {
      this.#issue(value === '' ? 'required' : 'too_short', path, { limit: `${minLength}` });
    } else if (typeof maxLength === 'number' && value.length > maxLength) {
      this.#issue('too_long', path, { limit: `${maxLength}`, length: `${value.length}` });
    } else if (!matchesPattern(pattern, value)) {
      this.#issue('bad_format', path, { format: typeof format === 'string' ? format : '' });
    } else if (isTaken(schema['not'], value)) {
      this.#issue('taken_name', path, { name: value });
    }
  }

  #number(schema: JsonObject, value: number, path: readonly string[]): void {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
    if (typeof minimum === 'number' && value < minimum) this.#issue('too_small', path, { limit: `${minimum}` });
    else if (typeof maximum === 'number' && value > maximum) this.#issue('too_big', path, { limit: `${maximum}` });
    else if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) {
      this.#issue('not_above', path, { limit: `${exclusiveMinimum}` });
    } else if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) {
      this.#issue('not_below', path, { limit: `${exclusiveMaximum}` });
    } else if (typeof multipleOf === 'number' && value % multipleOf !== 0) {
      this.#issue('not_multiple', path, { limit: `${multipleOf}` });
    }
  }

  #list(schema: JsonObject, value: readonly Json[], path: readonly string[], refs: number): void {
    const { minItems, maxItems, prefixItems, items } = schema;
    if (typeof minItems === 'number' && value.length < minItems) this.#issue('too_few', path, { limit: `${minItems}` });
    if (typeof maxItems === 'number' && value.length > maxItems)
      this.#issue('too_many', path, { limit: `${maxItems}` });
    const first = Array.isArray(prefixItems) ? prefixItems : [];
    for (const [index, item] of value.entries()) this.read(first[index] ?? items, item, [...path, `${index}`], refs);
  }

  #object(schema: JsonObject, value: JsonObject, path: readonly string[], refs: number): void {
    const properties = isObject(schema['properties']) ? schema['properties'] : {};
    const more = schema['additionalProperties'];
    for (const name of Array.isArray(schema['required']) ? schema['required'] : []) {
      if (typeof name === 'string' && !Object.hasOwn(value, name)) this.#issue('required', [...path, name]);
    }
    for (const name of Object.keys(value)) {
      if (this.issues.length >= mostProblems) return;
      const known = Object.hasOwn(properties, name);
      if (!known && more === false) {
        const suggestion = this.#closest(name, Object.keys(properties));
        this.#issue('unknown_field', [...path, name], { name, ...(suggestion && { suggestion }) });
      } else this.read(known ? properties[name] : more, value[name] ?? null, [...path, name], refs);
    }
  }

  #issue(code: string, path: readonly string[], params: ConfigIssue['params'] = {}): void {
    this.issues.push({ code, path, params });
  }

  #resolve(pointer: string): Json | undefined {
    let found: Json | undefined = this.#root;
    for (const part of pointer.replace(/^#/, '').split('/').filter(Boolean)) {
      found = isObject(found) && Object.hasOwn(found, part) ? found[part] : undefined;
    }
    return found;
  }
}

function isOfType(value: Json, name: Json): boolean {
  switch (name) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === name;
  }
}

/** `not: { enum }` is how a schema names the words that mean something else already. */
const isTaken = (not: Json | undefined, value: string): boolean =>
  isObject(not) && Array.isArray(not['enum']) && not['enum'].includes(value);

const patterns = new Map<string, RE2JS | null>();

/** Patterns come from node types, values from whoever writes definitions: linear time even so. Patterns beyond RE2 say nothing. */
function matchesPattern(pattern: Json | undefined, value: string): boolean {
  if (typeof pattern !== 'string' || value.length > 20_000) return true;
  let regex = patterns.get(pattern);
  if (regex === undefined) {
    try {
      regex = RE2JS.compile(pattern);
    } catch {
      regex = null;
    }
    patterns.set(pattern, regex);
  }
  return regex?.matcher(value).find() ?? true;
}

const isLiteral = (schema: JsonObject): boolean => isObject(schema['ui']) && schema['ui']['literal'] === true;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
