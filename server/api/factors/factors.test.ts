import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { createAuthenticator, type Lies } from '#tests/support/authenticator.js';
import { password } from '#tests/support/people.js';
import { codeOf, enterPast } from '#tests/support/totp.js';
import type { Session } from '../auth/schemas.js';

let server: TestApp;
beforeAll(async () => {
  server = await buildTestApp({ trustProxy: '127.0.0.1' });
});
afterAll(() => server.close());

/** From one address many would be refused for being many: here each request comes from somewhere else. */
let requests = 0;
const elsewhere = () => ({ 'x-forwarded-for': `203.0.${(requests += 1) >> 8}.${requests & 255}` });
const post = (path: string, body: unknown, as?: Session) =>
  server.call('POST', path, { body, headers: elsewhere(), ...(as && { as }) });
const works = async (as: Session): Promise<number> => (await server.call('GET', '/runs', { as })).status;
const login = (session: Session) => post('/auth/login', { email: session.user.email, password });
/** Six digits that are none of those that would be taken now. */
function wrongCode(secret: string): string {
  const good = [-60, -30, 0, 30, 60].map((later) => codeOf(secret, later));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !good.includes(code)) ?? '';
}

/** Somebody with an authenticator app, confirmed with the code of the step before. */
async function withTotp(): Promise<{ session: Session; secret: string; recoveryCodes: string[] }> {
  const session = await server.register();
  const { body } = await post('/account/totp', { password }, session);
  const confirmed = await enterPast(body.secret, (code) => post('/account/totp/confirm', { code }, session));
  expect(confirmed.status).toBe(200);
  return { session, secret: body.secret, recoveryCodes: confirmed.body.recoveryCodes };
}
const challengeOf = async (session: Session): Promise<string> => (await login(session)).body.challenge;
const answer = (challenge: unknown, code: string) => post('/auth/login/totp', { challenge, code });

async function mailsTo(session: Session): Promise<string[]> {
  const { rows } = await server.db.withIdentity((trx) =>
    trx.raw<{ rows: { template: string; body: string }[] }>(
      'select template, body from platform.emails where recipient = ? order by id',
      [session.user.email],
    ),
  );
  return rows.map(({ template }) => template);
}

describe('an authenticator app', () => {
  it('is asked for at the next sign-in, and nobody who is in is sent out', async () => {
    const { session, secret } = await withTotp();
    expect(await works(session)).toBe(200);
    const asked = await login(session);
    expect(asked).toMatchObject({ status: 200, body: { factors: ['totp', 'recovery_code'] } });
    expect(Object.keys(asked.body).toSorted()).toEqual(['challenge', 'factors']);
    const entered = await answer(asked.body.challenge, codeOf(secret));
    expect(entered.status).toBe(200);
    expect(await works(entered.body)).toBe(200);
    expect(await mailsTo(session)).toContain('factor_changed');
  });

  it('changes nothing before a code of it was shown', async () => {
    const session = await server.register();
    const { body } = await post('/account/totp', { password }, session);
    expect(body.uri).toMatch(/^otpauth:\/\/totp\/AI%20Departments:/);
    expect((await login(session)).body.accessToken).toBeTruthy();
    const wrong = await post('/account/totp/confirm', { code: wrongCode(body.secret) }, session);
    expect(wrong).toMatchObject({ status: 403, body: { error: { code: 'wrong_code' } } });
    expect((await login(session)).body.accessToken).toBeTruthy();
  });

  it('takes no code twice, neither for the same challenge nor for another', async () => {
    const { session, secret } = await withTotp();
    const code = codeOf(secret);
    const [first, second] = [await challengeOf(session), await challengeOf(session)];
    expect((await answer(first, code)).status).toBe(200);
    expect(await answer(first, codeOf(secret, 30))).toMatchObject({
      status: 401,
      body: { error: { code: 'challenge_ended' } },
    });
    expect(await answer(second, code)).toMatchObject({ status: 403, body: { error: { code: 'wrong_code' } } });
    expect((await answer(second, codeOf(secret, 30))).status).toBe(200);
  });

  it('takes one of twenty answers that come at once', async () => {
    const { session, secret } = await withTotp();
    const challenge = await challengeOf(session);
    const answers = await Promise.all(Array.from({ length: 20 }, () => answer(challenge, codeOf(secret))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('kills a challenge with the fifth wrong code, also for the right one, and when they come at once', async () => {
    const { session, secret } = await withTotp();
    const challenge = await challengeOf(session);
    const wrong = await Promise.all(Array.from({ length: 12 }, () => answer(challenge, wrongCode(secret))));
    expect(wrong.filter(({ body }) => body.error.code === 'wrong_code')).toHaveLength(5);
    expect(await answer(challenge, codeOf(secret))).toMatchObject({
      status: 401,
      body: { error: { code: 'challenge_ended' } },
    });
  });

  it('lets a person guess ten times in a quarter of an hour, whatever the challenges, and still come in by passkey', async () => {
    const { session, secret } = await withTotp();
    const key = createAuthenticator();
    await addPasskey(session, key);
    const tries: string[] = [];
    for (let i = 0; i < 4; i++) {
      const challenge = await challengeOf(session);
      for (let j = 0; j < 5; j++) tries.push((await answer(challenge, wrongCode(secret))).body.error.code);
    }
    expect(tries.filter((code) => code === 'wrong_code')).toHaveLength(10);
    const refused = await answer(await challengeOf(session), codeOf(secret));
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } });
    expect(refused.headers['retry-after']).toBeTruthy();
    expect((await loginByPasskey(key)).status).toBe(200);
  });

  it('answers anything that is no challenge like one that is over', async () => {
    const { session, secret } = await withTotp();
    const other = await withTotp();
    for (const challenge of ['x', randomUUID(), session.refreshToken, session.accessToken.slice(0, 200)]) {
      expect(await answer(challenge, codeOf(secret))).toMatchObject({ status: 401 });
    }
    for (const challenge of [null, '', undefined, {}]) {
      expect((await answer(challenge, codeOf(secret))).status).toBe(400);
    }
    // Somebody else's code, on a challenge of this person.
    expect((await answer(await challengeOf(session), codeOf(other.secret))).status).toBe(403);
  });

  it('is taken off with the password alone, and the recovery codes go with it', async () => {
    const { session, recoveryCodes } = await withTotp();
    const remove = (secret: string) =>
      server.call('DELETE', '/account/totp', { as: session, body: { password: secret } });
    const challenge = await challengeOf(session);
    expect((await remove('errada')).status).toBe(403);
    expect((await remove(password)).status).toBe(204);
    expect((await login(session)).body.accessToken).toBeTruthy();
    expect((await answer(challenge, recoveryCodes[0] ?? '')).status).toBe(403);
    expect((await remove(password)).status).toBe(404);
  });

  it('is not put in place of the one that is on', async () => {
    const { session, secret } = await withTotp();
    expect(await post('/account/totp', { password }, session)).toMatchObject({ status: 409 });
    expect((await answer(await challengeOf(session), codeOf(secret))).status).toBe(200);
  });

  it('is kept sealed, and opens in no other row', async () => {
    const [mine, theirs] = [await withTotp(), await withTotp()];
    await server.db.withIdentity(async (trx) => {
      const { rows } = await trx.raw<{ rows: { sealed_secret: Buffer }[] }>(
        'select sealed_secret from platform.totp_secrets where user_id = ?',
        [mine.session.user.id],
      );
      expect(rows[0]?.sealed_secret.includes(mine.secret)).toBe(false);
      await trx.raw('update platform.totp_secrets set sealed_secret = ? where user_id = ?', [
        rows[0]?.sealed_secret ?? null,
        theirs.session.user.id,
      ]);
    });
    expect((await answer(await challengeOf(theirs.session), codeOf(mine.secret))).status).toBe(500);
  });
});

describe('a recovery code', () => {
  it('stands in for the app, however it is typed, once', async () => {
    const { session, recoveryCodes } = await withTotp();
    expect(recoveryCodes).toHaveLength(10);
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first = '', second = ''] = recoveryCodes;
    expect((await answer(await challengeOf(session), ` ${first.toLowerCase().replaceAll('-', ' ')} `)).status).toBe(
      200,
    );
    expect((await answer(await challengeOf(session), first)).status).toBe(403);
    expect((await answer(await challengeOf(session), second)).status).toBe(200);
    const { body } = await server.call('GET', '/account', { as: session });
    expect(body.factors).toEqual({ totp: true, passkeys: 0, recoveryCodesLeft: 8 });
    expect(await mailsTo(session)).toContain('recovery_code_used');
  });

  it('of somebody else, or of before, opens nothing; it is nowhere in the database', async () => {
    const [mine, theirs] = [await withTotp(), await withTotp()];
    const [theirCode = ''] = theirs.recoveryCodes;
    const [oldCode = ''] = mine.recoveryCodes;
    expect((await answer(await challengeOf(mine.session), theirCode)).status).toBe(403);
    const renewed = await post('/account/recovery-codes', { password }, mine.session);
    expect(renewed.body.recoveryCodes).toHaveLength(10);
    expect((await answer(await challengeOf(mine.session), oldCode)).status).toBe(403);
    expect((await answer(await challengeOf(mine.session), renewed.body.recoveryCodes[0])).status).toBe(200);
    const { rows } = await server.db.withIdentity((trx) =>
      trx.raw<{ rows: { text: string }[] }>('select r::text as text from platform.recovery_codes r'),
    );
    expect(rows.some(({ text }) => text.includes(theirCode) || text.includes(theirCode.replaceAll('-', '')))).toBe(
      false,
    );
  });

  it('is not made for somebody without a factor', async () => {
    const session = await server.register();
    expect(await post('/account/recovery-codes', { password }, session)).toMatchObject({
      status: 409,
      body: { error: { code: 'no_factor' } },
    });
  });
});

type Key = ReturnType<typeof createAuthenticator>;

async function addPasskey(session: Session, key: Key, lies: Lies = {}) {
  const { body } = await post('/account/passkeys/options', { password }, session);
  const response = key.create(body.options, lies);
  return post('/account/passkeys', { name: 'Celular da Lúcia', handle: body.handle, response }, session);
}
async function loginByPasskey(key: Key, lies: Lies = {}, challenge?: string) {
  const { body } = await post('/auth/passkeys/options', challenge === undefined ? {} : { challenge });
  return post('/auth/passkeys/login', { handle: body.handle, response: key.get(body.options, lies) });
}

describe('a passkey', () => {
  it('signs in by itself, without a name', async () => {
    const session = await server.register();
    const key = createAuthenticator();
    const added = await addPasskey(session, key);
    expect(added).toMatchObject({ status: 201, body: { name: 'Celular da Lúcia', lastUsedAt: null } });
    expect(added.body.recoveryCodes).toHaveLength(10);
    const { body: asked } = await post('/auth/passkeys/options', {});
    expect(asked.options.allowCredentials ?? []).toEqual([]);
    expect(asked.options.userVerification).toBe('required');
    const entered = await loginByPasskey(key);
    expect(entered).toMatchObject({ status: 200, body: { user: { id: session.user.id } } });
    expect(await works(entered.body)).toBe(200);
    const { body: list } = await server.call('GET', '/account/passkeys', { as: session });
    expect(list.items).toHaveLength(1);
    expect(list.items[0].lastUsedAt).toBeTruthy();
  });

  it('is the second factor of a password', async () => {
    const session = await server.register();
    const key = createAuthenticator();
    await addPasskey(session, key);
    const asked = await login(session);
    expect(asked.body.factors).toEqual(['passkey', 'recovery_code']);
    const { body } = await post('/auth/passkeys/options', { challenge: asked.body.challenge });
    expect(body.options.allowCredentials).toEqual([expect.objectContaining({ id: key.credentialId })]);
    // After a password, holding the key is enough.
    const response = key.get(body.options, { unverified: true });
    expect((await post('/auth/passkeys/login', { handle: body.handle, response })).status).toBe(200);
    expect((await post('/auth/passkeys/options', { challenge: asked.body.challenge })).status).toBe(401);
  });

  it.each<[string, Lies]>([
    ['of another page', { origin: 'https://evil.example' }],
    ['of another port', { origin: 'http://localhost:8080' }],
    ['for another domain', { rpId: 'evil.example' }],
    ['to another challenge', { challenge: 'bm90IHRoaXMgb25l' }],
    ['signed by another key', { forged: true }],
    ['by nobody who was looked at', { unverified: true }],
    ['that was made for adding one', { type: 'webauthn.create' }],
    ['for another person', { userHandle: Buffer.from(randomUUID()).toString('base64url') }],
    ['that counts backwards', { counter: 1 }],
  ])('is refused an answer %s', async (_, lies) => {
    const session = await server.register();
    const key = createAuthenticator();
    await addPasskey(session, key);
    expect((await loginByPasskey(key)).status).toBe(200);
    expect(await loginByPasskey(key, lies)).toMatchObject({ status: 403, body: { error: { code: 'bad_passkey' } } });
    expect((await loginByPasskey(key)).status).toBe(200);
  });

  it.each<[string, Lies]>([
    ['of another page', { origin: 'https://evil.example' }],
    ['for another domain', { rpId: 'evil.example' }],
    ['to another challenge', { challenge: 'bm90IHRoaXMgb25l' }],
    ['without looking at who holds it', { unverified: true }],
    ['that was made for signing in', { type: 'webauthn.get' }],
  ])('is not added by an answer %s', async (_, lies) => {
    const session = await server.register();
    expect((await addPasskey(session, createAuthenticator(), lies)).status).toBe(403);
    expect((await server.call('GET', '/account/passkeys', { as: session })).body.items).toEqual([]);
  });

  it('answers once, right or wrong', async () => {
    const session = await server.register();
    const key = createAuthenticator();
    await addPasskey(session, key);
    const { body } = await post('/auth/passkeys/options', {});
    const good = key.get(body.options);
    const enter = (response: unknown) => post('/auth/passkeys/login', { handle: body.handle, response });
    expect((await enter(key.get(body.options, { forged: true }))).status).toBe(403);
    expect((await enter(good)).status).toBe(403);
    const again = await post('/auth/passkeys/options', {});
    const response = key.get(again.body.options);
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => post('/auth/passkeys/login', { handle: again.body.handle, response })),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('of somebody else does not answer a challenge, and a handle is nobody else’s nor for anything else', async () => {
    const [mine, theirs] = [await server.register(), await server.register()];
    const [myKey, theirKey] = [createAuthenticator(), createAuthenticator()];
    await addPasskey(mine, myKey);
    await addPasskey(theirs, theirKey);
    expect((await loginByPasskey(theirKey, {}, await challengeOf(mine))).status).toBe(403);
    // A handle to add one, used by another person, or to sign in.
    const { body } = await post('/account/passkeys/options', { password }, mine);
    const stolen = { name: 'X', handle: body.handle, response: createAuthenticator().create(body.options) };
    expect((await post('/account/passkeys', stolen, theirs)).status).toBe(403);
    const adding = await post('/account/passkeys/options', { password }, mine);
    const misused = { handle: adding.body.handle, response: myKey.get(adding.body.options) };
    expect((await post('/auth/passkeys/login', misused)).status).toBe(403);
    // And the credential of one person is not registered by another.
    expect((await addPasskey(theirs, myKey)).status).toBe(403);
  });

  it('needs the password to be added and to be removed', async () => {
    const session = await server.register();
    const key = createAuthenticator();
    expect((await post('/account/passkeys/options', { password: 'errada' }, session)).status).toBe(403);
    const { body } = await addPasskey(session, key);
    const remove = (secret: string) =>
      server.call('DELETE', `/account/passkeys/${body.id}`, { as: session, body: { password: secret } });
    expect((await remove('errada')).status).toBe(403);
    expect((await remove(password)).status).toBe(204);
    expect((await loginByPasskey(key)).status).toBe(403);
    expect((await login(session)).body.accessToken).toBeTruthy();
  });

  it('is for a domain: at an address of numbers, or by a name that a request invents, there are none', async () => {
    const session = await server.register();
    for (const host of [
      '127.0.0.1:3000',
      'evil.example',
      'localhost.evil.example',
      'localhost@evil.example',
      '[::1]:3000',
    ]) {
      const { status, body } = await server.call('POST', '/auth/passkeys/options', { body: {}, headers: { host } });
      expect([status, body.error?.code]).toEqual([409, 'passkeys_unavailable']);
    }
    expect(session.user.id).toBeTruthy();
  });
});

describe('with a PUBLIC_URL', () => {
  it('passkeys are of its domain and page, whatever a request says', async () => {
    const hosted = await buildTestApp({ publicUrl: 'https://app.example.com' });
    try {
      const session = await hosted.register();
      const key = createAuthenticator('https://app.example.com');
      const headers = { host: 'localhost:3000', 'x-forwarded-host': 'evil.example' };
      const { body } = await hosted.call('POST', '/account/passkeys/options', {
        as: session,
        headers,
        body: { password },
      });
      expect(body.options.rp.id).toBe('app.example.com');
      const add = { name: 'Celular', handle: body.handle, response: key.create(body.options) };
      expect((await hosted.call('POST', '/account/passkeys', { as: session, headers, body: add })).status).toBe(201);
      const asked = await hosted.call('POST', '/auth/passkeys/options', { body: {} });
      const response = key.get(asked.body.options);
      const entered = await hosted.call('POST', '/auth/passkeys/login', {
        body: { handle: asked.body.handle, response },
      });
      expect(entered.status).toBe(200);
    } finally {
      await hosted.close();
    }
  });
});

describe('a new password', () => {
  it('asks for the factor too, and ends sign-ins that are halfway', async () => {
    const { session, secret } = await withTotp();
    const challenge = await challengeOf(session);
    const newPassword = 'broa de milho às 7';
    const changed = await post('/account/password', { currentPassword: password, newPassword }, session);
    expect(changed.status).toBe(200);
    expect((await answer(challenge, codeOf(secret))).status).toBe(401);
    const asked = await post('/auth/login', { email: session.user.email, password: newPassword });
    expect(asked.body.factors).toEqual(['totp', 'recovery_code']);
  });
});
