import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Session } from '#server/api/auth/schemas.js';
import { SESSION_OVER } from '#server/realtime/routes.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { join, mailed, password } from '#tests/support/people.js';

/** What ends when a person’s password or place changes: sign-ins, live connections and keys, here at once. */
let server: TestApp;
beforeAll(async () => {
  server = await buildTestApp();
  await server.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => server.close());

interface Held {
  /** The device that acts. */
  readonly here: Session;
  readonly other: Session;
  readonly program: Session;
  readonly sockets: { readonly other: WebSocket; readonly program: WebSocket };
}

async function open(as: Session): Promise<WebSocket> {
  const { port } = server.app.server.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/realtime`, {
    headers: { authorization: `Bearer ${as.accessToken}` },
  });
  await once(socket, 'message');
  return socket;
}

/** A person with two devices and a program, all of them connected. */
async function hold(here: Session): Promise<Held> {
  const other = await server.call('POST', '/auth/login', { body: { email: here.user.email, password } });
  const key = await server.call('POST', '/api-keys', {
    as: here,
    body: { name: 'x', permissions: ['runs:read', 'realtime:read'] },
  });
  expect([other.status, key.status]).toEqual([200, 201]);
  const program = { ...here, accessToken: key.body.key as string };
  return { here, other: other.body, program, sockets: { other: await open(other.body), program: await open(program) } };
}
const works = async (as: Session): Promise<boolean> => (await server.call('GET', '/runs', { as })).status === 200;
const isGone = async (socket: WebSocket): Promise<boolean> =>
  socket.readyState === WebSocket.CLOSED || (await once(socket, 'close'))[0] === SESSION_OVER;

describe('a new password', () => {
  it('ends the other devices and the keys that the person made, and their connections', async () => {
    const { here, other, program, sockets } = await hold(await server.register());
    const changed = await server.call('POST', '/account/password', {
      as: here,
      body: { currentPassword: password, newPassword: 'broa de milho às 7' },
    });
    expect(changed.status).toBe(200);
    expect([await works(changed.body), await works(other), await works(program)]).toEqual([true, false, false]);
    expect(await Promise.all([isGone(sockets.other), isGone(sockets.program)])).toEqual([true, true]);
    const { body } = await server.call('GET', '/audit', { as: changed.body });
    expect(body.items.map(({ action }: { action: string }) => action)).toContain('apiKey.revoke');
  });

  it('leaves the keys of whoever wants to keep them, and everybody else’s always', async () => {
    const owner = await server.register();
    const ana = await hold(await join(server, owner, 'admin'));
    const bia = await hold(await join(server, owner, 'admin'));
    const body = { currentPassword: password, newPassword: 'broa de milho às 7', keepApiKeys: true };
    const changed = await server.call('POST', '/account/password', { as: ana.here, body });
    expect(changed.status).toBe(200);
    expect([await works(ana.other), await works(ana.program), await works(bia.program)]).toEqual([false, true, true]);
    expect(ana.sockets.program.readyState).toBe(WebSocket.OPEN);
  });

  it('by a mail ends every device and every key of the person, in all their organizations', async () => {
    const { here, other, program, sockets } = await hold(await server.register());
    const made = await server.call('POST', '/organizations', { as: here, body: { name: 'Outra' } });
    const there = (await server.call('POST', '/auth/switch', { as: other, body: { organizationId: made.body.id } }))
      .body;
    const second = await hold({ ...there, user: here.user });
    await server.call('POST', '/auth/password/forgot', { body: { email: here.user.email } });
    const token = await mailed(server, here.user.email, 'reset_password');
    const reset = await server.call('POST', '/auth/password/reset', {
      body: { token, password: 'broa de milho às 7' },
    });
    expect(reset.status).toBe(204);
    for (const as of [here, other, program, second.here, second.other, second.program])
      expect(await works(as)).toBe(false);
    expect(await Promise.all(Object.values({ ...sockets }).map(isGone))).toEqual([true, true]);
  });
});

describe('another place in the organization', () => {
  it('ends what a member who was taken out holds', async () => {
    const owner = await server.register();
    const { here, other, program, sockets } = await hold(await join(server, owner, 'admin'));
    const removed = await server.call('DELETE', `/organizations/current/members/${here.user.id}`, { as: owner });
    expect(removed.status).toBe(204);
    for (const as of [here, other, program]) expect(await works(as)).toBe(false);
    expect(await Promise.all(Object.values(sockets).map(isGone))).toEqual([true, true]);
  });

  it('takes from keys what a lower role may not', async () => {
    const owner = await server.register();
    const ana = await join(server, owner, 'admin');
    const scopes = { name: 'x', permissions: ['audit:read', 'runs:read'] };
    const key = await server.call('POST', '/api-keys', { as: ana, body: scopes });
    const program = { ...ana, accessToken: key.body.key as string };
    const audit = async () => (await server.call('GET', '/audit', { as: program })).status;
    expect(await audit()).toBe(200);
    await server.call('PATCH', `/organizations/current/members/${ana.user.id}`, {
      as: owner,
      body: { role: 'member' },
    });
    expect([await audit(), await works(program)]).toEqual([403, true]);
  });
});
