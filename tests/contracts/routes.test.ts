import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '#server/api/auth/schemas.js';
import type { ListedRoute } from '#server/plugins/routeList.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { join } from '#tests/support/people.js';
import { createAuthenticator } from '#tests/support/authenticator.js';

/**
 * Every route of the running server, found by asking it: a new one is covered the moment it exists, or this suite says what is missing.
 */
const server: TestApp = await buildTestApp({ trustProxy: '127.0.0.1' });
afterAll(() => server.close());

const prefix = '/api/v1';
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
  'POST /api/v1/webhooks/whatsapp',
];

interface Things {
  readonly session: Session;
  readonly department: string;
  readonly channel: string;
  readonly conversation: string;
  readonly run: string;
  readonly source: string;
  readonly signIn: string;
  readonly passkey: string;
  readonly member: string;
  readonly invitation: string;
  readonly key: string;
}

/** One of everything that has an id. */
async function makeThings(name: string): Promise<Things> {
  const session = await server.register(name);
  const post = async (path: string, body?: unknown) => {
    const answer = await server.call('POST', path, { as: session, body });
    if (answer.status >= 300) throw new Error(`POST ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const department = (await post('/departments', { name, template: 'customer-service' })).id as string;
  await post(`/departments/${department}/publish`);
  const channel = (await post('/integrations/simulator', { departmentId: department })).id as string;
  const message = await post(`/simulator/${channel}/messages`, { from: 'ana', text: 'oi' });
  const { run } = await post(`/departments/${department}/runs`, { input: { text: 'oi' } });
  const source = (await post('/knowledge/sources', { title: 'Horários', text: 'Abrimos às 6h.' })).id as string;
  await server.call('POST', '/auth/login', { body: { email: session.user.email, password: 'pão quentinho às 6' } });
  const member = (await join(server, session, 'member')).user.id;
  const { id: invitation } = await post('/organizations/current/invitations', {
    email: `${uuidv7()}@example.com`,
    role: 'viewer',
  });
  const { id: key } = await post('/api-keys', { name: 'Caixa', permissions: ['runs:read'] });
  const signIns = await server.call('GET', '/auth/sessions', { as: session });
  const signIn = signIns.body.items.find((item: { current: boolean }) => !item.current).id as string;
  const { handle, options } = await post('/account/passkeys/options', { password: 'pão quentinho às 6' });
  const passkey = { name: 'Celular', handle, response: createAuthenticator().create(options) };
  const passkeyId = (await post('/account/passkeys', passkey)).id as string;
  return {
    session,
    department,
    channel,
    conversation: message.conversation.id,
    run: run.id,
    source,
    signIn,
    member,
    invitation: invitation as string,
    key: key as string,
    passkey: passkeyId,
  };
}

/** What the first parameter of a route names, by the beginning of the route. */
const named: readonly [string, keyof Omit<Things, 'session'>][] = [
  ['/departments/:id', 'department'],
  ['/runs/:id', 'run'],
  ['/conversations/:id', 'conversation'],
  ['/knowledge/sources/:id', 'source'],
  ['/integrations/:id', 'channel'],
  ['/simulator/:channelId', 'channel'],
  ['/auth/sessions/:id', 'signIn'],
  ['/organizations/current/members/:userId', 'member'],
  ['/organizations/current/invitations/:id', 'invitation'],
  ['/api-keys/:id', 'key'],
  ['/account/passkeys/:id', 'passkey'],
];

/** A good body for every route that takes one. */
const bodies: Readonly<Record<string, (things: Things) => Record<string, unknown>>> = {
  'POST /auth/register': () => ({
    email: `${uuidv7()}@example.com`,
    password: 'pão quentinho às 6',
    name: 'A',
    organizationName: 'A',
  }),
  'POST /auth/login': ({ session }) => ({ email: session.user.email, password: 'pão quentinho às 6' }),
  'POST /auth/refresh': () => ({ refreshToken: 'x' }),
  'POST /auth/logout': () => ({ refreshToken: 'x' }),
  'POST /auth/sample': () => ({}),
  'POST /auth/verify-email': () => ({ token: 'x' }),
  'POST /auth/password/forgot': () => ({ email: 'nobody@example.com' }),
  'POST /auth/password/reset': () => ({ token: 'x', password: 'pão quentinho às 7' }),
  'POST /auth/switch': ({ session }) => ({ organizationId: session.organization.id }),
  'POST /realtime/ticket': () => ({}),
  'POST /auth/login/totp': () => ({ challenge: 'x', code: '123456' }),
  'POST /auth/passkeys/options': () => ({}),
  'POST /auth/passkeys/login': () => ({ handle: 'x', response: createAuthenticator().get({ challenge: 'x' }) }),
  'POST /account/totp': () => ({ password: 'x' }),
  'POST /account/totp/confirm': () => ({ code: '123456' }),
  'DELETE /account/totp': () => ({ password: 'x' }),
  'POST /account/recovery-codes': () => ({ password: 'x' }),
  'POST /account/passkeys/options': () => ({ password: 'x' }),
  'POST /account/passkeys': () => ({
    name: 'Celular',
    handle: 'x',
    response: createAuthenticator().create({ challenge: 'x' }),
  }),
  'DELETE /account/passkeys/:id': () => ({ password: 'pão quentinho às 6' }),
  'PATCH /account': () => ({ name: 'Lúcia' }),
  'POST /account/email': () => ({ email: `${uuidv7()}@example.com`, password: 'pão quentinho às 6' }),
  'POST /account/verify-email': () => ({}),
  'POST /account/password': () => ({ currentPassword: 'x', newPassword: 'pão quentinho às 7' }),
  'DELETE /account': () => ({ password: 'x' }),
  'POST /organizations': () => ({ name: 'Confeitaria' }),
  'DELETE /organizations/current': () => ({ password: 'x' }),
  'PATCH /organizations/current/members/:userId': () => ({ role: 'viewer' }),
  'POST /organizations/current/leave': () => ({}),
  'POST /organizations/current/transfer': ({ member }) => ({ userId: member, password: 'x' }),
  'POST /organizations/current/invitations': () => ({ email: `${uuidv7()}@example.com`, role: 'viewer' }),
  'POST /organizations/current/invitations/:id/resend': () => ({}),
  'POST /auth/invitations/look': () => ({ token: 'x' }),
  'POST /auth/invitations/join': () => ({ token: 'x', name: 'Ana', password: 'pão quentinho às 7' }),
  'POST /auth/invitations/accept': () => ({ token: 'x' }),
  'POST /api-keys': () => ({ name: 'Caixa', permissions: ['runs:read'] }),
  'PATCH /organizations/current': () => ({ name: 'Padaria' }),
  'POST /departments': () => ({ name: 'Vazio' }),
  'PATCH /departments/:id': () => ({ name: 'Balcão' }),
  'PUT /departments/:id/draft': () => ({ definition: { format: 1, nodes: [], edges: [], settings: {} } }),
  'POST /departments/:id/publish': () => ({}),
  'POST /departments/:id/versions/:version/restore': () => ({}),
  'POST /departments/:id/runs': () => ({ input: { text: 'oi' } }),
  'POST /runs/:id/resume': () => ({ value: true }),
  'POST /runs/:id/cancel': () => ({}),
  'POST /runs/:id/retry': () => ({}),
  'POST /knowledge/sources': () => ({ title: 'A', text: 'B' }),
  'POST /knowledge/search': () => ({ query: 'oi' }),
  'POST /integrations/simulator': ({ department }) => ({ departmentId: department }),
  'POST /integrations/whatsapp': ({ department }) => ({
    departmentId: department,
    phoneNumberId: '1234567890',
    accessToken: 'a token of a system user',
  }),
  'POST /conversations/:id/messages': () => ({ text: 'Já te respondo' }),
  'POST /conversations/:id/assign': () => ({}),
  'POST /conversations/:id/release': () => ({}),
  'POST /conversations/:id/close': () => ({}),
  'POST /simulator/:channelId/messages': () => ({ from: 'ana', text: 'oi' }),
};

/** What a good body is made of, whatever its values. */
const nothing = { session: { user: {}, organization: {} } } as unknown as Things;
const fieldsOf = (name: string) => bodies[name]?.(nothing) ?? {};

let a: Things;
let b: Things;
beforeAll(async () => {
  a = await makeThings('A');
  b = await makeThings('B');
});

const nameOf = ({ method, url }: ListedRoute): string => `${method} ${url.slice(prefix.length)}`;
const isPublic = ({ access }: ListedRoute): boolean => access !== undefined && 'public' in access;
/** Slugs of templates are everybody's; ids are somebody's. */
const hasParams = ({ url }: ListedRoute): boolean => url.replace(':slug', '').includes(':');
const takesBody = (route: ListedRoute): boolean => nameOf(route) in bodies;
const protectedRoutes = ours.filter((route) => !isPublic(route));

/** The route's path with ids of `things`, or with one id everywhere. */
function pathOf({ url }: ListedRoute, ids: Things | string): string {
  const path = url.slice(prefix.length);
  const found = named.find(([start]) => path.startsWith(start));
  if (path.replace(':slug', '').includes(':') && !found)
    throw new Error(`Say in \`named\` what the parameter of ${path} names`);
  const [, key = 'department'] = found ?? [];
  return path
    .replace(/:(id|channelId|userId)/, typeof ids === 'string' ? ids : ids[key])
    .replace(':version', '1')
    .replace(':slug', 'customer-service');
}

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

describe.each(protectedRoutes.map((route) => [nameOf(route), route] as const))('%s', (_, route) => {
  it('needs a token, and a good one', async () => {
    const path = pathOf(route, a);
    const body = bodies[nameOf(route)]?.(a);
    const forged: Session = { ...a.session, accessToken: `${a.session.accessToken.slice(0, -4)}AAAA` };
    for (const as of [undefined, forged]) {
      const answer = await request(route, path, { ...(as && { as }), body });
      expect(answer).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } });
    }
  });

  if (!hasParams(route)) return;

  it("answers another organization's id like one that does not exist", async () => {
    const body = bodies[nameOf(route)]?.(a);
    const without = (answer: { body: { error: { requestId: string } } }) => ({ ...answer.body.error, requestId: '' });
    const random = await request(route, pathOf(route, uuidv7()), { as: a.session, body });
    const theirs = await request(route, pathOf(route, b), { as: a.session, body });
    expect([theirs.status, random.status]).toEqual([404, 404]);
    expect(without(theirs)).toEqual(without(random));
    expect(Object.keys(theirs.headers).toSorted()).toEqual(Object.keys(random.headers).toSorted());
    expect((await request(route, pathOf(route, 'not-an-id'), { as: a.session, body })).status).toBe(404);
  });

  if (route.method !== 'GET') return;

  it('answers its own organization', async () => {
    expect((await request(route, pathOf(route, b), { as: b.session })).status).toBe(200);
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
