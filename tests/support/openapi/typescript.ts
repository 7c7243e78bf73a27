import { nameOfRef, type Document, type JsonSchema, type Operation } from '#server/openapi/document.js';

const HEAD = '// Written by `npm run client:generate` from the OpenAPI document; a test fails when it is stale.\n';

/** What `anyJson` of the server's schemas says of itself. */
const ANY_JSON = 'Any JSON value';
const JSON_TYPE = 'null | boolean | number | string | Json[] | { [key: string]: Json }';

/** What the browser and the server share as code: the document is made from these very schemas. */
const shared: Readonly<Record<string, string>> = { Definition: '#engine/graph/definition.js' };

/** The types of every schema that has a name, as a module. */
export const typesOf = ({ components }: Document): string =>
  HEAD +
  Object.entries(shared)
    .map(([name, file]) => `import type { ${name} } from '${file}';\nexport type { ${name} };\n`)
    .join('') +
  Object.entries(components.schemas)
    .filter(([name]) => !(name in shared))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, schema]) =>
        `${comment(schema.description)}export type ${name} = ${name === 'Json' ? JSON_TYPE : typeOf(schema)};`,
    )
    .join('\n');

/** Every operation by its name, with the types of what goes in and what comes out, as a module. */
export function operationsOf(document: Document): string {
  const operations = Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/api/v1/'))
    .flatMap(([path, methods]) => Object.entries(methods).map((entry) => [path, ...entry] as const))
    .map(([path, method, operation]) => {
      const { operationId = '', summary } = operation;
      const types = `Operation<${inputOf(operation, document)}, ${outputOf(operation)}>`;
      const value = JSON.stringify({ method: method.toUpperCase(), path: path.replace('/api/v1', '') });
      return { operationId, code: `${comment(summary)}export const ${operationId}: ${types} = ${value};` };
    })
    .toSorted((a, b) => (a.operationId < b.operationId ? -1 : 1));
  const code = operations.map((each) => each.code).join('\n');
  const used = Object.keys(document.components.schemas).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  return `${HEAD}import type { Operation } from '../operation.js';
import type { ${used.toSorted().join(', ')} } from './types.js';

${code}`;
}

/** `{ path: { id: string }; query?: { limit?: number }; body: RunCreate }` */
function inputOf(operation: Operation, { components }: Document): string {
  const parameters = (operation.parameters ?? []).map((each) =>
    each.$ref ? (components.parameters?.[nameOfRef(each.$ref)] ?? {}) : each,
  );
  const parts = (['path', 'query'] as const).flatMap((place) => {
    const fields = parameters.filter((each) => each.in === place);
    if (fields.length === 0) return [];
    const required = place === 'path' || fields.some((each) => (each as { required?: boolean }).required);
    const lines = fields.map(
      (each) =>
        `readonly ${JSON.stringify(each.name)}${place === 'path' ? '' : '?'}: ${typeOf(each.schema ?? {})}${place === 'path' ? '' : ' | undefined'}`,
    );
    return [`readonly ${place}${required ? '' : '?'}: { ${lines.join('; ')} }`];
  });
  const body = operation.requestBody?.content['application/json']?.schema;
  if (body) parts.push(`readonly body${operation.requestBody?.required ? '' : '?'}: ${typeOf(body)}`);
  return parts.length > 0 ? `{ ${parts.join('; ')} }` : 'object';
}

function outputOf({ responses = {} }: Operation): string {
  const [, answer] = Object.entries(responses).find(([status]) => Number(status) < 300) ?? [];
  const media = Object.entries(answer?.content ?? {})[0];
  if (!media) return 'void';
  return media[0] === 'application/json' ? typeOf(media[1].schema ?? {}) : 'string';
}

/** JSON Schema as zod writes it, in TypeScript. */
function typeOf(schema: JsonSchema): string {
  if (schema.$ref) return nameOfRef(schema.$ref);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return `(${choices.map(typeOf).join(' | ')})`;
  if (schema.allOf) return `(${schema.allOf.map(typeOf).join(' & ')})`;
  const { type } = schema;
  if (Array.isArray(type)) return `(${type.map((each: string) => typeOf({ ...schema, type: each })).join(' | ')})`;
  switch (type) {
    case 'object':
      return objectOf(schema);
    case 'array':
      return `readonly (${typeOf(schema.items ?? {})})[]`;
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    default:
      return schema.description === ANY_JSON ? 'Json' : 'unknown';
  }
}

function objectOf({ properties = {}, required = [], additionalProperties }: JsonSchema): string {
  const fields = Object.entries(properties).map(
    ([name, field]) =>
      `${comment(field.description)}readonly ${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(field)};`,
  );
  const open = typeof additionalProperties === 'object';
  if (open || fields.length === 0) {
    const rest = open ? typeOf(additionalProperties) : 'unknown';
    if (additionalProperties !== false) fields.push(`readonly [key: string]: ${rest};`);
  }
  return fields.length > 0 ? `{\n${fields.join('\n')}\n}` : 'Readonly<Record<string, never>>';
}

const comment = (text: string | undefined): string => (text ? `/** ${text.replaceAll('*/', '*\u200b/')} */\n` : '');
