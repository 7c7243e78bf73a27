import fc from 'fast-check';
import type { Json, JsonObject } from '#nodes/sdk/json.js';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/**
 * Values that a JSON Schema describes, for the part of JSON Schema that our own schemas use. Refinements do not travel in a schema,
 * so parse what comes out with the zod schema itself. `text` draws the strings that no rule of the schema ties down.
 */
export function valuesOf(schema: JsonObject, text: fc.Arbitrary<string>): fc.Arbitrary<Json> {
  const read = (part: Json | undefined): fc.Arbitrary<Json> => {
    if (!isObject(part)) return fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Json>;
    if ('const' in part) return fc.constant(part['const'] ?? null);
    if (Array.isArray(part['enum'])) return fc.constantFrom(...part['enum']);
    const choices = [...list(part['anyOf']), ...list(part['oneOf'])];
    if (choices.length > 0) return fc.oneof(...choices.map(read));
    switch (part['type']) {
      case 'null':
        return fc.constant(null);
      case 'boolean':
        return fc.boolean();
      case 'string':
        return stringOf(part);
      case 'integer':
        return fc.integer({ min: number(part, 'minimum', -1_000), max: number(part, 'maximum', 1_000) });
      case 'number':
        return numberOf(part);
      case 'array':
        return fc.array(read(part['items']), {
          minLength: number(part, 'minItems', 0),
          maxLength: Math.min(number(part, 'maxItems', 4), 4),
        });
      case 'object':
        return objectOf(part);
      default:
        return fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)) as fc.Arbitrary<Json>;
    }
  };

  const stringOf = (part: JsonObject): fc.Arbitrary<Json> => {
    if (part['format'] === 'date-time') {
      const between = {
        min: new Date('2020-01-01T00:00:00Z'),
        max: new Date('2030-01-01T00:00:00Z'),
        noInvalidDate: true,
      };
      return fc.date(between).map((date) => date.toISOString());
    }
    if (typeof part['pattern'] === 'string') return fc.stringMatching(new RegExp(part['pattern']));
    const longest = Math.min(number(part, 'maxLength', 200), 2_000);
    return text.map((one) => one.slice(0, longest) || (number(part, 'minLength', 0) > 0 ? 'x' : ''));
  };

  const numberOf = (part: JsonObject): fc.Arbitrary<Json> => {
    const min = number(part, 'minimum', number(part, 'exclusiveMinimum', -1_000));
    const minExcluded = 'exclusiveMinimum' in part;
    return fc.double({ min, minExcluded, max: number(part, 'maximum', 1_000), noNaN: true });
  };

  const objectOf = (part: JsonObject): fc.Arbitrary<Json> => {
    const properties = isObject(part['properties']) ? part['properties'] : {};
    const fields = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, read(one)]));
    const requiredKeys = list(part['required']).filter((name): name is string => typeof name === 'string');
    return fc.record(fields, { requiredKeys, noNullPrototype: true }) as fc.Arbitrary<Json>;
  };

  return read(schema);
}

const number = (part: JsonObject, key: string, otherwise: number): number => {
  const value = part[key];
  return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : otherwise;
};
