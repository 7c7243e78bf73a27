import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Session } from '#server/api/auth/schemas.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { apiRoutes, changes, nameOf, prefix, randomPath } from '#tests/support/routes.js';

/** What another site can do in the browser of somebody who is signed in here: with every header that a page can cause, nothing. */
const publicUrl = 'https://departments.example';
const server: TestApp = await buildTestApp({ publicUrl });
afterAll(() => server.close());

let owner: Session;
beforeAll(async () => {
  owner = await server.register();
});
const routes = apiRoutes(server).filter(
  ({ url }) => !url.startsWith(`${prefix}/webhooks/`) || url.includes('departments'),
);
const tried = { writes: 0, reads: 0 };
afterAll(() => {
  console.log(
    `cross-site: ${routes.length} routes, ${tried.writes} writes refused, ${tried.reads} given no leave to read`,
  );
});
const evil = 'https://evil.example';
const ask = (method: string, path: string, headers: Record<string, string>) =>
  server.app.inject({
    method: method as 'POST',
    url: prefix + path,
    headers: { host: 'departments.example', authorization: `Bearer ${owner.accessToken}`, ...headers },
    ...(method !== 'GET' && { payload: {} }),
  });

describe.each(routes.filter(changes).map((route) => [nameOf(route), route] as const))('%s', (_, route) => {
  it.each([
    ['another site', { origin: evil }],
    ['another site, in a browser of today', { origin: evil, 'sec-fetch-site': 'cross-site' }],
    ['a sandboxed page', { origin: 'null' }],
    ['a sibling of ours', { origin: 'https://blog.departments.example', 'sec-fetch-site': 'same-site' }],
    ['our name without encryption', { origin: 'http://departments.example:8080' }],
    ['a name that begins like ours', { origin: 'https://departments.example.evil.example' }],
    ['no origin, but another site', { 'sec-fetch-site': 'cross-site' }],
  ])('is refused to %s', async (_case, headers) => {
    const answer = await ask(route.method, randomPath(route), headers as unknown as Record<string, string>);
    expect([answer.statusCode, answer.json().error.code]).toEqual([403, 'bad_origin']);
    tried.writes += 1;
  });
});

describe.each(routes.map((route) => [nameOf(route), route] as const))('%s', (_, route) => {
  const path = randomPath(route);

  it('gives no other site leave to read, and sets no cookie', async () => {
    const answer = await ask(route.method, path, { origin: evil, 'sec-fetch-site': 'cross-site' });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
    tried.reads += 1;
  });

  it('answers no preflight', async () => {
    const answer = await server.app.inject({
      method: 'OPTIONS',
      url: prefix + path,
      headers: {
        origin: evil,
        'access-control-request-method': route.method,
        'access-control-request-headers': 'authorization, content-type',
      },
    });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

describe('a refresh', () => {
  it('is refused to another site that has the token in a form, and works for our own pages', async () => {
    const send = (headers: Record<string, string>, session: Session) =>
      server.app.inject({
        method: 'POST',
        url: `${prefix}/auth/refresh`,
        payload: { refreshToken: session.refreshToken },
        headers: { host: 'inner.example', ...headers },
      });
    expect((await send({ origin: evil }, owner)).statusCode).toBe(403);
    const first = await send({ origin: publicUrl }, owner);
    expect(first.statusCode).toBe(200);
    // Behind a proxy that changes the Host the browser still knows that it is the same site.
    const second = await send({ origin: 'https://other.example', 'sec-fetch-site': 'same-origin' }, first.json());
    expect(second.statusCode).toBe(200);
    const program = await send({}, second.json());
    expect(program.statusCode).toBe(200);
    owner = program.json();
  });

  it('is not read from a form, which a browser would send without asking', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain']) {
      const answer = await server.app.inject({
        method: 'POST',
        url: `${prefix}/auth/refresh`,
        payload: JSON.stringify({ refreshToken: owner.refreshToken }),
        headers: { 'content-type': type },
      });
      expect(answer.statusCode).toBe(415);
    }
  });
});

describe('a WebSocket', () => {
  it('opens for our own pages and for no other site', async () => {
    await server.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.app.server.address() as AddressInfo;
    const { body } = await server.call('POST', '/departments', { as: owner, body: { name: 'Rascunho' } });
    const outcome = (path: string, origin: string): Promise<number | 'open'> =>
      new Promise((resolve) => {
        const url = `ws://127.0.0.1:${port}${prefix}${path}?token=${owner.accessToken}`;
        const socket = new WebSocket(url, { headers: { origin } });
        socket.on('open', () => {
          socket.close();
          resolve('open');
        });
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
        socket.on('error', () => {});
      });
    const paths = server.app
      .routeList()
      .filter(({ websocket, method }) => websocket && method === 'GET')
      .map(({ url }) => url.slice(prefix.length).replace(':departmentId', body.id));
    expect(paths).toHaveLength(2);
    for (const path of paths) {
      expect([path, await outcome(path, evil), await outcome(path, 'null')]).toEqual([path, 403, 403]);
      expect([path, await outcome(path, publicUrl)]).toEqual([path, 'open']);
    }
  });
});
