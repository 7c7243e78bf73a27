import { nameOfRef, type JsonSchema, type Schemas } from './document.js';
import { usual } from './usual.js';

/** Where a value stands: the field, and the schemas and fields that hold it, nearest first. */
interface Place {
  readonly name: string;
  readonly owners: readonly string[];
  readonly depth: number;
}
const top: Place = { name: 'value', owners: [], depth: 0 };

/** A value that the schema allows, made of the examples, defaults and choices in it and of what its fields usually hold. The same each time. */
export function exampleOf(schema: JsonSchema, schemas: Schemas, place = top): unknown {
  if (schema.examples && schema.examples.length > 0) return schema.examples[0];
  if ('const' in schema) return schema.const;
  const known = usualAt(place).find((value) => allows(schema, schemas, value));
  if (known !== undefined) return known;
  if (schema.$ref) {
    const name = nameOfRef(schema.$ref);
    return exampleOf(schemas[name] ?? {}, schemas, { ...place, owners: [name, place.name] });
  }
  if (schema.enum) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  const [choice] = schema.allOf ?? schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return exampleOf(choice, schemas, place);
  switch (typeOf(schema)) {
    case 'object':
      return exampleObject(schema, schemas, place);
    case 'array':
      return place.depth > 6 && !schema.minItems
        ? []
        : [exampleOf(schema.items ?? {}, schemas, { ...place, depth: place.depth + 1 })];
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    case 'string':
      return exampleText(schema, place.name);
    default:
      return typeOf(schema) === 'null' ? null : { text: 'Que horas vocês abrem?' };
  }
}

const usualAt = ({ name, owners }: Place): unknown[] =>
  [...owners.map((owner) => `${owner}.${name}`), name].map((key) => usual[key]).filter((value) => value !== undefined);

const typeOf = ({ type }: JsonSchema): string | undefined =>
  typeof type === 'string' || !type ? type : type.find((each) => each !== 'null');

/** Whether a value could stand there, by its type, choices and form. */
function allows(schema: JsonSchema, schemas: Schemas, value: unknown): boolean {
  if (schema.$ref) return allows(schemas[nameOfRef(schema.$ref)] ?? {}, schemas, value);
  if ('const' in schema) return schema.const === value;
  if (schema.enum) return schema.enum.includes(value);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.some((choice) => allows(choice, schemas, value));
  const types = typeof schema.type === 'string' ? [schema.type] : schema.type;
  if (!types) return true;
  if (value === null) return types.includes('null');
  if (Array.isArray(value)) return types.includes('array') && value.length >= (schema.minItems ?? 0);
  if (typeof value === 'number') return types.includes('number') || types.includes('integer');
  if (typeof value === 'object') return types.includes('object');
  if (typeof value !== 'string' || !types.includes('string')) return false;
  return !schema.format && !(schema.pattern && !new RegExp(schema.pattern, 'u').test(value));
}

function exampleObject(schema: JsonSchema, schemas: Schemas, { name, owners, depth }: Place): Record<string, unknown> {
  const entries = Object.entries(schema.properties ?? {}).filter(
    ([key]) => depth <= 6 || schema.required?.includes(key),
  );
  const holders = [...new Set([name, ...owners])];
  return Object.fromEntries(
    entries.map(([key, field]) => [key, exampleOf(field, schemas, { name: key, owners: holders, depth: depth + 1 })]),
  );
}

function exampleText({ format, pattern }: JsonSchema, name: string): string {
  if (format === 'uuid') return '019ab0c4-5c1e-7cc3-9d53-5d8f4f5a0b11';
  if (format === 'date-time') return '2026-11-22T13:30:00.000Z';
  if (format === 'email') return 'lucia@paodalucia.com.br';
  if (format === 'uri') return 'https://paodalucia.com.br';
  return pattern && !new RegExp(pattern, 'u').test(name) ? '1' : name;
}
