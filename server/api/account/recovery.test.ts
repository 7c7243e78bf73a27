import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { createAuthenticator } from '#tests/support/authenticator.js';
import { mailed, password } from '#tests/support/people.js';
import type { Session } from '../auth/schemas.js';

const newPassword = 'broa de milho às 7';
let server: TestApp;
beforeAll(async () => {
  server = await buildTestApp({ trustProxy: '127.0.0.1' });
});
afterAll(() => server.close());

/** Each request comes from somewhere else: from one address many would be refused for being many. */
let requests = 0;
const post = (path: string, body: unknown, as?: Session) => {
  requests += 1;
  const headers = { 'x-forwarded-for': `203.0.${requests >> 8}.${requests & 255}` };
  return server.call('POST', path, { body, headers, ...(as && { as }) });
};
const login = (email: string, secret = password) => post('/auth/login', { email, password: secret });
const reset = (token: unknown, secret = newPassword) => post('/auth/password/reset', { token, password: secret });

async function resetToken({ user }: Session): Promise<string> {
  expect((await post('/auth/password/forgot', { email: user.email })).status).toBe(202);
  return mailed(server, user.email, 'reset_password');
}
async function tokensOf({ user }: Session, template: string, atLeast: number): Promise<string[]> {
  return vi.waitFor(async () => {
    const { rows } = await server.db.withIdentity((trx) =>
      trx.raw<{ rows: { body: string }[] }>('select body from platform.emails where recipient = ? and template = ?', [
        user.email,
        template,
      ]),
    );
    const tokens = rows.map(({ body }) => /#token=([\w-]{43})/.exec(body)?.[1] ?? '');
    expect(tokens.length).toBeGreaterThanOrEqual(atLeast);
    return tokens;
  }, 60_000);
}

describe('a way to a new password', () => {
  it('is used by one of ten who come at once, and ends the other ways', async () => {
    const session = await server.register();
    await resetToken(session);
    await post('/auth/password/forgot', { email: session.user.email });
    const [first, second] = await tokensOf(session, 'reset_password', 2);
    const answers = await Promise.all(Array.from({ length: 10 }, () => reset(first)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, ...Array.from({ length: 9 }, () => 400)]);
    expect(await reset(second, 'outra senha')).toMatchObject({ status: 400, body: { error: { code: 'bad_token' } } });
    expect((await login(session.user.email, newPassword)).status).toBe(200);
  });

  it('is over after an hour', async () => {
    const session = await server.register();
    const token = await resetToken(session);
    await server.db.withIdentity((trx) =>
      trx.raw(`update platform.one_time_tokens set expires_at = expires_at - interval '1 hour' where user_id = ?`, [
        session.user.id,
      ]),
    );
    expect((await reset(token)).status).toBe(400);
    expect((await login(session.user.email)).status).toBe(200);
  });

  it("opens the account that it was sent for, and no other's", async () => {
    const [mine, theirs] = [await server.register(), await server.register()];
    expect((await reset(await resetToken(mine))).status).toBe(204);
    expect((await login(theirs.user.email)).status).toBe(200);
    expect((await login(theirs.user.email, newPassword)).status).toBe(401);
  });

  it('is in no answer, nor its hash, and the database has only the hash', async () => {
    const session = await server.register();
    const asked = await post('/auth/password/forgot', { email: session.user.email });
    const token = await mailed(server, session.user.email, 'reset_password');
    const answers = JSON.stringify([asked, await reset(`${token}x`), await login(session.user.email)]);
    const { rows } = await server.db.withIdentity((trx) =>
      trx.raw<{ rows: { row: string; hash: Buffer }[] }>(
        `select t::text as row, token_hash as hash from platform.one_time_tokens t where user_id = ? and purpose = 'reset_password'`,
        [session.user.id],
      ),
    );
    const [stored] = rows;
    expect(stored?.row).not.toContain(token);
    for (const secret of [token, stored?.hash.toString('hex'), stored?.hash.toString('base64')])
      expect(answers).not.toContain(secret);
  });

  it('is nobody’s while an account was only sent one that never asked', async () => {
    const session = await server.register();
    for (const token of [null, '', undefined, 'null', '0', '0'.repeat(43), randomUUID(), [], {}, { token: 'x' }])
      expect((await reset(token)).status).toBe(400);
    expect((await login(session.user.email)).status).toBe(200);
  });

  it('gets the same answer, whether or not there is such an account', async () => {
    const { user } = await server.register();
    const telling = async (email: string) => {
      const { status, headers, body } = await post('/auth/password/forgot', { email });
      // How many requests are left, and the name of this one, differ from answer to answer.
      const kept = Object.entries(headers).filter(([name]) => !/^(date|ratelimit|x-request-id)/.test(name));
      return { status, body, headers: kept };
    };
    expect(await telling(`${randomUUID()}@example.com`)).toEqual(await telling(user.email));
  });

  // A difference that is there shows every time; one that a busy machine makes does not.
  it('takes the same time to ask for, whether or not there is such an account', { retry: 8 }, async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => server.register()));
    const ask = async (email: string): Promise<number> => {
      const began = performance.now();
      expect((await post('/auth/password/forgot', { email })).status).toBe(202);
      return performance.now() - began;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let i = 0; i < 32; i++) {
      known.push(await ask(people[i % people.length]?.user.email ?? ''));
      unknown.push(await ask(`${randomUUID()}@example.com`));
    }
    const p95 = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? NaN;
    // As much as a busy machine makes between answers to the same question is none.
    const noise = Math.abs(p95(unknown.slice(0, 16)) - p95(unknown.slice(16)));
    expect(Math.abs(p95(known) - p95(unknown))).toBeLessThan(20 + noise);
  });

  it('works for an e-mail in other letters, and mails the address on record', async () => {
    const session = await server.register();
    await post('/auth/password/forgot', { email: ` ${session.user.email.toUpperCase()} ` });
    expect((await reset(await mailed(server, session.user.email, 'reset_password'))).status).toBe(204);
  });
});

describe('after a new password by mail', () => {
  it('a change of address that somebody else had begun does not happen', async () => {
    const session = await server.register();
    await post('/auth/verify-email', { token: await mailed(server, session.user.email, 'verify_email') });
    const thief = `${randomUUID()}@example.com`;
    expect((await post('/account/email', { email: thief, password }, session)).status).toBe(202);
    const change = await mailed(server, thief, 'verify_email').catch(() => mailed(server, thief, 'change_email'));
    expect((await reset(await resetToken(session))).status).toBe(204);
    expect((await post('/auth/verify-email', { token: change })).status).toBe(400);
    expect((await login(session.user.email, newPassword)).status).toBe(200);
  });

  it('whoever had signed up with an address that is not theirs has no way back', async () => {
    const squatter = await server.register();
    const key = createAuthenticator();
    const { body } = await post('/account/passkeys/options', { password }, squatter);
    const added = { name: 'Chave', handle: body.handle, response: key.create(body.options) };
    expect((await post('/account/passkeys', added, squatter)).status).toBe(201);
    // The owner of the mailbox comes, and asks for a password of their own.
    expect((await reset(await resetToken(squatter))).status).toBe(204);
    const asked = await post('/auth/passkeys/options', {});
    const answer = { handle: asked.body.handle, response: key.get(asked.body.options) };
    expect((await post('/auth/passkeys/login', answer)).status).toBe(403);
    expect((await login(squatter.user.email, newPassword)).body.accessToken).toBeTruthy();
  });

  it('a passkey of somebody who had confirmed the address stays', async () => {
    const session = await server.register();
    await post('/auth/verify-email', { token: await mailed(server, session.user.email, 'verify_email') });
    const key = createAuthenticator();
    const { body } = await post('/account/passkeys/options', { password }, session);
    await post(
      '/account/passkeys',
      { name: 'Chave', handle: body.handle, response: key.create(body.options) },
      session,
    );
    expect((await reset(await resetToken(session))).status).toBe(204);
    expect((await login(session.user.email, newPassword)).body.factors).toEqual(['passkey', 'recovery_code']);
  });
});

it('a way to a new password that was sent to the address of before ends with it', async () => {
  const session = await server.register();
  const way = await resetToken(session);
  const email = `${randomUUID()}@example.com`;
  await post('/account/email', { email, password }, session);
  const change = await mailed(server, email, 'verify_email').catch(() => mailed(server, email, 'change_email'));
  expect((await post('/auth/verify-email', { token: change })).status).toBe(204);
  expect((await reset(way)).status).toBe(400);
});
