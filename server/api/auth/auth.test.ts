import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { setHashCost } from './passwords.js';
import type { Session } from './schemas.js';

let server: TestApp;
beforeAll(async () => {
  server = await buildTestApp();
});
afterAll(() => server.close());

const account = (email: string) => ({
  email,
  password: 'pão quentinho às 6',
  name: 'Lúcia',
  organizationName: 'Pão & Cia',
});
const newEmail = () => `${randomUUID()}@example.com`;
const refresh = (refreshToken: string) => server.call('POST', '/auth/refresh', { body: { refreshToken } });

describe('an account', () => {
  it('is made once for an e-mail, whatever its case', async () => {
    const email = newEmail();
    const { status, body } = await server.call('POST', '/auth/register', { body: account(email) });
    expect(status).toBe(201);
    expect(body).toMatchObject({ user: { email, name: 'Lúcia' }, organization: { slug: 'pao-cia', locale: 'pt-BR' } });
    const again = await server.call('POST', '/auth/register', { body: account(email.toUpperCase()) });
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'email_taken' } } });
  });

  it('signs in with its password and with no other', async () => {
    const email = newEmail();
    await server.call('POST', '/auth/register', { body: account(email) });
    const right = await server.call('POST', '/auth/login', { body: { email, password: account(email).password } });
    expect(right.status).toBe(200);
    const wrong = await server.call('POST', '/auth/login', { body: { email, password: 'pão dormido' } });
    expect(wrong).toMatchObject({ status: 401, body: { error: { code: 'bad_credentials' } } });
  });

  it('keeps its password as argon2id with more than OWASP asks', async () => {
    setHashCost('full');
    const { user } = await server.register();
    const hash = await server.db.withIdentity((trx) =>
      trx('platform.users').where('id', user.id).first('password_hash'),
    );
    expect(hash.password_hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=5,p=1\$/);
    setHashCost('least');
  });

  it('answers an unknown e-mail like a wrong password, and after as long', async () => {
    setHashCost('full');
    const time = async (email: string): Promise<number> => {
      const started = performance.now();
      const { status, body } = await server.call('POST', '/auth/login', { body: { email, password: 'wrong wrong' } });
      expect([status, body.error.code]).toEqual([401, 'bad_credentials']);
      return performance.now() - started;
    };
    // What else the machine is at only makes an answer later: of each kind the fastest tells what it takes. Hashing takes tens of milliseconds,
    // and the fastest answer without it would come in a fraction of the time, however often both are asked for.
    let [known, unknown] = [Infinity, Infinity];
    for (let round = 0; round < 5 || (round < 20 && unknown < known / 2); round++) {
      // Whoever fails often is not heard any more.
      const { user } = await server.register();
      known = Math.min(known, await time(user.email));
      unknown = Math.min(unknown, await time(newEmail()));
    }
    expect(unknown).toBeGreaterThan(known / 2);
    setHashCost('least');
  });

  it('cannot be guessed: after ten failures nobody may try for a while, not even with the password', async () => {
    const email = newEmail();
    await server.call('POST', '/auth/register', { body: account(email) });
    const attempt = (password: string) => server.call('POST', '/auth/login', { body: { email, password } });
    for (let i = 0; i < 10; i++) expect((await attempt(`guess ${i}`)).status).toBe(401);
    const blocked = await attempt(account(email).password);
    expect(blocked).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } });
    expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0);
  });
});

describe('a refresh token', () => {
  let session: Session;
  it('gives a new pair', async () => {
    session = await server.register();
    const { status, body } = await refresh(session.refreshToken);
    expect(status).toBe(200);
    expect(body.refreshToken).not.toBe(session.refreshToken);
    expect((await server.call('GET', '/organizations/current', { as: body })).status).toBe(200);
  });

  it('ends its whole family when it is used twice', async () => {
    session = await server.register();
    const second = (await refresh(session.refreshToken)).body as Session;
    const stolen = await refresh(session.refreshToken);
    expect(stolen).toMatchObject({ status: 401, body: { error: { code: 'session_ended' } } });
    expect((await refresh(second.refreshToken)).status).toBe(401);
    expect((await server.call('GET', '/organizations/current', { as: second })).status).toBe(401);
  });

  it('used ten times at once succeeds once, and then its family is over', async () => {
    session = await server.register();
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(session.refreshToken)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect((await refresh(won[0]?.body.refreshToken)).status).toBe(401);
  });

  it('is kept as a hash', async () => {
    session = await server.register();
    const { rows } = await server.db.withIdentity((trx) =>
      trx.raw(`select count(*)::int as n from platform.refresh_tokens t where t::text like '%' || ? || '%'`, [
        session.refreshToken,
      ]),
    );
    expect(rows[0].n).toBe(0);
  });

  it('that nobody issued is refused', async () => {
    expect((await refresh('x'.repeat(43))).status).toBe(401);
  });
});

describe('leaving', () => {
  it('ends the session at once', async () => {
    const session = await server.register();
    expect((await server.call('GET', '/runs', { as: session })).status).toBe(200);
    const { status, body } = await server.call('POST', '/auth/logout', {
      body: { refreshToken: session.refreshToken },
    });
    expect([status, body]).toEqual([204, null]);
    expect((await server.call('GET', '/runs', { as: session })).status).toBe(401);
    expect((await refresh(session.refreshToken)).status).toBe(401);
  });
});

describe('the sample bakery', () => {
  it.each(['pt-BR', 'en'] as const)('knows about itself in %s and has hired nobody', async (locale) => {
    const { status, body } = await server.call('POST', '/auth/sample', { body: { locale } });
    expect(status).toBe(201);
    expect(body.organization).toMatchObject({ name: 'Pão da Lúcia', locale });
    const as = body as Session;
    const sources = await server.call('GET', '/knowledge/sources', { as });
    expect(sources.body.items.length).toBeGreaterThan(3);
    expect((await server.call('GET', '/organizations/current', { as })).body.profile).not.toBe('');
    expect((await server.call('GET', '/departments', { as })).body.items).toEqual([]);
  });

  it('cannot be signed in to', async () => {
    const { body } = await server.call('POST', '/auth/sample');
    const login = await server.call('POST', '/auth/login', { body: { email: body.user.email, password: 'none' } });
    expect(login.status).toBe(401);
  });
});
