import { errorKinds, type ErrorCode } from '../errorKinds.js';
import {
  nameOfRef,
  type Document,
  type MediaType,
  type Operation,
  type Parameter,
  type Response,
  type Schemas,
} from './document.js';
import { exampleOf } from './example.js';
import { operationIdOf } from './operationId.js';
import { headers, parameters, refusals, successes, tags } from './words.js';

const REQUEST_ID = '019ab0c4-5c1e-7cc3-9d53-5d8f4f5a0b11';
const isWrite = (method: string): boolean => method !== 'get';
const inApi = (path: string): boolean => path.startsWith('/api/v1/');
const isOpen = ({ 'x-access': access }: Operation): boolean => access?.public !== undefined;
const takesKey = (method: string, operation: Operation): boolean =>
  isWrite(method) && (!isOpen(operation) || operation['x-takes-key'] === true);
const named = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

/**
 * Adds to what the routes say of themselves all that follows from the way every route is served: names of operations, errors, limits,
 * idempotency, and an example of every body and answer. So a new route is described in full without a line about any of it.
 */
export function complete(document: Document): Document {
  const { schemas } = tidySchemas(document).components;
  for (const [path, operations] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(operations)) {
      operation.operationId ??= operationIdOf(method, path);
      describeParameters(method, path, operation);
      describeAnswers(method, path, operation);
      const contents = [operation.requestBody, ...Object.values(operation.responses ?? {})].map(
        (part) => part?.content,
      );
      for (const content of contents)
        for (const media of Object.values(content ?? {})) if (media.schema) addExample(media, schemas);
    }
  document.tags = Object.entries(tags).map(([name, description]) => ({ name, description }));
  Object.assign(document.components, {
    responses: Object.fromEntries(Object.entries(refusals).map(([status, each]) => [each.name, refusal(status)])),
    headers,
    parameters: {
      IdempotencyKey: {
        name: 'Idempotency-Key',
        in: 'header',
        description:
          '1 to 200 visible characters. The same request again with the same key, within a day, gets the answer of the first one; another request with it gets a 409, at an address that others call a 422',
        schema: { type: 'string', minLength: 1, maxLength: 200 },
        example: '5f0c7f7e-6d0a-4a54-9a59-0f1b6a1f5d0e',
      },
    },
  });
  return document;
}

function addExample(media: MediaType, schemas: Document['components']['schemas']): void {
  if (media.example === undefined && !media.examples) media.example = exampleOf(media.schema ?? {}, schemas);
}

function describeParameters(method: string, path: string, operation: Operation): void {
  const list: Parameter[] = (operation.parameters ??= []);
  // A query of any names is written by Fastify as if the keywords of its schema were the names.
  if (list.some(({ name }) => name === 'additionalProperties')) {
    const free = { type: 'object', additionalProperties: { type: 'string' } } as const;
    const kept = list.filter(({ in: place }) => place !== 'query');
    list.splice(0, list.length, ...kept, { name: 'query', in: 'query', description: 'Any names', schema: free });
  }
  for (const parameter of list) {
    parameter.description ??= parameter.schema?.description ?? parameterText(parameter.name ?? '', path);
    const [example] = parameter.schema?.examples ?? [];
    if (example !== undefined) parameter.example ??= example;
  }
  if (inApi(path) && takesKey(method, operation)) list.push(named('parameters', 'IdempotencyKey'));
  if (list.length === 0) delete operation.parameters;
}

/** `Id of the department` for the `{id}` of `/departments/{id}`. */
function parameterText(name: string, path: string): string | undefined {
  const owner = /([a-z-]+)\/\{id\}/.exec(path)?.[1];
  if (name === 'id' && owner) return `Id of the ${owner.replace(/ies$/, 'y').replace(/s$/, '').replaceAll('-', ' ')}`;
  return parameters[name];
}

/** The statuses that follow from how routes are served, besides those that a route names. */
function commonErrors(method: string, path: string, operation: Operation): string[] {
  if (!inApi(path)) return [];
  const statuses = ['400', '429', '500', '503'];
  if (!isOpen(operation)) statuses.push('401', '403');
  if (isWrite(method)) statuses.push('403', '413', '415');
  if (isWrite(method) && !isOpen(operation)) statuses.push('409');
  if (path.includes('{')) statuses.push('404');
  return statuses;
}

function describeAnswers(method: string, path: string, operation: Operation): void {
  const given = operation.responses ?? {};
  const answers: Record<string, Response> = {};
  const statuses = new Set([...Object.keys(given), ...commonErrors(method, path, operation)]);
  for (const status of [...statuses].toSorted()) {
    const answer = given[status];
    const error = refusals[status === '422' && isOpen(operation) ? 'reused' : status];
    if (error && (inApi(path) || !answer)) {
      answers[status] = named('responses', error.name);
    } else if (answer) {
      const { description } = answer;
      answers[status] = {
        ...answer,
        description: !description || description === 'Default Response' ? (successes[status] ?? 'Done') : description,
        ...(inApi(path) && { headers: answerHeaders(method, operation) }),
      };
    }
  }
  operation.responses = answers;
}

const limitHeaders = {
  RateLimit: named('headers', 'RateLimit'),
  'RateLimit-Policy': named('headers', 'RateLimitPolicy'),
};
const answerHeaders = (method: string, operation: Operation) => ({
  ...limitHeaders,
  ...(takesKey(method, operation) && { 'Idempotency-Replayed': named('headers', 'IdempotencyReplayed') }),
});

function refusal(status: string): Response {
  const { description, codes } = refusals[status] ?? { description: 'Refused', codes: [] };
  const examples = codes.map((code) => {
    const error = { code, message: errorKinds[code as ErrorCode].message.en, requestId: REQUEST_ID };
    const details = code === 'bad_input' ? { details: [{ path: 'name', message: 'Invalid input' }] } : {};
    const problems =
      code === 'invalid_definition'
        ? { problems: [{ code: 'no_trigger', severity: 'error', message: 'Nothing starts this department.' }] }
        : {};
    return [code, { value: { error: { ...error, ...details }, ...problems } }];
  });
  const comesBack = status === '409' || status === '429' || status === '503';
  return {
    description,
    headers: { ...limitHeaders, ...(comesBack && { 'Retry-After': named('headers', 'RetryAfter') }) },
    content: {
      'application/json': {
        schema: named('schemas', status === '422' ? 'DefinitionError' : 'Error'),
        examples: Object.fromEntries(examples),
      },
    },
  };
}

/** Leaves out schemas that no route uses, and calls a body by its own name where no answer has that name. */
function tidySchemas(document: Document): Document {
  const { schemas } = document.components;
  nameSchemas(document);
  const used = new Set<string>(['Error', 'DefinitionError']);
  const visit = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part ?? {}).matchAll(/"#\/components\/schemas\/([^"/#]+)/g)) {
      if (!name || used.has(name)) continue;
      used.add(name);
      visit(schemas[name]);
    }
  };
  visit(document.paths);
  for (const name of ['Error', 'DefinitionError']) visit(schemas[name]);
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name];
  const renamed = Object.keys(schemas)
    .filter((name) => name.endsWith('Input') && !(name.slice(0, -'Input'.length) in schemas))
    .map((name) => [name, name.slice(0, -'Input'.length)] as const);
  for (const [from, to] of renamed) {
    schemas[to] = schemas[from] ?? {};
    delete schemas[from];
  }
  const names = new Map(renamed);
  const rewrite = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const node = part as Record<string, unknown>;
    // zod's `readonly` is about the code that reads an answer; OpenAPI's would mean that a request may not send it.
    if (node['readOnly'] === true) delete node['readOnly'];
    const ref = node['$ref'];
    if (typeof ref === 'string') node['$ref'] = renameRef(ref, names);
    for (const each of Object.values(node)) rewrite(each);
  };
  rewrite(document);
  return document;
}

function renameRef(ref: string, names: ReadonlyMap<string, string>): string {
  const to = names.get(nameOfRef(ref));
  return to ? `#/components/schemas/${to}` : ref;
}

/** Gives a name to what has none: pages, after their items, and what zod keeps for several schemas together. */
function nameSchemas({ paths, components: { schemas } }: Document): void {
  const shared = (schemas['__shared'] as { $defs?: Schemas } | undefined)?.$defs ?? {};
  for (const [name, schema] of Object.entries(shared)) schemas[`Json${name.replace('schema0', '')}`] = schema;
  for (const operation of Object.values(paths).flatMap((each) => Object.values(each)))
    for (const { content } of Object.values(operation.responses ?? {}))
      for (const media of Object.values(content ?? {})) {
        const { items, nextCursor } = media.schema?.properties ?? {};
        const item = items?.items?.$ref;
        if (!item || !nextCursor || !media.schema) continue;
        const name = `${nameOfRef(item)}Page`;
        schemas[name] ??= media.schema;
        media.schema = { $ref: `#/components/schemas/${name}` };
      }
  const rewrite = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const node = part as { $ref?: unknown };
    if (typeof node.$ref === 'string')
      node.$ref = node.$ref.replace(
        /__shared\/\$defs\/schema(\d+)$/,
        (_, index: string) => `Json${index === '0' ? '' : index}`,
      );
    for (const each of Object.values(node)) rewrite(each);
  };
  rewrite(paths);
  rewrite(schemas);
}
