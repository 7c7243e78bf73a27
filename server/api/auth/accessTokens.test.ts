import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import type { Session } from './schemas.js';

let server: TestApp;
let session: Session;
let claims: Record<string, unknown>;
let header: { alg: string; typ: string; kid: string };
beforeAll(async () => {
  server = await buildTestApp();
  session = await server.register();
  const [head = '', body = ''] = session.accessToken.split('.');
  header = JSON.parse(Buffer.from(head, 'base64url').toString());
  claims = JSON.parse(Buffer.from(body, 'base64url').toString());
});
afterAll(() => server.close());

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const sign = (change: Record<string, unknown>, head: Record<string, unknown> = {}): Promise<string> =>
  new SignJWT({ ...claims, ...change })
    .setProtectedHeader({ ...header, ...head } as { alg: string })
    .sign(server.keys.current().privateKey, { crit: { b64x: true } });
const statusOf = async (accessToken: string): Promise<number> =>
  (await server.call('GET', '/organizations/current', { as: { ...session, accessToken } })).status;

const publicKey = async () => {
  const key = await server.keys.find(header.kid);
  if (!key) throw new Error('no public key');
  return key;
};
const hs256 = (secret: string): string => {
  const text = `${encode({ ...header, alg: 'HS256' })}.${encode(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};
const now = () => Math.floor(Date.now() / 1000);

describe('an access token', () => {
  it('is accepted as it was issued, and signed again the same way', async () => {
    expect(await statusOf(session.accessToken)).toBe(200);
    expect(await statusOf(await sign({}))).toBe(200);
  });

  it('lasts 15 minutes', () => {
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(15 * 60);
  });

  const forgeries: [string, () => Promise<string> | string][] = [
    ['with alg none', () => `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`],
    ['with HS256 over our public key', async () => hs256(await exportSPKI(await publicKey()))],
    ['with HS256 over our public key after a newline', async () => hs256(`\n${await exportSPKI(await publicKey())}`)],
    ['with HS256 over the raw public key', async () => hs256(String((await exportJWK(await publicKey())).x))],
    ['with an unknown crit', () => sign({}, { crit: ['b64x'], b64x: true })],
    ['of another issuer', () => sign({ iss: 'somebody' })],
    ['with a list of issuers', () => sign({ iss: ['ai-departments'] })],
    ['for another purpose', () => sign({ aud: 'ai-departments:file' })],
    ['for several purposes', () => sign({ aud: ['ai-departments:access', 'ai-departments:file'] })],
    ['for no purpose', () => sign({ aud: undefined })],
    ['of another type', () => sign({}, { typ: 'JWT' })],
    ['that has expired', () => sign({ exp: now() - 1 })],
    ['that never expires', () => sign({ exp: undefined })],
    ['that is not good yet', () => sign({ nbf: now() + 600 })],
    ['with a key id that is a path', () => sign({}, { kid: '../../../../dev/null' })],
    ['with a key id that is a property', () => sign({}, { kid: '__proto__' })],
    ['without a key id', () => sign({}, { kid: undefined })],
    ['without an organization', () => sign({ organization_id: undefined })],
    [
      'for an organization that the user is no member of',
      () => sign({ organization_id: '0198a000-0000-7000-8000-000000000000' }),
    ],
    ['of a session that does not exist', () => sign({ sid: '0198a000-0000-7000-8000-000000000000' })],
    ['of a user that is not its subject', () => sign({ user_id: '0198a000-0000-7000-8000-000000000000' })],
    ['that is a ticket', async () => (await server.call('POST', '/realtime/ticket', { as: session })).body.ticket],
    ['that is a refresh token', () => session.refreshToken],
    ['that is empty', () => ''],
    ['that is not a token', () => 'a.b.c'],
  ];
  it.each(forgeries)('%s is refused', async (_, forge) => {
    expect(await statusOf(await forge())).toBe(401);
  });

  it('that is forged opens no route at all', async () => {
    const closed = server.app
      .routeList()
      .filter(({ access, method, websocket }) => access && !('public' in access) && method !== 'HEAD' && !websocket);
    const tokens = await Promise.all(forgeries.map(async ([name, forge]) => [name, await forge()] as const));
    const opened: string[] = [];
    for (const { method, url } of closed) {
      const path = url.replace('/api/v1', '').replace(/:\w+/g, '0198a000-0000-7000-8000-000000000000');
      await Promise.all(
        tokens.map(async ([name, accessToken]) => {
          const { status } = await server.call(method as 'GET', path, { as: { ...session, accessToken } });
          if (status !== 401) opened.push(`${method} ${path} with a token ${name}: ${status}`);
        }),
      );
    }
    expect(opened).toEqual([]);
    console.log(
      `forged tokens: ${tokens.length} kinds at ${closed.length} routes, ${tokens.length * closed.length} refused`,
    );
  });

  it('of a key of somebody else is refused, also under our key id', async () => {
    const { privateKey } = await generateKeyPair('EdDSA');
    expect(await statusOf(await new SignJWT(claims).setProtectedHeader(header).sign(privateKey))).toBe(401);
  });

  it('with another payload under the same signature is refused, also right after the real one', async () => {
    const other = await server.register('Outra');
    const [head, , signature] = session.accessToken.split('.');
    const [, payload] = other.accessToken.split('.');
    expect(await statusOf(session.accessToken)).toBe(200);
    expect(await statusOf(`${head}.${payload}.${signature}`)).toBe(401);
  });

  it('is not taken from the address, a cookie or a spoofed header on ordinary routes', async () => {
    const anonymous = await server.call('GET', `/organizations/current?token=${session.accessToken}`);
    expect(anonymous.status).toBe(401);
    const headers = {
      cookie: `token=${session.accessToken}`,
      'x-request-from': 'internal',
      'x-forwarded-user': 'owner',
      'x-organization-id': session.organization.id,
    };
    expect((await server.call('GET', '/organizations/current', { headers })).status).toBe(401);
  });

  it('names the organization: no header changes it', async () => {
    const other = await server.register('Outra');
    const headers = { 'x-tenant-id': other.organization.id, 'x-organization-id': other.organization.id };
    const { body } = await server.call('GET', '/organizations/current', { as: session, headers });
    expect(body.id).toBe(session.organization.id);
  });
});
