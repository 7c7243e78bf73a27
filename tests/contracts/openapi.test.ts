import { afterAll, describe, expect, it } from 'vitest';
import { nameOfRef, type Document, type JsonSchema, type MediaType, type Operation } from '#server/openapi/document.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { schemasOf } from '#tests/support/openapi/schemas.js';
import { apiRoutes, changes, nameOf } from '#tests/support/routes.js';

/** The document is held against the running routes: what a new one lacks is said here in a sentence. */
const server: TestApp = await buildTestApp();
afterAll(() => server.close());
const document = server.app.swagger() as object as Document;
const check = schemasOf(document);
/** Outside services call them with bodies that are theirs to describe. */
const theirs = /\/webhooks\/(?!departments\/)/;
const routes = apiRoutes(server).filter(({ url }) => !theirs.test(url));
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const at = (url: string): string => url.replace(/:(\w+)/g, '{$1}');

describe('the document', () => {
  it('is OpenAPI 3.1 and refers to nothing that it does not hold', () => {
    expect(document.openapi).toBe('3.1.0');
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    const missing = refs.filter(
      (path) =>
        path.split('/').reduce<unknown>((part, key) => (part as Record<string, unknown>)?.[key], document) ===
        undefined,
    );
    expect([...new Set(missing)]).toEqual([]);
  });

  it('names every operation once, as one would say it', () => {
    const names = operations.map(({ operation }) => operation.operationId ?? '');
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.filter((name) => !/^[a-z]+([A-Z][a-z]+)*$/.test(name))).toEqual([]);
  });

  it('has no example that only repeats the name of its field', () => {
    const hollow = new Set<string>();
    const look = (value: unknown, key: string, where: string): void => {
      if (value === key) hollow.add(`${key} (${where})`);
      if (typeof value !== 'object' || value === null) return;
      for (const [name, each] of Object.entries(value)) look(each, Array.isArray(value) ? key : name, where);
    };
    for (const { operation } of operations)
      for (const [, media] of mediaOf(operation)) look(media.example, '', operation.operationId ?? '');
    expect([...hollow], 'say what they usually hold in server/openapi/usual.ts').toEqual([]);
  });

  it('says what every tag is about', () => {
    const known = new Set(document.tags?.map((tag) => (tag as { name: string }).name));
    const unknown = operations.filter(({ operation }) => !operation.tags?.every((tag) => known.has(tag)));
    const names = unknown.map(({ operation }) => operation.operationId);
    expect(names, 'their tag is not in server/openapi/words.ts').toEqual([]);
  });

  it('says what every parameter means', () => {
    const silent = operations.flatMap(({ operation }) =>
      (operation.parameters ?? [])
        .filter(({ $ref, description }) => !$ref && !description)
        .map(({ name }) => `${operation.operationId}: ${name}`),
    );
    expect(silent, 'give them a description in their schema, or in server/openapi/words.ts').toEqual([]);
  });

  it('takes no field that it does not name, at any depth of a body', () => {
    /** Whose fields are not ours to name: what a browser's authenticator says, and what is written in a definition. */
    const others =
      /(PasskeyLoginBody|PasskeyBody)\.response|\.definition(>Definition)?(\.nodes\.config|\.settings(\.notes)?)?$|\.pins$/;
    const open: string[] = [];
    const look = (schema: JsonSchema, path: string): void => {
      if (schema.$ref) {
        const name = nameOfRef(schema.$ref);
        if (!path.includes(`>${name}`)) look(document.components.schemas[name] ?? {}, `${path}>${name}`);
      }
      if (schema.type === 'object' && schema.additionalProperties !== false && !others.test(path)) open.push(path);
      for (const each of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) look(each, path);
      for (const [name, field] of Object.entries(schema.properties ?? {})) look(field, `${path}.${name}`);
      if (schema.items) look(schema.items, path);
    };
    for (const { operation } of operations) look(operation.requestBody?.content['application/json']?.schema ?? {}, '');
    expect(open).toEqual([]);
  });

  it('has a name for the schema of every answer of a resource', () => {
    const nameless = operations.flatMap(({ path, operation }) =>
      Object.entries(operation.responses ?? {})
        .filter(([, { content }]) => {
          const schema = content?.['application/json']?.schema;
          return path.startsWith('/api/') && Object.keys(schema?.properties ?? {}).length > 0;
        })
        .map(([status]) => `${operation.operationId} ${status}`),
    );
    expect(nameless, 'give their schema a `.meta({ id })`').toEqual([]);
  });
});

type Place = readonly [at: readonly string[], media: MediaType];
const mediaOf = (operation: Operation): readonly Place[] => [
  ...Object.entries(operation.requestBody?.content ?? {}).map(([type, media]): Place => [
    ['requestBody', 'content', type],
    media,
  ]),
  ...Object.entries(operation.responses ?? {}).flatMap(([status, { content }]) =>
    Object.entries(content ?? {}).map(([type, media]): Place => [['responses', status, 'content', type], media]),
  ),
];

describe.each(routes.map((route) => [nameOf(route), route] as const))('%s', (_, route) => {
  const method = route.method.toLowerCase();
  const found = document.paths[at(route.url)]?.[method];
  const operation: Operation = found ?? {};
  const isPublic = route.access !== undefined && 'public' in route.access;

  it('is in the document, with what it is for and who may', () => {
    expect(found, 'it is hidden: take `hide` out of its schema').toBeDefined();
    expect(operation.summary, 'it needs a summary').toBeTruthy();
    expect(operation['x-access']).toEqual(route.access);
    const permission = route.access && 'permission' in route.access ? route.access.permission : undefined;
    expect(operation['x-permission']).toBe(permission);
    const schemes = (operation.security ?? []).flatMap((each) => Object.keys(each));
    if (permission) expect(schemes).toEqual(['bearer', 'apiKey']);
    else if (!isPublic) expect(schemes).toEqual(['bearer']);
    else expect(schemes).not.toContain('bearer');
  });

  /** Others call these without signing in, and may call them again. */
  const addresses = /\/webhooks\/(?:departments|events)\/:token$/;
  it('lists its errors, its limits and its key for repeating', () => {
    const expected = ['400', '429', '500', '503'];
    if (!isPublic) expected.push('401', '403');
    if (route.url.includes(':')) expected.push('404');
    if (changes(route)) expected.push('413', '415');
    for (const status of expected) expect(operation.responses?.[status]?.$ref).toContain('#/components/responses/');
    const refs = (operation.parameters ?? []).map(({ $ref }) => $ref);
    expect(refs.includes('#/components/parameters/IdempotencyKey')).toBe(
      changes(route) && (!isPublic || addresses.test(route.url)),
    );
    const good = Object.entries(operation.responses ?? {}).filter(([status]) => Number(status) < 400);
    expect(good.length).toBeGreaterThan(0);
    for (const [, { headers }] of good) expect(Object.keys(headers ?? {})).toContain('RateLimit');
  });

  it('gives an example of every body and answer that its schema allows', () => {
    for (const [place, media] of mediaOf(operation)) {
      if (!media.schema) continue;
      expect(media, `${place.join('.')} needs an example`).toHaveProperty('example');
      const fault = check(['paths', at(route.url), method, ...place, 'schema'], media.example);
      expect(fault, `the example of ${place.join('.')}`).toBeNull();
    }
  });
});

describe.each(Object.entries(document.components.responses ?? {}))('the answer %s', (name, { content }) => {
  it('has examples that its schema allows', () => {
    const examples = Object.entries(content?.['application/json']?.examples ?? {});
    expect(examples.length).toBeGreaterThan(0);
    for (const [, { value }] of examples)
      expect(check(['components', 'responses', name, 'content', 'application/json', 'schema'], value)).toBeNull();
  });
});
