import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { join, mailed, password } from '#tests/support/people.js';
import { SESSION_OVER } from '../../realtime/routes.js';
import type { Session } from './schemas.js';

let server: TestApp;
let address: string;
beforeAll(async () => {
  server = await buildTestApp();
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  address = `127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const login = async ({ user }: Session): Promise<Session> =>
  (await server.call('POST', '/auth/login', { body: { email: user.email, password } })).body;
const refresh = ({ refreshToken }: Session) => server.call('POST', '/auth/refresh', { body: { refreshToken } });
const works = async (as: Session): Promise<number> => (await server.call('GET', '/account', { as })).status;
const claimsOf = ({ accessToken }: Session) =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
const switchTo = (as: Session, organizationId: string) =>
  server.call('POST', '/auth/switch', { as, body: { organizationId } });
/** Moves the end of everything that the session has. */
const bringForward = async (session: Session, by: string): Promise<void> => {
  for (const table of ['sessions', 'refresh_tokens'])
    await server.db.withIdentity((trx) =>
      trx.raw(`update platform.${table} set expires_at = expires_at - ?::interval where user_id = ?`, [
        by,
        session.user.id,
      ]),
    );
};

/** A live connection of a session, and how it ends. */
async function follow({ accessToken }: Session): Promise<{ ended: Promise<number> }> {
  const socket = new WebSocket(`ws://${address}/api/v1/realtime?token=${accessToken}`);
  await once(socket, 'message');
  return { ended: once(socket, 'close').then(([code]) => code as number) };
}

describe('a session', () => {
  it('lasts 7 days from its last use', async () => {
    const session = await server.register();
    await bringForward(session, '6 days 23 hours');
    const next = (await refresh(session)).body as Session;
    const { body } = await server.call('GET', '/auth/sessions', { as: next });
    const days = (Date.parse(body.items[0].expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThan(7.1);
  });

  it('is over when it was not used for 7 days, and leaves the list', async () => {
    const [session, other] = [await server.register(), await server.register()];
    await bringForward(session, '7 days 1 minute');
    expect(await refresh(session)).toMatchObject({ status: 401, body: { error: { code: 'session_ended' } } });
    expect((await refresh(other)).status).toBe(200);
    const again = await login(session);
    const { body } = await server.call('GET', '/auth/sessions', { as: again });
    expect(body.items).toHaveLength(1);
  });

  it('ends by any second use of any of its tokens, however late, with its access tokens and live connections', async () => {
    const first = await server.register();
    const elsewhere = await login(first);
    const second = (await refresh(first)).body as Session;
    const third = (await refresh(second)).body as Session;
    const [here, there] = [await follow(third), await follow(elsewhere)];
    expect((await refresh(first)).status).toBe(401);
    expect(await here.ended).toBe(SESSION_OVER);
    expect([await works(first), await works(second), await works(third)]).toEqual([401, 401, 401]);
    expect((await refresh(third)).status).toBe(401);
    // The other device is another session.
    expect([await works(elsewhere), (await refresh(elsewhere)).status]).toEqual([200, 200]);
    await server.call('DELETE', '/auth/sessions', { as: await login(first) });
    expect(await there.ended).toBe(SESSION_OVER);
  });

  it.each<[string, (session: Session) => Promise<unknown>]>([
    ['leaving', ({ refreshToken }) => server.call('POST', '/auth/logout', { body: { refreshToken } })],
    [
      'a new password elsewhere',
      async (session) =>
        server.call('POST', '/account/password', {
          as: await login(session),
          body: { currentPassword: password, newPassword: 'broa de milho às 7' },
        }),
    ],
    [
      'a new password by mail',
      async ({ user }) => {
        await server.call('POST', '/auth/password/forgot', { body: { email: user.email } });
        const token = await mailed(server, user.email, 'reset_password');
        return server.call('POST', '/auth/password/reset', { body: { token, password: 'broa de milho às 7' } });
      },
    ],
    ['the end of the account', (as) => server.call('DELETE', '/account', { as, body: { password } })],
  ])('and its live connection end at once by %s', async (_, end) => {
    const session = await server.register();
    const { ended } = await follow(session);
    expect(await works(session)).toBe(200);
    await end(session);
    expect(await works(session)).toBe(401);
    expect((await refresh(session)).status).toBe(401);
    expect(await ended).toBe(SESSION_OVER);
  });

  it('and its live connection end at once when the person is taken out', async () => {
    const owner = await server.register();
    const ana = await join(server, owner, 'member');
    const { ended } = await follow(ana);
    await server.call('DELETE', `/organizations/current/members/${ana.user.id}`, { as: owner });
    expect(await works(ana)).toBe(401);
    expect(await ended).toBe(SESSION_OVER);
  });

  it('has its live connection begin anew at once when the person may do more: what they read before is read again', async () => {
    const owner = await server.register();
    const ana = await join(server, owner, 'viewer');
    const { ended } = await follow(ana);
    await server.call('PATCH', `/organizations/current/members/${ana.user.id}`, { as: owner, body: { role: 'admin' } });
    expect(await ended).toBe(SESSION_OVER);
    expect(await works(ana)).toBe(200);
  });
});

describe('another organization of the same person', () => {
  let lucia: Session;
  let other: string;
  beforeAll(async () => {
    const ana = await server.register('Outra');
    lucia = await server.register();
    const { user } = lucia;
    await server.call('POST', '/organizations/current/invitations', {
      as: ana,
      body: { email: user.email, role: 'viewer' },
    });
    const token = await mailed(server, user.email, 'invitation');
    const joined = await server.call('POST', '/auth/invitations/accept', { as: lucia, body: { token } });
    expect(joined.status).toBe(200);
    other = ana.organization.id;
    lucia = (await switchTo(joined.body, lucia.organization.id)).body;
  });

  it('is entered without signing in, with the role there, and left again', async () => {
    const { status, body: there } = await switchTo(lucia, other);
    expect(status).toBe(200);
    expect(claimsOf(there)).toMatchObject({ organization_id: other, roles: ['viewer'], sid: claimsOf(lucia)['sid'] });
    expect(claimsOf(there)['permissions']).not.toContain('departments:publish');
    expect((await server.call('POST', '/departments', { as: there, body: { name: 'x' } })).status).toBe(403);
    const { body: sessions } = await server.call('GET', '/auth/sessions', { as: there });
    expect(sessions.items).toMatchObject([{ current: true, organizationId: other }]);
    expect((await server.call('GET', '/account', { as: there })).body.organizations).toMatchObject([
      { current: false, role: 'owner' },
      { id: other, current: true, role: 'viewer' },
    ]);
    // The refresh goes on where the person is now.
    const next = (await refresh(there)).body as Session;
    expect(next.organization.id).toBe(other);
    lucia = (await switchTo(next, lucia.organization.id)).body;
    expect(claimsOf(lucia)).toMatchObject({ roles: ['owner'] });
  });

  it('is entered with new tokens: the refresh token of before is spent', async () => {
    const before = lucia;
    lucia = (await switchTo(before, other)).body;
    expect((await refresh(before)).status).toBe(401);
    expect(await works(lucia)).toBe(200);
    lucia = (await switchTo(lucia, before.organization.id)).body;
  });

  it('is entered only by who belongs to it', async () => {
    const stranger = await server.register('Mais uma');
    for (const id of [stranger.organization.id, randomUUID()])
      expect(await switchTo(lucia, id)).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    expect((await switchTo(stranger, other)).status).toBe(404);
  });

  it('is where one goes on after being taken out of the first', async () => {
    const owner = await server.register();
    const ana = await join(server, owner, 'member');
    const { body: own } = await server.call('POST', '/organizations', { as: ana, body: { name: 'Da Ana' } });
    await server.call('DELETE', `/organizations/current/members/${ana.user.id}`, { as: owner });
    expect(await works(ana)).toBe(401);
    const next = (await refresh(ana)).body as Session;
    expect(next.organization.id).toBe(own.id);
    expect(await works(next)).toBe(200);
  });

  it('is where one goes on after the first was deleted', async () => {
    const owner = await server.register();
    const ana = await join(server, owner, 'admin');
    const { body: own } = await server.call('POST', '/organizations', { as: ana, body: { name: 'Da Ana' } });
    const deleted = await server.call('DELETE', '/organizations/current', { as: owner, body: { password } });
    expect(deleted.status).toBe(204);
    expect([await works(owner), await works(ana)]).toEqual([401, 401]);
    expect((await refresh(ana)).body.organization.id).toBe(own.id);
    expect((await refresh(owner)).status).toBe(401);
  });
});

describe('somebody who belongs nowhere any more', () => {
  it('can sign in all the same, alone, and be invited again', async () => {
    const owner = await server.register();
    const ana = await join(server, owner, 'member');
    await server.call('DELETE', `/organizations/current/members/${ana.user.id}`, { as: owner });
    expect((await refresh(ana)).status).toBe(401);
    const [again, twice] = await Promise.all([login(ana), login(ana)]);
    expect(again.organization).toMatchObject({ id: twice.organization.id, name: 'Ana' });
    expect(claimsOf(again)['roles']).toEqual(['owner']);
    await server.call('POST', '/organizations/current/invitations', {
      as: owner,
      body: { email: ana.user.email, role: 'admin' },
    });
    const token = await mailed(server, ana.user.email, 'invitation');
    const back = await server.call('POST', '/auth/invitations/accept', { as: again, body: { token } });
    expect(back.body.organization.id).toBe(owner.organization.id);
  });
});
