import { existsSync } from 'node:fs';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '#server/api/auth/schemas.js';
import { nameOfRef, type Document } from '#server/openapi/document.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { bodies, makeThings, pathOf, type Things } from '#tests/support/everyRoute.js';
import { names, scripts, unreadable } from '#tests/support/hostile.js';
import { apiRoutes, changes, nameOf, prefix, randomPath } from '#tests/support/routes.js';

/** Whatever somebody stored, what comes back runs in no browser and stays in no cache. */
const server: TestApp = await buildTestApp();
afterAll(() => server.close());

let owner: Session;
let department: string;
let conversation: string;
const nasty = scripts.join('\n');
beforeAll(async () => {
  owner = await server.register('<script>alert(1)</script>');
  const post = async (path: string, body: unknown) => {
    const answer = await server.call('POST', path, { as: owner, body });
    expect(answer.status).toBeLessThan(300);
    return answer.body;
  };
  department = (await post('/departments', { name: '<img src=x onerror=alert(1)>', template: 'customer-service' })).id;
  await post(`/departments/${department}/publish`, {});
  const channel = (await post('/integrations/simulator', { departmentId: department })).id;
  const name = '"><svg onload=alert(1)>';
  conversation = (await post(`/simulator/${channel}/messages`, { from: 'ana', name, text: nasty.slice(0, 4_000) }))
    .conversation.id;
  await post(`/departments/${department}/runs`, { input: { text: nasty.slice(0, 4_000) } });
  await post('/knowledge/sources', { title: '</title><script>alert(1)</script>', text: nasty });
  await server.call('PATCH', '/organizations/current', { as: owner, body: { profile: nasty.slice(0, 19_000) } });
});

const ids: Readonly<Record<string, () => string>> = {
  departments: () => department,
  conversations: () => conversation,
};
const open = (path: string) =>
  server.app.inject({
    url: prefix + path,
    headers: {
      authorization: `Bearer ${owner.accessToken}`,
      // As a browser asks that is sent to the address itself.
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    },
  });
const reads = apiRoutes(server).filter((route) => !changes(route) && !route.url.includes('/webhooks/'));

describe.each(reads.map((route) => [nameOf(route), route] as const))('%s', (_, route) => {
  it('is JSON or a download, inert, and in no cache', async () => {
    const kind = route.url.slice(prefix.length).split('/')[1] ?? '';
    const id = ids[kind]?.() ?? uuidv7();
    for (const path of [
      randomPath(route),
      route.url.slice(prefix.length).replace(':id', id).replace(':version', '1'),
    ]) {
      const { headers } = await open(path);
      const type = String(headers['content-type']);
      if (!type.startsWith('application/json'))
        expect(headers['content-disposition']).toMatch(/^attachment; filename="[\w.-]+"$/);
      expect(type).not.toMatch(/html|xml|svg|javascript/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      });
    }
  });
});

describe('every route that writes', () => {
  it('answers errors as inert JSON, too', async () => {
    for (const route of apiRoutes(server).filter(changes)) {
      const { headers } = await server.app.inject({
        method: route.method as 'POST',
        url: prefix + randomPath(route),
        headers: { 'content-type': 'text/html', accept: 'text/html' },
        payload: '<script>alert(1)</script>',
      });
      expect([nameOf(route), headers['content-type']]).toEqual([nameOf(route), 'application/json; charset=utf-8']);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });
});

describe('a hostile name', () => {
  it('is kept as it is, on one line, and names no file, no path and no id', async () => {
    for (const name of [...names, ...scripts.slice(0, 50)]) {
      const made = await server.call('POST', '/departments', { as: owner, body: { name } });
      expect([name, made.status]).toEqual([name, 201]);
      expect(made.body.id).toMatch(/^[0-9a-f-]{36}$/);
      const read = await server.call('GET', `/departments/${made.body.id}`, { as: owner });
      expect(read.body.name).toBe(made.body.name);
      expect(made.body.name).toBe(name.replaceAll(/[\r\n\u2028]+/g, ' ').trim());
    }
    expect(existsSync('/tmp/owned')).toBe(false);
  });

  it('that reads as another, or as nothing, is refused', async () => {
    for (const name of unreadable) {
      const refused = await server.call('POST', '/departments', { as: owner, body: { name } });
      expect([name, refused.status]).toEqual([name, 400]);
    }
  });

  it('of an organization makes a slug of letters, digits and dashes', async () => {
    for (const name of names) {
      const { organization } = await server.register(name);
      expect(organization.slug).toMatch(/^[a-z0-9][a-z0-9-]*$/);
    }
  });

  it('of a template reaches no path', async () => {
    for (const name of [...names, '..%2f..%2fpackage.json', '%00', 'customer-service%00'])
      expect(
        (await server.call('GET', `/templates/${encodeURIComponent(name)}`, { as: owner })).status,
        name,
      ).toBeGreaterThanOrEqual(400);
  });

  it('is no header', async () => {
    const made = await server.call('POST', '/departments', { as: owner, body: { name: 'a\r\nSet-Cookie: x=1' } });
    expect(made.headers['set-cookie']).toBeUndefined();
  });
});

/** Fields of bodies that hold a text of somebody's own, found in the document. */
const document = server.app.swagger() as object as Document;
const fields = apiRoutes(server)
  .filter((route) => changes(route) && nameOf(route) in bodies && route.access && !('public' in route.access))
  .flatMap((route) => {
    const body = document.paths[route.url.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()]?.requestBody;
    const schema = body?.content['application/json']?.schema ?? {};
    const { properties = {} } = schema.$ref ? (document.components.schemas[nameOfRef(schema.$ref)] ?? {}) : schema;
    return Object.entries(properties)
      .filter(
        ([name, { type, format, enum: values }]) => type === 'string' && !format && !values && !/password/i.test(name),
      )
      .map(([name]) => ({ route, name }));
  });

describe('a hostile text', () => {
  const sent = { taken: 0, refused: 0 };
  let things: Things;
  beforeAll(async () => {
    things = await makeThings(server, 'Nomes');
  });
  afterAll(() => {
    console.log(
      `hostile texts: ${fields.length} fields x ${names.length + 3} texts, ${sent.taken} taken as text, ${sent.refused} refused`,
    );
  });

  it.each(fields.map(({ route, name }) => [nameOf(route), name, route] as const))(
    'is only text to %s, as its %s',
    async (title, field, route) => {
      for (const text of [...names, 'a\u0000b', '\ud800', 'x'.repeat(5_000)]) {
        const body = { ...bodies[title]?.(things), [field]: text };
        const answer = await server.call(route.method as 'POST', pathOf(route, things), { as: things.session, body });
        expect([text.slice(0, 40), answer.status]).toEqual([
          text.slice(0, 40),
          expect.toSatisfy((status: number) => status < 500),
        ]);
        if (answer.status < 300) sent.taken += 1;
        else sent.refused += 1;
        const { id } = answer.body ?? {};
        expect([undefined, null, expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)]).toContainEqual(
          id,
        );
      }
      expect(existsSync('/tmp/owned')).toBe(false);
    },
  );
});
