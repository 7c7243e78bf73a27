import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { parseAllow } from '#engine/egress/allow.js';
import { createTokens } from '#engine/connections/tokens.js';
import { egressFetch } from '#engine/connections/egressFetch.js';
import { openEgress, type Egress, type EgressRequest } from '#engine/egress/egress.js';
import type { Resolve } from '#engine/egress/target.js';
import { NodeError, EffectDidNotHappen } from '#nodes/sdk/errors.js';
import { startCanary, type Answering, type Canary } from '#tests/support/canary.js';
import { closedTargets } from '#tests/support/egressTargets.js';

/** Outgoing requests against a listener on this machine: scorecard 55, 57 and 58. What passes through the node and the knowledge is in egressDoors. */
const figures = { refused: 0, reached: 0, allowed: 0 };
const open: Canary[] = [];
const serve = async (answer?: Answering): Promise<Canary> => {
  const canary = await startCanary(answer);
  open.push(canary);
  return canary;
};
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
afterAll(() =>
  console.log(
    `egress: ${figures.refused} refused, ${figures.reached} reached the canary, ${figures.allowed} twins allowed`,
  ),
);

const answering =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
const client = (allow = '', resolve?: Resolve) => openEgress({ allow: parseAllow(allow), ...(resolve && { resolve }) });
const failure = async (request: EgressRequest, of = client()): Promise<NodeError> => {
  const error: unknown = await of.request({ timeoutMs: 30_000, ...request }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(NodeError);
  return error as NodeError;
};

describe('a place that is not public', () => {
  it.each(closedTargets(0).map((_, at) => at))('target %i is refused before anything is connected', async (at) => {
    const canary = await serve();
    const url = closedTargets(canary.port)[at] ?? '';
    const byName: Resolve = async (host) =>
      host === 'public.test'
        ? [{ address: '93.184.215.14', family: 4 }]
        : [{ address: host === 'metadata.google.internal' ? '169.254.169.254' : '127.0.0.1', family: 4 }];
    const error = await failure({ url }, client('', byName));
    expect([url, error.code, error.actor, error.retryable]).toEqual([url, 'egress_refused', 'author', false]);
    expect(error).toBeInstanceOf(EffectDidNotHappen);
    expect(error.message).not.toMatch(/127\.0|169\.254/);
    figures.reached += canary.connections();
    expect(canary.connections()).toBe(0);
    figures.refused++;
  });

  it.each([
    ['an A record', ['127.0.0.1']],
    ['one private among several', ['93.184.215.14', '127.0.0.1']],
    ['a private AAAA beside a public A', ['93.184.215.14', '::1']],
    ['a mapped AAAA', ['::ffff:127.0.0.1']],
    ['a zone', ['fe80::1%lo']],
    ['translated', ['64:ff9b::7f00:1']],
    ['what is no address', ['localhost']],
  ])('behind a name with %s is refused', async (_, addresses) => {
    const canary = await serve();
    const error = await failure({ url: `http://cname.test:${canary.port}/` }, client('', answering(...addresses)));
    expect(error.code).toBe('egress_refused');
    figures.reached += canary.connections();
    expect(canary.connections()).toBe(0);
    figures.refused++;
  });

  it('does not appear behind a name that changes between the look and the connection', async () => {
    const inside = await serve();
    const outside = await serve((_, response) => void response.end('outside'));
    // 127.0.0.2 stands for the public address; every later look would give the private one.
    let looks = 0;
    const rebinding: Resolve = async () => [{ address: looks++ === 0 ? '127.0.0.2' : '127.0.0.1', family: 4 }];
    const error = await failure({ url: `http://rebind.test:${inside.port}/` }, client('127.0.0.2/32', rebinding));
    // Nobody listens at 127.0.0.2: the connection went there and nowhere else.
    expect([error.code, looks, inside.connections(), outside.connections()]).toEqual(['egress_failed', 1, 0, 0]);
  });

  it.each([301, 302, 303, 307, 308])('is not reached by a redirect with %i', async (status) => {
    const inside = await serve();
    const target = await serve((request, response) => {
      const location = closedTargets(inside.port)[Number(request.url?.slice(1))] ?? '';
      response.writeHead(status, { location: Buffer.from(location.replace(/[\n\t]/g, '')).toString('latin1') }).end();
    });
    const byName: Resolve = async (host) => [
      {
        address: host === 'outside.test' ? '127.0.0.1' : host === 'public.test' ? '93.184.215.14' : '127.0.0.1',
        family: 4,
      },
    ];
    for (const at of closedTargets(0).keys()) {
      const error = await failure(
        { url: `http://outside.test:${target.port}/${at}`, method: 'POST', body: 'x' },
        client(`outside.test:${target.port}`, byName),
      );
      expect([closedTargets(0)[at], error.code]).toEqual([closedTargets(0)[at], 'egress_refused']);
      figures.refused++;
    }
    figures.reached += inside.connections();
    expect(inside.connections()).toBe(0);
    expect(target.requests).toHaveLength(closedTargets(0).length);
  });
});

/** What else goes to an address that a tenant chose. The node and its connections: egressDoors, connections. */
const others: Readonly<Record<string, (egress: Egress, url: string) => Promise<unknown>>> = {
  'the token address of a connection': (egress, url) =>
    createTokens(egress).tokenOf({
      id: 'c',
      organizationId: 'o',
      kind: 'oauth2',
      hosts: ['api.example.com'],
      settings: { tokenUrl: url, clientId: 'client' },
      secret: 'secret',
      version: '1',
    }),
  "a model at the tenant's own address": (egress, url) =>
    egressFetch(egress)(url, { method: 'POST', body: '{}', headers: { authorization: 'Bearer key' } }),
};

describe.each(Object.keys(others))('%s', (name) => {
  const go = async (url: string, egress: Egress) => others[name]?.(egress, url);

  it('is none of the places that are not public, nor leads there', async () => {
    const canary = await serve();
    const redirecting = await serve((_, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${canary.port}/` }).end(),
    );
    const byName = answering('127.0.0.1');
    const reached: string[] = [];
    for (const url of closedTargets(canary.port)) {
      await go(url, client('', byName)).then(
        () => reached.push(url),
        () => undefined,
      );
      figures.refused++;
    }
    await go(
      `http://127.0.0.1:${redirecting.port}/`,
      client(`127.0.0.1:${redirecting.port},127.0.0.1:${canary.port}`),
    ).catch(() => undefined);
    figures.reached += canary.connections();
    expect([reached, canary.connections(), redirecting.connections()]).toEqual([[], 0, 1]);
  });

  it('is reached where operators opened it', async () => {
    const canary = await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":"t","token_type":"bearer"}'),
    );
    await go(`http://127.0.0.1:${canary.port}/`, client(`127.0.0.1:${canary.port}`));
    expect(canary.requests).toHaveLength(1);
    figures.allowed++;
  });
});

describe('what operators opened', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:PORT/'],
    ['127.0.0.0/8', 'http://2130706433:PORT/'],
    ['127.0.0.1:PORT', 'http://0x7f.1:PORT/'],
    ['crm.internal', 'http://crm.internal:PORT/'],
    ['crm.internal:PORT', 'http://CRM.internal.:PORT/'],
    ['127.0.0.0/8:PORT, 10.0.0.0/8', 'http://crm.internal:PORT/'],
    ['0.0.0.0/0', 'http://127.1:PORT/'],
  ])('%s is reached as %s', async (allow, url) => {
    const canary = await serve();
    const at = (text: string) => text.replace('PORT', String(canary.port));
    const answer = await client(at(allow), answering('127.0.0.1')).request({ url: at(url) });
    expect([answer.status, answer.body.toString()]).toEqual([200, 'canary']);
    figures.allowed++;
  });

  it.each([['127.0.0.1:9'], ['10.0.0.0/8'], ['crm.internal'], ['::1'], ['127.0.0.2']])(
    '%s opens nothing else',
    async (allow) => {
      const canary = await serve();
      expect((await failure({ url: `http://127.0.0.1:${canary.port}/` }, client(allow))).code).toBe('egress_refused');
      figures.reached += canary.connections();
      expect(canary.connections()).toBe(0);
      figures.refused++;
    },
  );

  it.each([
    'http://crm',
    '10.0.0.0/33',
    '10.0.0/8',
    'a b:c',
    'host:0',
    'host:99999',
    '*',
    '[::1',
    'fe80::1%lo',
    '0x7f.1',
    'user@host',
    'host/path',
  ])('"%s" is not understood and says so', (entry) => {
    expect(() => parseAllow(entry)).toThrow(/is neither a host nor an address range/);
  });
});

describe('an answer without measure', () => {
  const local = () => client('127.0.0.1');
  const cases: readonly [string, string, Answering][] = [
    [
      'endless',
      'egress_too_large',
      (_, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      },
    ],
    [
      'a bomb of gzip',
      'egress_too_large',
      (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    ],
    [
      'a bomb of brotli',
      'egress_too_large',
      (_, response) => void response.writeHead(200, { 'content-encoding': 'br' }).end(brotliBomb),
    ],
    [
      'gzip in gzip',
      'egress_too_large',
      (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(gzipSync(bomb)),
    ],
    [
      'packed many times',
      'egress_too_large',
      (_, response) => void response.writeHead(200, { 'content-encoding': Array(50).fill('gzip').join(',') }).end('x'),
    ],
    [
      'broken gzip',
      'egress_failed',
      (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip'),
    ],
    [
      'a hundred redirects',
      'egress_failed',
      (request, response) => void response.writeHead(302, { location: `/${Number(request.url?.slice(1)) + 1}` }).end(),
    ],
  ];
  const bomb = gzipSync(Buffer.alloc(100_000_000));
  const brotliBomb = brotliCompressSync(Buffer.alloc(50_000_000));

  it.each(cases)('%s is cut: %s', async (name, code, answer) => {
    const canary = await serve(answer);
    const before = process.memoryUsage().rss;
    const error = await failure({ url: `http://127.0.0.1:${canary.port}/0`, timeoutMs: 20_000 }, local());
    expect(error.code).toBe(code);
    if (name === 'a hundred redirects') expect(canary.requests).toHaveLength(6);
    const grown = (process.memoryUsage().rss - before) / 1e6;
    console.log(`egress: ${name} cut with ${code}, memory of the whole test process +${Math.round(grown)} MB`);
  });

  it('costs whoever asks less than 50 MB of memory', async () => {
    const canary = await serve((request, response) => {
      const asked = cases.find(([name]) => name === decodeURIComponent(request.url?.slice(1) ?? ''));
      if (asked) asked[2](request, response);
      else response.end(Buffer.alloc(1_000_000));
    });
    const names = cases.map(([name]) => name).filter((name) => !name.includes('redirects'));
    const [url, urls] = [
      `http://127.0.0.1:${canary.port}/`,
      names.map((name) => `http://127.0.0.1:${canary.port}/${encodeURIComponent(name)}`),
    ];
    const script = fileURLToPath(new URL('../support/egressMemory.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--expose-gc',
      '--conditions=source',
      '--import',
      'tsx',
      script,
      url,
      ...urls,
    ]);
    const { ended, grown } = JSON.parse(stdout) as { ended: string[]; grown: number };
    expect(ended).toEqual(cases.filter(([name]) => names.includes(name)).map(([, code]) => code));
    console.log(`egress: ${names.length} answers without measure cost ${(grown / 1e6).toFixed(1)} MB`);
    expect(grown).toBeLessThan(50_000_000);
  });

  it('with a hundred thousand headers is cut', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(`HTTP/1.1 200 OK\r\n${Array.from({ length: 100_000 }, (_, at) => `x-${at}: 1\r\n`).join('')}\r\n`);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    expect((await failure({ url: `http://127.0.0.1:${port}/` }, local())).code).toBe('egress_too_large');
    server.close();
  });

  it('with more headers than anybody needs, though small, is cut', async () => {
    const canary = await serve((_, response) => {
      for (let at = 0; at < 400; at++) response.setHeader(`x-${at}`, '1');
      response.end();
    });
    expect((await failure({ url: `http://127.0.0.1:${canary.port}/` }, local())).code).toBe('egress_too_large');
  });

  it.each([
    ['never', (): void => undefined],
    [
      'in its body byte by byte',
      (_: unknown, response: Parameters<Answering>[1]): void => {
        const timer = setInterval(() => response.write('x'), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('that comes %s ends at the deadline', async (_, answer) => {
    const canary = await serve(answer as Answering);
    const started = performance.now();
    const error = await failure({ url: `http://127.0.0.1:${canary.port}/`, timeoutMs: 300 }, local());
    expect([error.code, error.retryable]).toEqual(['egress_timeout', true]);
    expect(performance.now() - started).toBeLessThan(20_000);
    const posted = await failure(
      { url: `http://127.0.0.1:${canary.port}/`, timeoutMs: 300, method: 'POST', body: 'x' },
      local(),
    );
    expect([posted.code, posted.retryable, posted instanceof EffectDidNotHappen]).toEqual([
      'egress_timeout',
      false,
      false,
    ]);
  });

  it('of a name that never resolves ends at the deadline', async () => {
    const error = await failure(
      { url: 'http://slow.test/', timeoutMs: 100 },
      client('', () => new Promise(() => undefined)),
    );
    expect([error.code, error instanceof EffectDidNotHappen]).toEqual(['egress_timeout', true]);
  });

  it.each([
    ['gzip', gzipSync('olá')],
    ['deflate', deflateSync('olá')],
    ['deflate', deflateRawSync('olá')],
    ['br', brotliCompressSync('olá')],
    ['identity', Buffer.from('olá')],
  ])('but an ordinary one in %s is read', async (encoding, body) => {
    const canary = await serve(
      (_, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(body),
    );
    const answer = await local().request({ url: `http://127.0.0.1:${canary.port}/` });
    expect(answer.body.toString()).toBe('olá');
  });

  it('and one of nine megabytes over five redirects is read whole', async () => {
    const canary = await serve((request, response) => {
      const at = Number(request.url?.slice(1));
      if (at < 5) response.writeHead(302, { location: `/${at + 1}` }).end();
      else response.end(Buffer.alloc(9_000_000));
    });
    const answer = await local().request({ url: `http://127.0.0.1:${canary.port}/0` });
    expect([answer.body.length, answer.url]).toEqual([9_000_000, `http://127.0.0.1:${canary.port}/5`]);
  });
});

describe('credentials', () => {
  const secret = 'Bearer of-the-tenant';
  /** As a connection gives them: for its own host only. */
  const boundTo = (host: string) => async (url: URL) => {
    if (url.hostname === host) return { Authorization: secret };
    throw new NodeError('Another host.', { code: 'connection_other_host', actor: 'author', retryable: false });
  };
  const here = () => client('own.test, other.test', answering('127.0.0.1'));

  it('go to their own host', async () => {
    const canary = await serve();
    await here().request({
      url: `http://own.test:${canary.port}/`,
      headersFor: boundTo('own.test'),
      headers: { authorization: 'of the author' },
    });
    expect(canary.requests[0]?.headers['authorization']).toBe(secret);
  });

  it('go to no other, and nothing is asked there', async () => {
    const canary = await serve();
    const error = await failure({ url: `http://other.test:${canary.port}/`, headersFor: boundTo('own.test') }, here());
    expect([error.code, canary.connections()]).toEqual(['connection_other_host', 0]);
  });

  it.each([301, 302, 303, 307, 308])('do not follow a redirect with %i away, nor come back with it', async (status) => {
    const canary = await serve((request, response) => {
      const host = request.headers.host ?? '';
      const { port } = canary;
      if (request.url === '/start') response.writeHead(status, { location: `http://other.test:${port}/away` }).end();
      else if (request.url === '/away') response.writeHead(status, { location: `http://own.test:${port}/back` }).end();
      else response.end(host);
    });
    const answer = await here().request({
      url: `http://own.test:${canary.port}/start`,
      method: 'POST',
      body: '{}',
      headers: { 'x-api-key': 'k', cookie: 'a=b', 'content-type': 'application/json', accept: 'text/plain' },
      headersFor: boundTo('own.test'),
    });
    expect(answer.status).toBe(200);
    const [start, away, back] = canary.requests;
    expect(start?.headers).toMatchObject({ authorization: secret, 'x-api-key': 'k', cookie: 'a=b' });
    for (const later of [away, back]) {
      expect(later?.headers).toMatchObject({ accept: 'text/plain' });
      for (const name of ['authorization', 'x-api-key', 'cookie']) expect(later?.headers[name]).toBeUndefined();
    }
    expect([away?.method, away?.body]).toEqual(status >= 307 ? ['POST', '{}'] : ['GET', '']);
  });

  it('stay with a redirect at the same host', async () => {
    const canary = await serve((request, response) =>
      request.url === '/start' ? void response.writeHead(302, { location: '/next' }).end() : void response.end('ok'),
    );
    await here().request({ url: `http://own.test:${canary.port}/start`, headersFor: boundTo('own.test') });
    expect(canary.requests.map(({ headers }) => headers['authorization'])).toEqual([secret, secret]);
  });
});

describe('the request itself', () => {
  it.each(['host', 'Connection', 'content-length', 'Transfer-Encoding', 'proxy-authorization', 'upgrade'])(
    '%s is ours',
    async (name) => {
      const canary = await serve();
      const error = await failure(
        { url: `http://127.0.0.1:${canary.port}/`, headers: { [name]: 'x' } },
        client('127.0.0.1'),
      );
      expect([error.code, canary.connections()]).toEqual(['egress_refused', 0]);
    },
  );

  it.each([
    [{ headers: { 'x\r\ny': '1' } }],
    [{ headers: { x: '1\r\ny: 2' } }],
    [{ method: 'CONNECT' }],
    [{ method: 'GET\r\nX: y' }],
    [{ method: 'GET', body: 'x' }],
  ])('%j is refused', async (change) => {
    const canary = await serve();
    const error = await failure({ url: `http://127.0.0.1:${canary.port}/`, ...change }, client('127.0.0.1'));
    expect([error.code, canary.connections()]).toEqual(['egress_refused', 0]);
  });

  it('ends when its run is canceled', async () => {
    const cancel = new AbortController();
    const canary = await serve(() => cancel.abort(new Error('canceled')));
    await expect(
      client('127.0.0.1').request({ url: `http://127.0.0.1:${canary.port}/`, signal: cancel.signal }),
    ).rejects.toThrow('canceled');
  });

  it('shares no connection with the next one', async () => {
    const canary = await serve();
    for (const _ of [1, 2, 3]) await client('127.0.0.1').request({ url: `http://127.0.0.1:${canary.port}/` });
    expect(canary.connections()).toBe(3);
  });
});
