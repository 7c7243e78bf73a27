import { nameOfRef, type JsonSchema, type Schemas } from './document.js';

/** What a field of this name usually holds, where its schema does not say. */
const usual: Readonly<Record<string, string>> = {
  name: 'Atendimento',
  organizationName: 'Pão da Lúcia',
  title: 'Horários',
  text: 'Abrimos às 6h, todos os dias.',
  content: 'Abrimos às 6h, todos os dias.',
  query: 'vocês entregam no domingo?',
  email: 'lucia@paodalucia.com.br',
  to: 'lucia@paodalucia.com.br',
  password: 'pão quentinho às 6',
  slug: 'customer-service',
  timezone: 'America/Recife',
  prefix: 'aid_3kQx',
  address: '203.0.113.7',
  userAgent: 'Mozilla/5.0',
  from: '5581999990001',
  type: 'customer-service',
  nodeId: 'answer',
  path: 'answer',
  model: 'gpt-5-mini',
  version: '1.0.0',
  message: 'Diga o nome do departamento.',
  phoneNumberId: '106540352242922',
  businessAccountId: '102290129340398',
};

/** A value that the schema allows, made of the examples, defaults and choices in it. Good for reading, the same each time. */
export function exampleOf(schema: JsonSchema, schemas: Schemas, name = 'value', depth = 0): unknown {
  if (schema.examples && schema.examples.length > 0) return schema.examples[0];
  if (schema.$ref) return exampleOf(schemas[nameOfRef(schema.$ref)] ?? {}, schemas, name, depth + 1);
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  const [choice] = schema.allOf ?? schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return exampleOf(choice, schemas, name, depth);
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.find((each) => each !== 'null');
  switch (type) {
    case 'object':
      return exampleObject(schema, schemas, depth);
    case 'array':
      return depth > 6 && !schema.minItems ? [] : [exampleOf(schema.items ?? {}, schemas, name, depth + 1)];
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    case 'string':
      return exampleText(schema, name);
    default:
      return type === 'null' ? null : { text: 'Que horas vocês abrem?' };
  }
}

function exampleObject(schema: JsonSchema, schemas: Schemas, depth: number): Record<string, unknown> {
  const entries = Object.entries(schema.properties ?? {}).filter(
    ([key]) => depth <= 6 || schema.required?.includes(key),
  );
  return Object.fromEntries(entries.map(([key, field]) => [key, exampleOf(field, schemas, key, depth + 1)]));
}

function exampleText({ format, pattern }: JsonSchema, name: string): string {
  if (format === 'uuid') return '019ab0c4-5c1e-7cc3-9d53-5d8f4f5a0b11';
  if (format === 'date-time') return '2026-11-22T13:30:00.000Z';
  if (format === 'email') return 'lucia@paodalucia.com.br';
  if (format === 'uri') return 'https://paodalucia.com.br';
  const text = usual[name] ?? name;
  return pattern && !new RegExp(pattern, 'u').test(text) ? '1' : text;
}
