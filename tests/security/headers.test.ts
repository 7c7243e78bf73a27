import { request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '#server/api/auth/schemas.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { join } from '#tests/support/people.js';
import { apiRoutes, changes, nameOf, prefix, randomPath } from '#tests/support/routes.js';

/** Headers that other systems have believed: none of them changes who the caller is, what they may, or what is asked. */
const server: TestApp = await buildTestApp();

let owner: Session;
let viewer: Session;
let other: Session;
beforeAll(async () => {
  owner = await server.register('A');
  viewer = await join(server, owner, 'viewer');
  other = await server.register('B');
});
const spoofed = (): Record<string, string> => ({
  'x-request-from': 'internal',
  'x-internal': 'true',
  'x-forwarded-for': '127.0.0.1, 10.0.0.1, ::1',
  'x-forwarded-host': 'localhost',
  'x-forwarded-proto': 'https',
  'x-forwarded-user': other.user.email,
  'x-forwarded-prefix': '/admin',
  'x-real-ip': '127.0.0.1',
  forwarded: 'for=127.0.0.1;host=localhost;proto=https',
  via: '1.1 internal',
  'x-original-url': '/api/v1/departments',
  'x-rewrite-url': '/api/v1/departments',
  'x-http-method-override': 'GET',
  'x-http-method': 'GET',
  'x-method-override': 'GET',
  'x-tenant-id': other.organization.id,
  'x-organization-id': other.organization.id,
  'x-workspace-id': other.organization.id,
  'x-user-id': other.user.id,
  'x-role': 'owner',
  'x-user-role': 'owner',
  'x-permissions': '*',
  'x-api-key': `aid_${'a'.repeat(43)}`,
  'x-operator-key': 'a'.repeat(43),
  'x-original-method': 'GET',
  'x-remote-user': other.user.email,
  'remote-user': other.user.email,
  'x-auth-request-email': other.user.email,
  'x-forwarded-email': other.user.email,
  'x-forwarded-client-cert': 'Subject="CN=admin"',
  'x-account-id': other.organization.id,
  'x-impersonate-user': other.user.id,
  'x-sudo': 'true',
  'x-middleware-subrequest': 'middleware:middleware',
  'x-n8n-api-key': 'a',
  cookie: `session=${other.accessToken}; accessToken=${other.accessToken}`,
  host: 'localhost',
});
const routes = apiRoutes(server);
const tried = { closed: 0, same: 0 };
afterAll(() => {
  console.log(
    `headers: ${routes.length} routes x ${Object.keys(spoofed()).length} headers at once, ${tried.closed} closed, ${tried.same} answered as without`,
  );
  return server.close();
});
const isPublic = (route: (typeof routes)[number]) => route.access !== undefined && 'public' in route.access;
const ask = async (route: (typeof routes)[number], path: string, as: Session | null, headers: object) => {
  const answer = await server.app.inject({
    method: route.method as 'GET',
    url: prefix + path,
    headers: { ...headers, ...(as && { authorization: `Bearer ${as.accessToken}` }) },
    ...(changes(route) && { payload: {} }),
  });
  const { error } = answer.headers['content-type']?.toString().includes('json') && answer.body ? answer.json() : {};
  return [answer.statusCode, error?.code];
};

describe.each(routes.filter((route) => !isPublic(route)).map((route) => [nameOf(route), route] as const))(
  '%s',
  (_, route) => {
    it('is closed to whoever only says so in headers', async () => {
      expect(await ask(route, randomPath(route), null, spoofed())).toEqual([401, 'unauthenticated']);
      tried.closed += 1;
    });

    it('is no other to a viewer who says to be more', async () => {
      const path = randomPath(route);
      // What a viewer may do for themselves, they may; nothing is asked of it twice that could be done only once.
      if (changes(route) && route.access && 'person' in route.access) return;
      expect(await ask(route, path, viewer, spoofed())).toEqual(await ask(route, path, viewer, {}));
      tried.same += 1;
    });
  },
);

describe('a list', () => {
  it('is of the caller’s organization, whatever headers say', async () => {
    await server.call('POST', '/departments', { as: other, body: { name: 'Theirs' } });
    for (const headers of [{}, spoofed()]) {
      const { body } = await server.call('GET', '/departments', { as: owner, headers });
      expect(body.items).toEqual([]);
    }
    const { body } = await server.call('GET', '/organizations/current', { as: owner, headers: spoofed() });
    expect(body.id).toBe(owner.organization.id);
  });
});

describe('a method', () => {
  it('is the one of the request: no header, field or query makes it another', async () => {
    const { body } = await server.call('POST', '/departments', { as: owner, body: { name: 'Stays' } });
    for (const [name, value] of [
      ['x-http-method-override', 'DELETE'],
      ['x-method-override', 'DELETE'],
      ['x-http-method', 'DELETE'],
    ] as const)
      await server.call('GET', `/departments/${body.id}?_method=DELETE`, { as: owner, headers: { [name]: value } });
    expect((await server.call('GET', `/departments/${body.id}`, { as: owner })).status).toBe(200);
  });
});

describe('a request', () => {
  it('that names two callers is nobody’s', async () => {
    const base = await server.app.listen({ host: '127.0.0.1', port: 0 });
    const as = (...sessions: Session[]): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const asked = request(`${base}${prefix}/organizations/current`, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        asked.setHeader(
          'authorization',
          sessions.map(({ accessToken }) => `Bearer ${accessToken}`),
        );
        asked.on('error', reject).end();
      });
    expect(await as(owner)).toBe(200);
    expect(await as(owner, other)).toBe(401);
    expect(await as(owner, owner)).toBe(401);
  });
});

describe('an offer to speak another protocol', () => {
  const webSocket =
    'Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n';
  const h2c = 'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';
  let port: number;
  beforeAll(async () => {
    if (!server.app.server.listening) await server.app.listen({ host: '127.0.0.1', port: 0 });
    port = (server.app.server.address() as AddressInfo).port;
  });

  /** The status of the first answer, and what follows its header lines. */
  const say = (line: string, headers: string, body = '') =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(
          `${line} HTTP/1.1\r\nHost: departments.example\r\nConnection: Upgrade, HTTP2-Settings\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`,
        ),
      );
      let said = '';
      socket.on('data', (data) => {
        said += String(data);
        if (said.startsWith('HTTP/1.1 101')) socket.destroy();
      });
      socket.on('error', reject).on('close', () => {
        const [head = '', ...rest] = said.split('\r\n\r\n');
        resolve({ status: Number(head.split(' ')[1]), body: rest.join('\r\n\r\n') });
      });
    });
  const bearer = () => `Authorization: Bearer ${owner.accessToken}\r\n`;

  it.each([
    ['h2c, as clients of Java do', h2c],
    ['a WebSocket where there is none', webSocket],
  ])('of %s is passed over: the request is answered as it is', async (_, offer) => {
    const account = await say('GET /api/v1/account', bearer() + offer);
    expect([account.status, JSON.parse(account.body).id]).toEqual([200, owner.user.id]);
    const body = JSON.stringify({ name: 'Casa' });
    const made = await say('POST /api/v1/departments', `${bearer()}${offer}Content-Type: application/json\r\n`, body);
    expect([made.status, JSON.parse(made.body).name]).toEqual([201, 'Casa']);
    expect((await say('GET /api/v1/nothing', offer)).status).toBe(404);
    expect((await say('GET /api/v1/account', offer)).status).toBe(401);
  });

  it('lets no token in the address open what takes one in a header alone', async () => {
    const token = `token=${owner.accessToken}`;
    expect((await say(`GET /api/v1/account?${token}`, webSocket)).status).toBe(401);
    expect((await say(`GET /api/v1/realtime?${token}`, h2c)).status).toBe(401);
    expect((await say(`GET /api/v1/realtime?${token}`, webSocket)).status).toBe(101);
  });
});
