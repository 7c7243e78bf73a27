import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '#server/api/auth/schemas.js';
import type { Document } from '#server/openapi/document.js';
import { nameOfRef } from '#server/openapi/document.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { createAuthenticator } from '#tests/support/authenticator.js';
import { makeWork, pathOf, type Things } from '#tests/support/everyRoute.js';
import { join, password } from '#tests/support/people.js';
import { apiRoutes, nameOf, prefix } from '#tests/support/routes.js';

/** Every list of the running server, found by its answer in the document: items and the cursor of the next page. */
const operatorKey = 'operator key';
const server: TestApp = await buildTestApp({ operatorKey });
afterAll(() => server.close());
const document = server.app.swagger() as object as Document;

const answerOf = (url: string) => {
  const operation = document.paths[url.replace(/:(\w+)/g, '{$1}')]?.['get'];
  const schema = operation?.responses?.['200']?.content?.['application/json']?.schema ?? {};
  return schema.$ref ? (document.components.schemas[nameOfRef(schema.$ref)] ?? {}) : schema;
};
const timesAskedOf = ({ url }: { url: string }): string[] =>
  (document.paths[url.replace(/:(\w+)/g, '{$1}')]?.['get']?.parameters ?? [])
    .filter((one) => one.in === 'query' && one.schema?.format === 'date-time')
    .map(({ name = '' }) => name);
const lists = apiRoutes(server).filter(
  ({ method, url }) => method === 'GET' && answerOf(url).properties?.['items'] !== undefined,
);
/** Lists that are never long, and always answered whole. Why. */
const whole: Readonly<Record<string, string>> = {
  'GET /organizations/current/roles': 'four roles, which the product knows',
  'GET /departments/:id/webhooks': 'one for each trigger of one definition',
};
const paged = lists.filter((route) => !(nameOf(route) in whole));

let owner: Session;
let things: Partial<Things>;
beforeAll(async () => {
  owner = await server.register();
  for (let at = 0; at < 3; at++) things = await makeWork(server, owner, `Balcão ${at}`);
  const post = async (path: string, body: unknown) => {
    const answer = await server.call('POST', path, { as: owner, body });
    expect([path, answer.status]).toEqual([path, expect.toSatisfy((status: number) => status < 300)]);
    return answer.body;
  };
  for (let at = 0; at < 3; at++) {
    await post(`/simulator/${things.channel}/messages`, { from: 'ana', text: `oi ${at}` });
    await post(`/simulator/${things.channel}/messages`, { from: `bia ${at}`, text: 'oi' });
    await post(`/departments/${things.department}/publish`, {});
    await post(`/departments/${things.department}/runs`, { input: { text: 'oi' } });
    await post('/knowledge/sources', { title: `Nota ${at}`, text: 'Abrimos às 6h.' });
    await post('/api-keys', { name: `Chave ${at}`, permissions: ['runs:read'] });
    await post('/organizations', { name: `Casa ${at}` });
    await post('/organizations/current/invitations', { email: `${uuidv7()}@example.com`, role: 'viewer' });
    await join(server, owner, 'viewer');
    await server.call('POST', '/auth/login', { body: { email: owner.user.email, password } });
    const { handle, options } = await post('/account/passkeys/options', { password });
    await post('/account/passkeys', { name: `Celular ${at}`, handle, response: createAuthenticator().create(options) });
  }
});

const ask = (route: (typeof lists)[number], query: string) => {
  const headers: Record<string, string> = route.url.startsWith(`${prefix}/outbox`)
    ? { 'x-operator-key': operatorKey }
    : {};
  return server.call('GET', `${pathOf(route, things)}?${query}`, { as: owner, headers });
};
const cursorOf = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url');

it('lists are found, and those without pages are few and named', () => {
  expect(lists.length).toBeGreaterThan(15);
  const names = lists.map(nameOf);
  expect(lists.flatMap(timesAskedOf)).toContain('from');
  expect(Object.keys(whole).filter((name) => !names.includes(name))).toEqual([]);
});

describe.each(paged.map((route) => [nameOf(route), route] as const))('%s', (_, route) => {
  it('takes a limit from 1 to 100, and no other', async () => {
    for (const limit of ['1', '100'])
      expect([limit, (await ask(route, `limit=${limit}`)).status]).toEqual([limit, 200]);
    for (const limit of ['0', '101', '-1', '1.5', 'x', '', '1e9', '١'])
      expect([limit, (await ask(route, `limit=${encodeURIComponent(limit)}`)).status]).toEqual([limit, 400]);
  });

  it('refuses a cursor that is not its own', async () => {
    const wrong = [
      'x',
      '%00',
      'null',
      cursorOf([]),
      cursorOf(null),
      cursorOf({}),
      cursorOf(['x', 'y', 'z', 'w']),
      cursorOf([1]),
    ];
    for (const cursor of [...wrong, 'a'.repeat(500), `${cursorOf([uuidv7()])}!`.repeat(3)])
      expect([cursor, (await ask(route, `cursor=${cursor}`)).status]).toEqual([cursor, 400]);
  });

  it('refuses times that are none, and in a cursor what no database takes', async () => {
    const times = ['0000-01-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-11-28T24:00:01Z', 'infinity', 'now'];
    for (const name of timesAskedOf(route))
      for (const time of times)
        expect([name, time, (await ask(route, `${name}=${time}`)).status]).toEqual([name, time, 400]);
    const { nextCursor } = (await ask(route, 'limit=1')).body;
    const key: unknown[] = nextCursor === null ? [] : JSON.parse(Buffer.from(nextCursor, 'base64url').toString());
    for (const [at, part] of key.entries())
      for (const wrong of typeof part === 'string' && /^\d{4}-.*T/.test(part) ? [...times, 'x\0'] : ['x\0']) {
        const { status } = await ask(route, `cursor=${cursorOf(key.with(at, wrong))}`);
        expect([wrong, status]).toEqual([wrong, 400]);
      }
  });

  it('gives everything once, in pages of one as in one page', async () => {
    const all = (await ask(route, 'limit=100')).body;
    const seen: unknown[] = [];
    let cursor: string | null = null;
    // A long list is followed for a while.
    for (let pages = 0; pages < 30; pages++) {
      const query: string = cursor === null ? 'limit=1' : `limit=1&cursor=${encodeURIComponent(cursor)}`;
      const { status, body }: { status: number; body: { items: unknown[]; nextCursor: string | null } } = await ask(
        route,
        query,
      );
      expect(status).toBe(200);
      expect(body.items.length).toBeLessThanOrEqual(1);
      seen.push(...body.items);
      cursor = body.nextCursor;
      if (cursor === null) break;
    }
    expect(seen.map(plain)).toEqual(all.items.slice(0, seen.length).map(plain));
    if (cursor === null) expect(seen).toHaveLength(all.items.length);
  });
});

/** Without what every look changes by itself: when somebody or something was last here. */
const plain = (item: unknown): string =>
  JSON.stringify(item, (key, value: unknown) => (/^last|SeenAt$/.test(key) ? undefined : value));

describe('a list that grows while it is read', () => {
  it.each([
    ['/departments', (at: number) => ['/departments', { name: `Novo ${at}` }]],
    ['/knowledge/sources', (at: number) => ['/knowledge/sources', { title: `Novo ${at}`, text: 'x' }]],
    ['/api-keys', (at: number) => ['/api-keys', { name: `Novo ${at}`, permissions: ['runs:read'] }]],
    ['/runs', () => [`/departments/${things.department}/runs`, { input: { text: 'oi' } }]],
  ] as const)('%s gives what was there once, and moves none of it', async (path, more) => {
    const before = (await server.call('GET', `${path}?limit=100`, { as: owner })).body.items.map(
      ({ id }: { id: string }) => id,
    );
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page === 0 || cursor; page++) {
      const { body } = await server.call('GET', `${path}?limit=2${cursor && `&cursor=${cursor}`}`, { as: owner });
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor ?? '';
      const [to, body2] = more(page);
      await server.call('POST', to as string, { as: owner, body: body2 });
      if (page > 50) break;
    }
    expect(seen).toEqual(before);
  });
});

const asked = apiRoutes(server).flatMap((route) => {
  const { parameters = [] } = document.paths[route.url.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()] ?? {};
  const names = parameters.flatMap(({ in: place, name }) => (place === 'query' && name ? [name] : []));
  return route.method === 'GET' && names.length > 0 ? [[nameOf(route), route, names] as const] : [];
});

describe.each(asked)('the query of %s', (_, route, names) => {
  it('may hold what no database stores, and nothing breaks', async () => {
    for (const name of names)
      for (const odd of ['%00', 'a%00b', '%ed%a0%80', '%', '_%25%5c', `${name}=again`])
        expect([name, odd, (await ask(route, `${name}=${odd}`)).status]).toEqual([
          name,
          odd,
          expect.toSatisfy((status: number) => status < 500),
        ]);
  });
});
