import type { Json, JsonObject } from '#nodes/sdk/json.js';
import {
  anyType,
  boolType,
  listOf,
  nullType,
  numberType,
  stringType,
  unionOf,
  type Field,
  type MapType,
  type Type,
} from './types.js';

const known = new WeakMap<object, Type>();

/** The type of the values that a JSON Schema 2020-12 describes. What it does not understand, and recursion, is `any`. `root` is what its `$ref`s point into. */
export function typeOfSchema(schema: JsonObject, root: JsonObject = schema): Type {
  const cached = known.get(schema);
  if (cached) return cached;
  const type = new Reader(root).read(schema, []);
  known.set(schema, type);
  return type;
}

class Reader {
  readonly #root: JsonObject;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** `above`: the schemas being read, so that one that contains itself ends. */
  read(schema: Json | undefined, above: readonly JsonObject[]): Type {
    if (!isObject(schema) || above.includes(schema) || above.length > 20) return anyType;
    const inner = [...above, schema];
    if (typeof schema['$ref'] === 'string') return this.read(this.#resolve(schema['$ref']), inner);
    if ('const' in schema) return typeOfValue(schema['const'] ?? null);
    if (Array.isArray(schema['enum'])) return typeOfValues(schema['enum']);
    for (const key of ['anyOf', 'oneOf']) {
      const choices = schema[key];
      if (Array.isArray(choices)) return unionOf(choices.map((choice) => this.read(choice, inner)));
    }
    if (Array.isArray(schema['allOf'])) return this.#intersect(schema['allOf'].map((part) => this.read(part, inner)));
    const names = schema['type'];
    if (Array.isArray(names)) return unionOf(names.map((name) => this.#named(name, schema, inner)));
    return this.#named(names, schema, inner);
  }

  #named(name: Json | undefined, schema: JsonObject, above: readonly JsonObject[]): Type {
    switch (name) {
      case 'string':
        return stringType;
      case 'number':
      case 'integer':
        return numberType;
      case 'boolean':
        return boolType;
      case 'null':
        return nullType;
      case 'array':
        return listOf(this.#items(schema, above));
      case 'object':
        return this.#object(schema, above);
      default:
        return isObject(schema['properties']) ? this.#object(schema, above) : anyType;
    }
  }

  #items(schema: JsonObject, above: readonly JsonObject[]): Type {
    const tuple = schema['prefixItems'];
    const parts = Array.isArray(tuple) ? tuple.map((item) => this.read(item, above)) : [];
    if (parts.length === 0 || isObject(schema['items'])) parts.push(this.read(schema['items'], above));
    return unionOf(parts);
  }

  #object(schema: JsonObject, above: readonly JsonObject[]): MapType {
    const fields = new Map<string, Field>();
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    const properties = isObject(schema['properties']) ? schema['properties'] : {};
    for (const name of Object.keys(properties)) {
      fields.set(name, { type: this.read(properties[name], above), required: required.includes(name) });
    }
    const more = schema['additionalProperties'];
    return { kind: 'map', fields, rest: more === false ? null : this.read(more, above) };
  }

  #intersect(parts: readonly Type[]): Type {
    const maps = parts.filter((part) => part.kind === 'map');
    if (maps.length !== parts.length) return parts.find((part) => part.kind !== 'any') ?? anyType;
    const closed = maps.every((map) => map.rest === null);
    return { kind: 'map', fields: new Map(maps.flatMap((map) => [...map.fields])), rest: closed ? null : anyType };
  }

  #resolve(pointer: string): Json | undefined {
    if (!pointer.startsWith('#')) return undefined;
    let found: Json | undefined = this.#root;
    for (const part of pointer.slice(1).split('/').filter(Boolean)) {
      const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
      found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
    }
    return found;
  }
}

export function typeOfValue(value: Json): Type {
  if (value === null) return nullType;
  if (Array.isArray(value)) return listOf(typeOfValues(value));
  switch (typeof value) {
    case 'boolean':
      return boolType;
    case 'number':
      return numberType;
    case 'string':
      return { kind: 'string', values: [value] };
    default: {
      const fields = Object.entries(value).map(
        ([name, part]) => [name, { type: typeOfValue(part), required: true }] as const,
      );
      return { kind: 'map', fields: new Map(fields), rest: null };
    }
  }
}

function typeOfValues(values: readonly Json[]): Type {
  const texts = values.filter((value) => typeof value === 'string');
  const others = values.filter((value) => typeof value !== 'string').map(typeOfValue);
  return unionOf(texts.length > 0 ? [{ kind: 'string', values: texts }, ...others] : others);
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
