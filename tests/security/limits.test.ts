import { afterEach, describe, expect, it, vi } from 'vitest';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { mailed, password } from '#tests/support/people.js';
import type { Session } from '#server/api/auth/schemas.js';

const servers: TestApp[] = [];
const open = async (...[overrides]: Parameters<typeof buildTestApp>): Promise<TestApp> => {
  const server = await buildTestApp(overrides);
  servers.push(server);
  return server;
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const from = (remoteAddress: string, server: TestApp) => ({
  async login(email: string, given: string, headers: Record<string, string> = {}): Promise<number> {
    const payload = { email, password: given };
    const url = '/api/v1/auth/login';
    return (await server.app.inject({ method: 'POST', url, payload, remoteAddress, headers })).statusCode;
  },
  get: (path: string, as?: Session, headers: Record<string, string> = {}) =>
    server.app.inject({
      url: `/api/v1${path}`,
      remoteAddress,
      headers: { ...headers, ...(as && { authorization: `Bearer ${as.accessToken}` }) },
    }),
});
const strangers = Array.from({ length: 500 }, (_, i) => `198.51.${100 + Math.floor(i / 250)}.${(i % 250) + 1}`);

describe('guessing at the password of an account', () => {
  it(
    '10,000 times from 500 addresses gets ten guesses, and does not lock the owner out',
    { timeout: 120_000 },
    async () => {
      const server = await open();
      const owner = await server.register();
      const { email } = owner.user;
      const seen = new Map<number, number>();
      // A hundred at once: ten times what is let through. Five hundred would wait for a connection longer than a busy machine gives them.
      for (let tried = 0; tried < 10_000; tried += 100) {
        const first = tried % strangers.length;
        const answers = await Promise.all(
          strangers
            .slice(first, first + 100)
            .map((address, i) => from(address, server).login(email, `guess ${tried + i}`)),
        );
        for (const status of answers) seen.set(status, (seen.get(status) ?? 0) + 1);
      }
      expect(seen).toEqual(
        new Map([
          [401, 10],
          [429, 9_990],
        ]),
      );
      // Not even the right one is taken from a stranger now; where the owner has been before it is.
      expect(await from('203.0.113.99', server).login(email, password)).toBe(429);
      expect(await from('127.0.0.1', server).login(email, password)).toBe(200);
    },
  );

  it('lets the person in from anywhere once they have come by their mail', async () => {
    const server = await open();
    const { email } = (await server.register()).user;
    for (const address of strangers.slice(0, 12)) await from(address, server).login(email, 'a guess');
    const travelling = from('203.0.113.50', server);
    expect(await travelling.login(email, password)).toBe(429);
    await server.call('POST', '/auth/password/forgot', { body: { email } });
    const token = await mailed(server, email, 'reset_password');
    const payload = { token, password: 'pão quentinho às 7' };
    const url = '/api/v1/auth/password/reset';
    await server.app.inject({ method: 'POST', url, payload, remoteAddress: '203.0.113.50' });
    for (const address of strangers.slice(12, 24)) await from(address, server).login(email, 'a guess');
    expect(await travelling.login(email, 'pão quentinho às 7')).toBe(200);
  });

  it('is limited where the owner has been before, too', async () => {
    const server = await open();
    const { email } = (await server.register()).user;
    const statuses = [];
    for (let i = 0; i < 12; i++) statuses.push(await from('127.0.0.1', server).login(email, `guess ${i}`));
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
  });

  it('is counted under the account whatever the case of its e-mail, and whether or not there is one', async () => {
    const server = await open();
    const { email } = (await server.register()).user;
    for (const each of [email, 'nobody@example.com']) {
      const statuses = [];
      for (let i = 0; i < 12; i++) {
        const name = i % 2 === 0 ? each : each.toUpperCase();
        statuses.push(await from(strangers[i] ?? '', server).login(name, 'a guess'));
      }
      expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    }
  });

  it('at many accounts from one address stops, too', async () => {
    const server = await open();
    const statuses = new Set<number>();
    for (let i = 0; i < 52; i++) statuses.add(await from('203.0.113.7', server).login(`${i}@example.com`, 'a guess'));
    expect(statuses).toEqual(new Set([401, 429]));
  });

  it('a hundred at once is no way around', async () => {
    const server = await open();
    const { email } = (await server.register()).user;
    const answers = await Promise.all(
      strangers.slice(0, 100).map((address) => from(address, server).login(email, 'a guess')),
    );
    expect(answers.filter((status) => status === 401)).toHaveLength(10);
  });

  it('of an open session is limited across everything that asks for it', async () => {
    const server = await open();
    const as = await server.register();
    const ask = [
      () => server.call('POST', '/account/password', { as, body: { currentPassword: 'x', newPassword: password } }),
      () => server.call('POST', '/account/email', { as, body: { email: 'a@example.com', password: 'x' } }),
      () => server.call('POST', '/account/totp', { as, body: { password: 'x' } }),
      () => server.call('DELETE', '/account', { as, body: { password: 'x' } }),
    ];
    const codes = [];
    for (let i = 0; i < 12; i++) codes.push((await ask[i % ask.length]?.())?.body.error.code);
    expect(codes).toEqual([...Array.from({ length: 10 }, () => 'wrong_password'), 'rate_limited', 'rate_limited']);
  });
});

describe('an address', () => {
  it('is the one of the socket: no header makes it another', async () => {
    const server = await open({ rateLimit: 5 });
    const spoofed = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'cf-connecting-ip', 'true-client-ip', 'x-client-ip'];
    const statuses = [];
    for (const [i, name] of spoofed.entries())
      statuses.push(
        (await from('203.0.113.7', server).get('/departments', undefined, { [name]: `192.0.2.${i}` })).statusCode,
      );
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('is what a trusted proxy says, and nobody behind it can say another', async () => {
    const server = await open({ rateLimit: 5, trustProxy: '10.0.0.0/8' });
    const behind = (claimed: string) =>
      from('10.0.0.1', server).get('/departments', undefined, { 'x-forwarded-for': `${claimed}, 203.0.113.7` });
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await behind(`192.0.2.${i}`)).statusCode);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const other = await from('10.0.0.1', server).get('/departments', undefined, { 'x-forwarded-for': '203.0.113.8' });
    expect(other.statusCode).toBe(401);
  });

  it('of IPv6 is its subnet', async () => {
    const server = await open({ rateLimit: 5 });
    const statuses = [];
    for (let i = 0; i < 6; i++)
      statuses.push((await from(`2001:db8:1:2:${i}::1`, server).get('/departments')).statusCode);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await from('2001:db8:1:3::1', server).get('/departments')).statusCode).toBe(401);
  });
});

describe('requests', () => {
  it('say what is left, in the fields of the current draft', async () => {
    const server = await open({ rateLimit: 100 });
    const as = await server.register();
    const { headers } = await from('203.0.113.7', server).get('/departments', as);
    expect(headers['ratelimit-policy']).toBe('"address";q=100;w=60, "organization";q=100;w=60, "read";q=100;w=60');
    expect(headers['ratelimit']).toMatch(/^"address";r=99;t=\d+, "organization";r=99;t=\d+, "read";r=99;t=\d+$/);
    const search = await server.call('POST', '/knowledge/search', { as, body: { query: 'oi' } });
    expect(search.headers['ratelimit-policy']).toContain('"expensive";q=25;w=60');
  });

  it('of one organization are counted together, wherever they come from, and hinder no other', async () => {
    const server = await open({ rateLimit: 20 });
    const [mine, theirs] = [await server.register('A'), await server.register('B')];
    const statuses = [];
    for (let i = 0; i < 21; i++)
      statuses.push((await from(strangers[i] ?? '', server).get('/departments', mine)).statusCode);
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(statuses[20]).toBe(429);
    const refused = await from('203.0.113.8', server).get('/departments', mine);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.headers['ratelimit']).toContain('"organization";r=0');
    expect((await from('203.0.113.8', server).get('/departments', theirs)).statusCode).toBe(200);
  });

  it('of one caller are counted by what they cost', async () => {
    const server = await open({ rateLimit: 40 });
    const as = await server.register();
    const search = (i: number) =>
      server.app.inject({
        method: 'POST',
        url: '/api/v1/knowledge/search',
        payload: { query: 'oi' },
        remoteAddress: strangers[i] ?? '',
        headers: { authorization: `Bearer ${as.accessToken}` },
      });
    const statuses = [];
    for (let i = 0; i < 11; i++) statuses.push((await search(i)).statusCode);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    expect((await from('203.0.113.8', server).get('/departments', as)).statusCode).toBe(200);
  });

  it('are without limit when the setting says so', async () => {
    const server = await open({ rateLimit: 0 });
    const as = await server.register();
    const caller = from('203.0.113.7', server);
    const answers = await Promise.all(Array.from({ length: 500 }, () => caller.get('/node-types', as)));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(answers[0]?.headers['ratelimit']).toBeUndefined();
  });

  it('are counted here while Redis is away: neither open nor shut', async () => {
    const { Redis } = await import('ioredis');
    const redis = new Redis('redis://127.0.0.1:1', {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      lazyConnect: true,
    });
    redis.on('error', () => {});
    const server = await open({ rateLimit: 5, redis });
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await from('203.0.113.7', server).get('/departments')).statusCode);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    redis.disconnect();
    await vi.waitFor(() => expect(redis.status).toBe('end'), 60_000);
  });
});
