import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '#server/api/auth/schemas.js';
import type { ListedRoute } from '#server/plugins/routeList.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { bodies, makeThings, pathOf, type Things } from '#tests/support/everyRoute.js';
import { prefix } from '#tests/support/routes.js';

/**
 * Every route of the running server, found by asking it: a new one is covered the moment it exists, or this suite says what is missing.
 */
const server: TestApp = await buildTestApp({ trustProxy: '127.0.0.1' });
afterAll(() => server.close());

/** Everything but what plugins serve (description, pages, health, live events) and the webhooks, which have suites of their own. */
const ours = server.app
  .routeList()
  .filter(({ url, method, websocket }) => url.startsWith(`${prefix}/`) && method !== 'HEAD' && !websocket)
  .filter(({ url }) => !url.startsWith(`${prefix}/webhooks/`) && url !== `${prefix}/openapi.json`);

/** Reviewed: whoever adds a public route adds it here, with somebody else's eyes. */
const publicRoutes = [
  'GET /.well-known/jwks.json',
  'GET /api/v1/openapi.json',
  'GET /api/v1/outbox',
  'GET /api/v1/outbox/:id',
  'GET /api/v1/webhooks/whatsapp',
  'GET /healthz',
  'GET /readyz',
  'POST /api/v1/auth/invitations/join',
  'POST /api/v1/auth/invitations/look',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/login/totp',
  'POST /api/v1/auth/logout',
  'POST /api/v1/auth/passkeys/login',
  'POST /api/v1/auth/passkeys/options',
  'POST /api/v1/auth/password/forgot',
  'POST /api/v1/auth/password/reset',
  'POST /api/v1/auth/refresh',
  'POST /api/v1/auth/register',
  'POST /api/v1/auth/sample',
  'POST /api/v1/auth/verify-email',
  'POST /api/v1/webhooks/departments/:token',
  'POST /api/v1/webhooks/events/:token',
  'POST /api/v1/webhooks/whatsapp',
];

/** What a good body is made of, whatever its values. */
const nothing = { session: { user: {}, organization: {} } } as unknown as Things;
const fieldsOf = (name: string) => bodies[name]?.(nothing) ?? {};

let a: Things;
let b: Things;
beforeAll(async () => {
  a = await makeThings(server, 'A');
  b = await makeThings(server, 'B');
});

const nameOf = ({ method, url }: ListedRoute): string => `${method} ${url.slice(prefix.length)}`;
const isPublic = ({ access }: ListedRoute): boolean => access !== undefined && 'public' in access;
/** Slugs of templates are everybody's; ids are somebody's. */
const hasParams = ({ url }: ListedRoute): boolean => url.replace(':slug', '').includes(':');
/** Whether something of one's own is named first and something under it next. */
const ownOf = ({ url }: ListedRoute): boolean => /:effectId|:commentId/.test(url);
const takesBody = (route: ListedRoute): boolean => nameOf(route) in bodies;
const protectedRoutes = ours.filter((route) => !isPublic(route));

function request(route: ListedRoute, path: string, options: { as?: Session; body?: unknown } = {}) {
  return server.call(route.method as 'GET', path, options);
}

let asked = 0;
/** Each from an address of its own: routes that guard a password take only some tries a minute from one. */
const elsewhere = () => ({ 'x-forwarded-for': `10.0.${Math.floor(++asked / 256) % 256}.${asked % 256}` });

describe('the list of routes', () => {
  it('has no public route that nobody reviewed', () => {
    const found = server.app
      .routeList()
      .filter((route) => isPublic(route) && route.method !== 'HEAD' && !route.url.startsWith('/docs'))
      .map(({ method, url }) => `${method} ${url.replace(/\/$/, '')}`);
    expect([...new Set(found)].toSorted()).toEqual(publicRoutes);
  });

  it('is not empty', () => {
    expect(protectedRoutes.length).toBeGreaterThan(30);
  });
});

/** What was tried and what came of it, for whoever reads the record of the suite. */
const figures = { strangers: 0, foreign: 0, random: 0, own: 0 };
afterAll(() => {
  const { strangers, foreign, random, own } = figures;
  console.log(
    `routes: ${protectedRoutes.length} tried without and with a forged token: ${strangers} denied; with ids of another organization: ${foreign} denied, each like one of ${random} random ids; with their own: ${own} allowed`,
  );
});

const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** The same ids, written otherwise: whoever owns them is found all the same, and nobody else. */
const spellings: readonly ((path: string) => string)[] = [
  (path) => path.replace(uuids, (id) => id.toUpperCase()),
  (path) => path.replace(uuids, (id) => id.replaceAll('-', '%2D')),
];

describe.each(protectedRoutes.map((route) => [nameOf(route), route] as const))('%s', (_, route) => {
  it('needs a token, and a good one', async () => {
    const path = pathOf(route, a);
    const body = bodies[nameOf(route)]?.(a);
    const forged: Session = { ...a.session, accessToken: `${a.session.accessToken.slice(0, -4)}AAAA` };
    for (const as of [undefined, forged]) {
      const answer = await request(route, path, { ...(as && { as }), body });
      expect(answer).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } });
      figures.strangers += 1;
    }
  });

  if (!hasParams(route)) return;

  it("answers another organization's id like one that does not exist", async () => {
    const body = bodies[nameOf(route)]?.(a);
    const without = (answer: { body: { error: { requestId: string } } }) => ({ ...answer.body.error, requestId: '' });
    const random = await request(route, pathOf(route, uuidv7()), { as: a.session, body });
    const theirs = await request(route, pathOf(route, b), { as: a.session, body });
    expect([theirs.status, random.status]).toEqual([404, 404]);
    figures.foreign += 1;
    figures.random += 1;
    expect(without(theirs)).toEqual(without(random));
    expect(Object.keys(theirs.headers).toSorted()).toEqual(Object.keys(random.headers).toSorted());
    expect((await request(route, pathOf(route, 'not-an-id'), { as: a.session, body })).status).toBe(404);
    for (const spell of spellings) {
      const spelled = await request(route, spell(pathOf(route, b)), { as: a.session, body });
      expect([spelled.status, without(spelled)]).toEqual([random.status, without(random)]);
      figures.foreign += 1;
    }
  });

  if (route.method !== 'GET') return;

  it('answers its own organization', async () => {
    for (const spell of [(path: string) => path, ...spellings])
      expect((await request(route, spell(pathOf(route, b)), { as: b.session })).status).toBe(200);
    figures.own += 1;
  });
});

describe.each(protectedRoutes.filter(ownOf).map((route) => [nameOf(route), route] as const))('%s', (_, route) => {
  it("finds another's under one's own like one that does not exist", async () => {
    const body = bodies[nameOf(route)]?.(a);
    const ask = async (things: Partial<Things>) => {
      const { status, body: said } = await request(route, pathOf(route, things), { as: a.session, body });
      return { status, error: { ...said.error, requestId: '' } };
    };
    const random = { ...a, effect: uuidv7(), comment: uuidv7() };
    const theirs = { ...a, effect: b.effect, comment: b.comment };
    expect(await ask(theirs)).toEqual(await ask(random));
    expect((await ask(theirs)).status).toBe(404);
    figures.foreign += 1;
  });
});

describe.each(ours.filter(takesBody).map((route) => [nameOf(route), route] as const))(
  'the body of %s',
  (name, route) => {
    const good = () => bodies[name]?.(a) ?? {};

    const foreign = [
      'id',
      'organizationId',
      'organization_id',
      'tenant_id',
      'workspace_id',
      'userId',
      'role',
      'owner',
      'createdAt',
      'created_at',
      'plan',
      'isAdmin',
    ];
    it.each(foreign.filter((field) => !(field in fieldsOf(name))))('has no %s', async (field) => {
      const answer = await server.call(route.method as 'POST', pathOf(route, a), {
        as: a.session,
        body: { ...good(), [field]: uuidv7() },
        headers: elsewhere(),
      });
      expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad_input' } } });
    });

    it.each(['__proto__', 'constructor'])('has no %s', async (field) => {
      const body = JSON.stringify(good())
        .replace(/^\{/, `{"${field}":{"prototype":{"admin":true}},`)
        .replace(',}', '}');
      const headers = { 'content-type': 'application/json', ...elsewhere() };
      const answer = await server.call(route.method as 'POST', pathOf(route, a), { as: a.session, body, headers });
      expect(answer.status).toBe(400);
      expect('admin' in {}).toBe(false);
    });

    it.each([
      'text/plain',
      'text/plain; x=application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json\tx',
      'application/json garbage',
      'application/json; charset=utf-16',
      'application/jsonx',
      'application/octet-stream',
      'application/json;',
      'application/json;charset=utf-8;',
      'application/json; charset=utf-8; boundary=x',
      'application/json, text/plain',
      'application/json\u00a0',
      'application/x-ndjson',
      'application/merge-patch+json',
      'application/vnd.api+json',
      'text/json',
      '',
      ' ',
      ' text/plain',
      ' application/json',
    ])('is not read as %s', async (type) => {
      const answer = await server.call(route.method as 'POST', pathOf(route, a), {
        as: a.session,
        body: JSON.stringify({ ...good(), extra: 1 }),
        headers: { 'content-type': type, ...elsewhere() },
      });
      expect(answer).toMatchObject({ status: 415, body: { error: { code: 'unsupported_media_type' } } });
    });

    it.each(['APPLICATION/JSON', 'application/json; charset=UTF-8', 'application/json ;charset=utf-8'])(
      'meets its schema also as %s',
      async (type) => {
        const answer = await server.call(route.method as 'POST', pathOf(route, a), {
          as: a.session,
          body: JSON.stringify({ ...good(), extra: 1 }),
          headers: { 'content-type': type, ...elsewhere() },
        });
        expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad_input' } } });
      },
    );
  },
);

describe("another organization's id in a body or a filter", () => {
  it.each(['POST /integrations/simulator', 'POST /integrations/whatsapp'])('is not found by %s', async (name) => {
    const path = name.slice('POST '.length);
    const ask = (departmentId: string) =>
      server.call('POST', path, { as: a.session, body: { ...bodies[name]?.(a), departmentId } });
    const [theirs, random] = [await ask(b.department), await ask(uuidv7())];
    expect([theirs.status, random.status]).toEqual([404, 404]);
  });

  it.each([
    ['/runs', 'departmentId', 'department'],
    ['/runs', 'conversationId', 'conversation'],
    ['/conversations', 'channelId', 'channel'],
    ['/conversations', 'departmentId', 'department'],
    ['/integrations', 'departmentId', 'department'],
  ] as const)('finds nothing in %s?%s', async (path, filter, key) => {
    const theirs = await server.call('GET', `${path}?${filter}=${b[key]}`, { as: a.session });
    expect(theirs).toMatchObject({ status: 200, body: { items: [], nextCursor: null } });
  });
});
