import { randomUUID } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { join } from '#tests/support/people.js';
import type { Session } from '../auth/schemas.js';

const password = 'pão quentinho às 6';
let server: TestApp;
let address: string;
beforeAll(async () => {
  server = await buildTestApp();
  address = await server.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => server.close());

const login = async (session: Session, secret = password) =>
  server.call('POST', '/auth/login', { body: { email: session.user.email, password: secret } });
const works = async (as: Session): Promise<number> => (await server.call('GET', '/runs', { as })).status;

/** The token in the newest mail of a kind to an address. */
async function mailed(to: string, template: string): Promise<string> {
  return vi.waitFor(async () => {
    const { rows } = await server.db.withIdentity((trx) =>
      trx.raw<{ rows: { body: string }[] }>(
        'select body from platform.emails where recipient = ? and template = ? order by id desc limit 1',
        [to, template],
      ),
    );
    const token = /#token=([\w-]{43})/.exec(rows[0]?.body ?? '')?.[1];
    if (!token) throw new Error(`no ${template} for ${to}`);
    return token;
  }, 60_000);
}

describe('the claims of an access token', () => {
  it('are verified by anybody with the published keys', async () => {
    const session = await server.register();
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', address));
    const { payload } = await jwtVerify(session.accessToken, keys, { audience: 'ai-departments:access' });
    expect(payload).toMatchObject({
      user_id: session.user.id,
      organization_id: session.organization.id,
      roles: ['owner'],
      iss: 'ai-departments',
    });
    expect(payload['permissions']).toContain('departments:publish');
    expect(Number(payload.exp) - Number(payload.iat)).toBe(900);
  });
});

describe('sessions', () => {
  it('are listed with where they came from, and one ends without the other', async () => {
    const first = await server.register();
    const headers = { 'user-agent': 'Telefone da Lúcia' };
    const { body: second } = await server.call('POST', '/auth/login', {
      body: { email: first.user.email, password },
      headers,
    });
    const { body: list } = await server.call('GET', '/auth/sessions', { as: first });
    expect(list.items).toHaveLength(2);
    const other = list.items.find((item: { current: boolean }) => !item.current);
    expect(other).toMatchObject({ userAgent: 'Telefone da Lúcia', organizationId: first.organization.id });
    expect((await server.call('DELETE', `/auth/sessions/${other.id}`, { as: first })).status).toBe(204);
    expect([await works(first), await works(second)]).toEqual([200, 401]);
    expect((await server.call('POST', '/auth/refresh', { body: { refreshToken: second.refreshToken } })).status).toBe(
      401,
    );
  });

  it('of somebody else are not found', async () => {
    const [mine, theirs] = [await server.register(), await server.register()];
    const { body } = await server.call('GET', '/auth/sessions', { as: theirs });
    expect((await server.call('DELETE', `/auth/sessions/${body.items[0].id}`, { as: mine })).status).toBe(404);
    expect(await works(theirs)).toBe(200);
  });

  it('all end but the one that asks', async () => {
    const first = await server.register();
    const others = [(await login(first)).body, (await login(first)).body] as Session[];
    expect((await server.call('DELETE', '/auth/sessions', { as: first })).status).toBe(204);
    expect(await works(first)).toBe(200);
    for (const other of others) expect(await works(other)).toBe(401);
  });
});

describe('a password', () => {
  it('is changed with the old one; every other session ends and this one goes on', async () => {
    const first = await server.register();
    const other = (await login(first)).body as Session;
    const change = (currentPassword: string) =>
      server.call('POST', '/account/password', {
        as: first,
        body: { currentPassword, newPassword: 'broa de milho às 7' },
      });
    expect(await change('errada')).toMatchObject({ status: 403, body: { error: { code: 'wrong_password' } } });
    const changed = await change(password);
    expect(changed.status).toBe(200);
    expect([await works(changed.body), await works(other)]).toEqual([200, 401]);
    expect((await login(first)).status).toBe(401);
    expect((await login(first, 'broa de milho às 7')).status).toBe(200);
    expect((await server.call('POST', '/auth/refresh', { body: { refreshToken: first.refreshToken } })).status).toBe(
      401,
    );
  });

  it('that was forgotten is replaced by mail, once, and every session ends', async () => {
    const session = await server.register();
    const { email } = session.user;
    const forgot = await server.call('POST', '/auth/password/forgot', { body: { email } });
    expect([forgot.status, forgot.body]).toEqual([202, {}]);
    const token = await mailed(email, 'reset_password');
    const reset = (given: unknown) =>
      server.call('POST', '/auth/password/reset', { body: { token: given, password: 'broa de milho às 7' } });
    expect((await reset(token)).status).toBe(204);
    expect((await reset(token)).status).toBe(400);
    expect(await works(session)).toBe(401);
    expect((await login(session, 'broa de milho às 7')).status).toBe(200);
  });

  it('that anybody would try first is refused at its field, wherever one is chosen, and nothing is lost by it', async () => {
    const name = 'Joaquina';
    const refused = (field: string) => ({
      status: 400,
      body: {
        error: { code: 'guessable_password', details: [{ path: field, message: expect.stringMatching(/first/) }] },
      },
    });
    const sign = (chosen: string) =>
      server.call('POST', '/auth/register', {
        body: { email: `${randomUUID()}@example.com`, password: chosen, name, organizationName: 'Doces da Quina' },
      });
    for (const chosen of ['12345678', 'Senha123', 'doces da quina'])
      expect(await sign(chosen)).toMatchObject(refused('password'));
    const joaquina = (await sign('queijo com goiabada')).body as Session;
    const change = (newPassword: string) =>
      server.call('POST', '/account/password', {
        as: joaquina,
        body: { currentPassword: 'queijo com goiabada', newPassword },
      });
    expect(await change('Doces da Quina')).toMatchObject(refused('newPassword'));
    const { email } = joaquina.user;
    await server.call('POST', '/auth/password/forgot', { body: { email } });
    const token = await mailed(email, 'reset_password');
    const reset = (chosen: string) =>
      server.call('POST', '/auth/password/reset', {
        body: { token, password: chosen },
        headers: { 'accept-language': 'pt-BR' },
      });
    expect(await reset('mudar123')).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'password', message: expect.stringMatching(/primeiras/) }] } },
    });
    // The mail is good for another try.
    expect((await reset('rapadura na cuia')).status).toBe(204);
  });

  it('is not replaced by anything but a token for that', async () => {
    const session = await server.register();
    const verification = await mailed(session.user.email, 'verify_email');
    for (const token of [
      null,
      '',
      'x'.repeat(43),
      verification,
      session.refreshToken,
      session.accessToken.slice(0, 200),
    ]) {
      const { status } = await server.call('POST', '/auth/password/reset', {
        body: { token, password: 'broa de milho' },
      });
      expect(status).toBe(400);
    }
    expect((await login(session)).status).toBe(200);
  });

  it('asked for an unknown address answers the same', async () => {
    const { user } = await server.register();
    const ask = (email: string) => server.call('POST', '/auth/password/forgot', { body: { email } });
    const [known, unknown] = [await ask(user.email), await ask(`${randomUUID()}@example.com`)];
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
    expect(Object.keys(unknown.headers).toSorted()).toEqual(Object.keys(known.headers).toSorted());
  });

  it('asked for again and again opens three ways at most', async () => {
    const { user } = await server.register();
    for (let i = 0; i < 5; i++) await server.call('POST', '/auth/password/forgot', { body: { email: user.email } });
    await mailed(user.email, 'reset_password');
    const open = async () => {
      const { rows } = await server.db.withIdentity((trx) =>
        trx.raw<{ rows: { n: number }[] }>(
          `select count(*)::int as n from platform.one_time_tokens where user_id = ? and purpose = 'reset_password'`,
          [user.id],
        ),
      );
      return rows[0]?.n;
    };
    await vi.waitFor(async () => expect(await open()).toBe(3), 60_000);
  });
});

describe('an e-mail address', () => {
  const account = async (as: Session) => (await server.call('GET', '/account', { as })).body;

  it('is confirmed by its mail', async () => {
    const session = await server.register();
    expect(await account(session)).toMatchObject({ email: session.user.email, emailVerified: false });
    const token = await mailed(session.user.email, 'verify_email');
    expect((await server.call('POST', '/auth/verify-email', { body: { token } })).status).toBe(204);
    expect(await account(session)).toMatchObject({ emailVerified: true });
    expect((await server.call('POST', '/auth/verify-email', { body: { token } })).status).toBe(400);
  });

  it('changes once the new one has been confirmed, and no older mail changes it back', async () => {
    const session = await server.register();
    const old = await mailed(session.user.email, 'verify_email');
    const email = `${randomUUID()}@example.com`;
    const change = await server.call('POST', '/account/email', { as: session, body: { email, password } });
    expect(change.status).toBe(202);
    expect((await account(session)).email).toBe(session.user.email);
    const token = await mailed(email, 'verify_email');
    expect((await server.call('POST', '/auth/verify-email', { body: { token } })).status).toBe(204);
    expect(await account(session)).toMatchObject({ email, emailVerified: true });
    expect((await server.call('POST', '/auth/verify-email', { body: { token: old } })).status).toBe(400);
    expect((await server.call('POST', '/auth/login', { body: { email, password } })).status).toBe(200);
  });

  it('of somebody else is not taken over', async () => {
    const [mine, theirs] = [await server.register(), await server.register()];
    await server.call('POST', '/account/email', { as: mine, body: { email: theirs.user.email, password } });
    const { rows } = await server.db.withIdentity((trx) =>
      trx.raw<{ rows: { body: string }[] }>(
        'select body from platform.emails where recipient = ? order by id desc limit 1',
        [theirs.user.email],
      ),
    );
    const token = /#token=([\w-]{43})/.exec(rows[0]?.body ?? '')?.[1];
    const answer = await server.call('POST', '/auth/verify-email', { body: { token } });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'email_taken' } } });
  });
});

describe('a change of address', () => {
  const account = async (as: Session) => (await server.call('GET', '/account', { as })).body;
  const change = (as: Session, email: string, secret = password) =>
    server.call('POST', '/account/email', { as, body: { email, password: secret } });

  it('is shown while it waits, sent again to where it waits, and gone when it is done', async () => {
    const session = await server.register();
    expect((await account(session)).pendingEmail).toBeNull();
    const email = `${randomUUID()}@example.com`;
    await change(session, email);
    expect(await account(session)).toMatchObject({ email: session.user.email, pendingEmail: email });
    const first = await mailed(email, 'verify_email');
    expect((await server.call('POST', '/account/verify-email', { as: session })).status).toBe(202);
    const second = await vi.waitFor(async () => {
      const token = await mailed(email, 'verify_email');
      if (token === first) throw new Error('not sent again yet');
      return token;
    }, 60_000);
    expect((await server.call('POST', '/auth/verify-email', { body: { token: second } })).status).toBe(204);
    expect(await account(session)).toMatchObject({ email, emailVerified: true, pendingEmail: null });
  });

  it('needs the password', async () => {
    const session = await server.register();
    const email = `${randomUUID()}@example.com`;
    expect(await change(session, email, 'errada')).toMatchObject({
      status: 403,
      body: { error: { code: 'wrong_password' } },
    });
    expect((await account(session)).pendingEmail).toBeNull();
  });

  it('with a slip in it cannot be finished by the stranger who got the mail, once it was mended', async () => {
    const session = await server.register();
    const [wrong, right] = [`${randomUUID()}@example.com`, `${randomUUID()}@example.com`];
    await change(session, wrong);
    const strangers = await mailed(wrong, 'verify_email');
    await change(session, right);
    expect((await server.call('POST', '/auth/verify-email', { body: { token: strangers } })).status).toBe(400);
    const token = await mailed(right, 'verify_email');
    expect((await server.call('POST', '/auth/verify-email', { body: { token } })).status).toBe(204);
    expect((await account(session)).email).toBe(right);
  });

  it('sends five mails in a quarter of an hour at most', async () => {
    const session = await server.register();
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++)
      statuses.push((await server.call('POST', '/account/verify-email', { as: session })).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
  });
});

describe('an account', () => {
  const remove = (as: Session, secret = password) =>
    server.call('DELETE', '/account', { as, body: { password: secret } });
  const runsOf = async ({ organization }: Session): Promise<number | undefined> => {
    const query = 'select count(*)::int as n from platform.runs where organization_id = $1';
    return (await server.db.engine.query<{ n: number }>(query, [organization.id])).rows[0]?.n;
  };

  it('has a name and a language, which its mails are in', async () => {
    const session = await server.register();
    const { status, body } = await server.call('PATCH', '/account', {
      as: session,
      body: { name: 'Lucy', locale: 'en' },
    });
    expect([status, body]).toEqual([200, expect.objectContaining({ name: 'Lucy', locale: 'en' })]);
    await server.call('POST', '/auth/password/forgot', { body: { email: session.user.email } });
    await mailed(session.user.email, 'reset_password');
    const { rows } = await server.db.withIdentity((trx) =>
      trx.raw<{ rows: { locale: string; body: string }[] }>(
        `select locale, body from platform.emails where recipient = ? and template = 'reset_password'`,
        [session.user.email],
      ),
    );
    expect(rows[0]).toMatchObject({ locale: 'en', body: expect.stringContaining('Lucy') });
  });

  it('is deleted with its password, and with the organization that was its alone', async () => {
    const session = await server.register();
    const { body: department } = await server.call('POST', '/departments', {
      as: session,
      body: { name: 'x', template: 'customer-service' },
    });
    await server.call('POST', `/departments/${department.id}/publish`, { as: session });
    await server.call('POST', `/departments/${department.id}/runs`, { as: session, body: { input: { text: 'oi' } } });
    expect(await runsOf(session)).toBe(1);
    expect((await remove(session, 'errada')).status).toBe(403);
    expect(await works(session)).toBe(200);
    expect((await remove(session)).status).toBe(204);
    expect(await works(session)).toBe(401);
    expect((await login(session)).status).toBe(401);
    expect(await runsOf(session)).toBe(0);
    expect((await server.call('POST', '/auth/refresh', { body: { refreshToken: session.refreshToken } })).status).toBe(
      401,
    );
    const again = await server.call('POST', '/auth/register', {
      body: { email: session.user.email, password, name: 'Lúcia', organizationName: 'Padaria' },
    });
    expect(again.status).toBe(201);
  });

  it('stays while others work in an organization that only it owns, until somebody else owns it', async () => {
    const owner = await server.register();
    const ana = await join(server, owner, 'admin');
    expect(await remove(owner)).toMatchObject({ status: 409, body: { error: { code: 'last_owner' } } });
    expect(await works(owner)).toBe(200);
    const transfer = { userId: ana.user.id, password };
    await server.call('POST', '/organizations/current/transfer', { as: owner, body: transfer });
    expect((await remove(owner)).status).toBe(204);
    expect([await works(owner), await works(ana)]).toEqual([401, 200]);
    const { body } = await server.call('GET', '/organizations/current/members', { as: ana });
    expect(body.items.map((member: { userId: string }) => member.userId)).toEqual([ana.user.id]);
  });

  it('of a member goes alone, and what the organization has stays', async () => {
    const owner = await server.register();
    const ana = await join(server, owner, 'admin');
    await server.call('POST', '/departments', { as: ana, body: { name: 'Da Ana', template: 'customer-service' } });
    expect((await remove(ana)).status).toBe(204);
    expect([await works(ana), await works(owner)]).toEqual([401, 200]);
    expect((await server.call('GET', '/departments', { as: owner })).body.items).toMatchObject([{ name: 'Da Ana' }]);
    const { body: log } = await server.call('GET', '/audit?action=member.leave', { as: owner });
    expect(log.items).toMatchObject([{ action: 'member.leave', target: { id: ana.user.id } }]);
  });
});

describe('a ticket', () => {
  it('opens one WebSocket, once', async () => {
    const session = await server.register();
    const { body } = await server.call('POST', '/realtime/ticket', { as: session });
    const open = () =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`${address.replace('http', 'ws')}/api/v1/realtime?token=${body.ticket}`);
        socket.addEventListener('open', () => {
          socket.close();
          resolve('open');
        });
        socket.addEventListener('error', () => resolve('refused'));
      });
    expect([await open(), await open()]).toEqual(['open', 'refused']);
  });
});
