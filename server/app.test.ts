import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '#db/connect.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import type { Session } from './api/auth/schemas.js';

let server: TestApp;
let as: Session;
beforeAll(async () => {
  const webApp = await mkdtemp(join(tmpdir(), 'web-'));
  await mkdir(join(webApp, 'assets'));
  await writeFile(join(webApp, 'index.html'), '<!doctype html><title>App</title>');
  for (const locale of ['pt-BR', 'en'])
    await writeFile(join(webApp, `landing.${locale}.html`), `<!doctype html><html lang="${locale}">`);
  await writeFile(join(webApp, 'assets/app-1a2b.js'), 'export {}');
  server = await buildTestApp({ webAppDirectory: webApp });
  as = await server.register();
});
afterAll(() => server.close());

const json = { 'content-type': 'application/json' };

describe('an error', () => {
  it('has one shape and says which request it belongs to', async () => {
    const { body, headers } = await server.call('GET', '/departments/nope', { as });
    expect(body).toEqual({
      error: { code: 'not_found', message: 'There is nothing here.', requestId: headers['x-request-id'] },
    });
  });

  it('speaks Portuguese to those who do', async () => {
    const { body } = await server.call('POST', '/departments', {
      as,
      body: { nome: 'x' },
      headers: { 'accept-language': 'pt-BR,pt;q=0.9,en;q=0.8' },
    });
    expect(body.error.message).toBe('Tem algo errado no pedido: veja os detalhes.');
    expect(body.error.details).toContainEqual({ path: 'name', message: expect.stringContaining('esperava') });
  });

  it('names the path of each fault and never repeats a value', async () => {
    const { status, body } = await server.call('POST', '/auth/register', {
      body: { email: 'not an e-mail', password: 'hunter2', name: '', organizationName: 'A' },
    });
    expect(status).toBe(400);
    expect(body.error.details.map(({ path }: { path: string }) => path)).toEqual(['email', 'password', 'name']);
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('of ours shows no stack and no cause', async () => {
    const broken = await buildTestApp({
      searchKnowledge: () => Promise.reject(new Error('secret detail of /srv/app')),
    });
    const answer = await broken.call('POST', '/knowledge/search', {
      as: await broken.register(),
      body: { query: 'x' },
    });
    expect(answer).toMatchObject({ status: 500, body: { error: { code: 'internal' } } });
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|stack|\.ts/);
    await broken.close();
  });

  it('tells an unknown address from a wrong method', async () => {
    expect(await server.call('GET', '/nothing', { as })).toMatchObject({ status: 404 });
    const wrong = await server.call('DELETE', '/departments', { as });
    expect(wrong).toMatchObject({ status: 405, body: { error: { code: 'method_not_allowed' } } });
    expect(wrong.headers['allow']).toBe('GET, HEAD, POST');
  });
});

describe('a body', () => {
  it('that is not JSON is refused', async () => {
    const answer = await server.call('POST', '/departments', { as, body: '{"name": ', headers: json });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad_json' } } });
  });

  it('that is no UTF-8, or says that it is packed, is refused', async () => {
    const send = (payload: Buffer, headers: Record<string, string> = {}) =>
      server.app.inject({
        method: 'POST',
        url: '/api/v1/departments',
        payload,
        headers: { ...json, authorization: `Bearer ${as.accessToken}`, ...headers },
      });
    const torn = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    expect((await send(torn)).statusCode).toBe(400);
    const good = Buffer.from('{"name":"Pão"}');
    for (const encoding of ['gzip', 'br', 'identity, gzip'])
      expect((await send(good, { 'content-encoding': encoding })).statusCode).toBe(415);
    for (const body of [good, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), good])])
      expect((await send(body, { 'content-encoding': 'identity' })).json()).toMatchObject({ name: 'Pão' });
  });

  it('with a name that nobody can see, or that reads as another, is refused', async () => {
    for (const name of ['\u200b\u200b', '\u2060', '\u0000', 'admin\u202enimda', '  '])
      expect([name, (await server.call('POST', '/departments', { as, body: { name } })).status]).toEqual([name, 400]);
    for (const name of ['Pão 🥖', 'مخبز', '100%', '👩‍👩‍👧'])
      expect([name, (await server.call('POST', '/departments', { as, body: { name } })).status]).toEqual([name, 201]);
  });

  it('of 10 MB is refused', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(10_000_000) });
    const answer = await server.call('POST', '/auth/login', { body, headers: json });
    expect(answer).toMatchObject({ status: 413, body: { error: { code: 'too_large' } } });
  });

  it('may be missing where nothing is needed, also when its type is named', async () => {
    const { body } = await server.call('POST', '/departments', {
      as,
      body: { name: 'x', template: 'customer-service' },
    });
    const bare = await server.call('POST', `/departments/${body.id}/publish`, { as, headers: json });
    expect(bare.status).toBe(201);
  });

  it('is required where something is', async () => {
    expect(await server.call('POST', '/departments', { as })).toMatchObject({ status: 400 });
  });

  it('loses what PostgreSQL cannot store', async () => {
    const { status, body } = await server.call('POST', '/departments', { as, body: { name: 'A\u0000B\ud800' } });
    expect([status, body.name]).toEqual([201, 'AB\ufffd']);
  });
});

describe('Idempotency-Key', () => {
  const post = (key: string, body: unknown, session = as) =>
    server.call('POST', '/departments', { as: session, body, headers: { 'idempotency-key': key } });
  const count = async (name: string): Promise<number> => {
    const { body } = await server.call('GET', '/departments?limit=100', { as });
    return body.items.filter((item: { name: string }) => item.name === name).length;
  };

  it('makes a write happen once and gives the same answer again', async () => {
    const first = await post('k1', { name: 'once' });
    const again = await post('k1', { name: 'once' });
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await count('once')).toBe(1);
  });

  it('used at once by ten requests does one of them', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('k2', { name: 'race' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect(await count('race')).toBe(1);
  });

  it('refuses another request under the same key', async () => {
    await post('k3', { name: 'a' });
    expect(await post('k3', { name: 'b' })).toMatchObject({
      status: 409,
      body: { error: { code: 'idempotency_mismatch' } },
    });
  });

  it('belongs to an organization', async () => {
    const other = await server.register('Outra');
    const first = await post('k4', { name: 'a' });
    const theirs = await post('k4', { name: 'a' }, other);
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(first.body.id);
  });

  it('keeps a refusal too', async () => {
    expect((await post('k5', { name: 'x', template: 'nope' })).status).toBe(404);
    const again = await post('k5', { name: 'x', template: 'nope' });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  });
});

describe('a list', () => {
  it('goes through everything once, newest first', async () => {
    const session = await server.register('Lista');
    const names = ['1', '2', '3', '4', '5'];
    for (const name of names) await server.call('POST', '/departments', { as: session, body: { name } });
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await server.call('GET', `/departments?limit=2${cursor && `&cursor=${cursor}`}`, {
        as: session,
      });
      seen.push(...body.items.map((item: { name: string }) => item.name));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(names.toReversed());
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'cursor=nonsense', 'cursor=WyJ4Il0', 'unknown=1'])(
    'refuses ?%s',
    async (query) => {
      expect((await server.call('GET', `/departments?${query}`, { as })).status).toBe(400);
    },
  );
});

describe('a store that is away', () => {
  // Nothing listens there: every connection is refused, as when PostgreSQL is down.
  const nowhere = connect('postgresql://app@127.0.0.1:9/app');
  let down: TestApp;
  beforeAll(async () => {
    down = await buildTestApp({ db: nowhere });
  });
  afterAll(async () => {
    await down.close();
    await nowhere.close();
  });

  it('is a 503 with Retry-After', async () => {
    const answer = await down.call('POST', '/auth/login', { body: { email: 'a@example.com', password: 'x' } });
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('makes the server not ready, and says which', async () => {
    const answer = await down.app.inject('/readyz');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBeDefined();
    expect(answer.json()).toMatchObject({ status: 'unavailable', reasons: ['the database cannot be reached'] });
    expect((await down.app.inject('/healthz')).statusCode).toBe(200);
  });
});

describe('the rate limit', () => {
  it('counts requests without a token too, and says when to come back', async () => {
    const limited = await buildTestApp({ rateLimit: 5 });
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(await limited.call('GET', '/departments'));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
    expect(Number(answers[5]?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await limited.call('GET', '/departments', { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(
      429,
    );
    expect((await limited.app.inject('/healthz')).statusCode).toBe(200);
    await limited.close();
  });
});

describe('a page', () => {
  it('of the landing page is in the language that was chosen, else in the first that the browser speaks', async () => {
    const spoken = async (accepted?: string, cookie?: string) => {
      const headers = { ...(accepted !== undefined && { 'accept-language': accepted }), ...(cookie && { cookie }) };
      const { statusCode, body, headers: sent } = await server.app.inject({ url: '/?utm_source=x', headers });
      expect([statusCode, sent['cache-control']]).toEqual([200, 'no-store']);
      expect(sent['vary']).toContain('accept-language');
      return /lang="([^"]+)"/.exec(body)?.[1];
    };
    expect(await spoken()).toBe('pt-BR');
    expect(await spoken('pt')).toBe('pt-BR');
    expect(await spoken('pt-PT,en;q=0.9')).toBe('pt-BR');
    expect(await spoken('en-GB,pt;q=0.9')).toBe('en');
    expect(await spoken('de')).toBe('en');
    expect(await spoken('en', 'a=b; locale=pt-BR')).toBe('pt-BR');
    expect(await spoken('pt-BR', 'locale=en')).toBe('en');
    expect(await spoken('pt-BR', 'locale=../../x; xlocale=en')).toBe('pt-BR');
  });

  it('of the web app is never kept, its assets are kept for good', async () => {
    const page = await server.app.inject('/conversations/123');
    expect([page.statusCode, page.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(page.body).toContain('<title>App</title>');
    const asset = await server.app.inject('/assets/app-1a2b.js');
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await server.app.inject('/assets/gone.js')).statusCode).toBe(404);
    expect((await server.app.inject('/api/v1/nothing')).json().error.code).toBe('not_found');
  });

  it('may load from us alone and be framed by nobody', async () => {
    const { headers } = await server.app.inject('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('never leaves its directory', async () => {
    for (const path of ['/../package.json', '/..%2f..%2fetc/passwd', '/assets/..%2f..%2f..%2fetc%2fpasswd']) {
      const { body, statusCode } = await server.app.inject(path);
      expect(statusCode === 404 || statusCode === 403 || body.includes('<title>App</title>')).toBe(true);
      expect(body).not.toContain('root:');
    }
  });

  it('describes the API without inline scripts', async () => {
    const docs = await server.app.inject('/docs/');
    expect(docs.statusCode).toBe(200);
    expect(docs.body).toContain('swagger');
    expect(String(docs.headers['content-security-policy'])).not.toMatch(/script-src[^;]*'unsafe-inline'/);
  });
});

describe('a request that is cut off', () => {
  it('harms nobody else', async () => {
    await server.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.app.server.address() as AddressInfo;
    await new Promise<void>((resolve) => {
      const cut = httpRequest({
        port,
        method: 'POST',
        path: '/api/v1/auth/login',
        headers: { ...json, 'content-length': 100 },
      });
      cut.on('error', () => resolve());
      cut.write('{"email"', () => cut.destroy());
    });
    const response = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect(response.status).toBe(200);
  });
});
