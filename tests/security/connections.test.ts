import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCanary, type Canary } from '#tests/support/canary.js';
import { expectOk, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

/**
 * Scorecard 58: a credential goes to the hosts that it was made for and nowhere else, whatever a step, an expression or a redirect says. On the
 * whole platform; each refusal with a twin that arrives.
 */
const secret = 'sk-canary-7f3a"9\\d0c~secret';
const clientSecret = 'oauth-canary-55b1e0';
const issued = 'token-canary-9c2f44';
let home: Canary;
let elsewhere: Canary;
let tokens: Canary;
let platform: TestPlatform;
let token: string;
let department: string;
const figures = { withheld: 0, arrived: 0 };

beforeAll(async () => {
  elsewhere = await startCanary((_, response) => void response.writeHead(200).end('{}'));
  home = await startCanary((request, response) => {
    const [, status] = /^\/away\/(\d+)/.exec(request.url ?? '') ?? [];
    if (status)
      return void response.writeHead(Number(status), { location: `http://127.0.0.1:${elsewhere.port}/` }).end();
    if (request.url?.startsWith('/round')) {
      return void response.writeHead(302, { location: `http://127.0.0.1:${elsewhere.port}/back` }).end();
    }
    const echo = JSON.stringify({
      headers: request.headers,
      forms: Object.values(request.headers).map(String).map(btoa),
    });
    response.writeHead(200, { 'content-type': 'application/json', 'x-echo': String(request.headers.authorization) });
    response.end(echo);
  });
  tokens = await startCanary((request, response) => {
    if (request.url === '/away')
      return void response.writeHead(307, { location: `http://127.0.0.1:${elsewhere.port}/` }).end();
    if (request.url === '/no')
      return void response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ access_token: issued, token_type: 'bearer', expires_in: 3600 }));
  });
  const allow = [home, elsewhere, tokens].map(({ port }) => `127.0.0.1:${port}`).join();
  platform = await startTestPlatform({ EGRESS_ALLOW: `${allow},localhost:${home.port}` });
  token = (await expectOk(platform.call('POST', '/auth/sample', { locale: 'en' }))).body.accessToken;
  department = (await post('/departments', { name: 'Keys', definition: graph('') })).id;
}, 60_000);
afterAll(async () => {
  console.log(`connections: ${figures.arrived} arrived where they belong, ${figures.withheld} withheld elsewhere`);
  await platform?.close();
  for (const canary of [home, elsewhere, tokens]) await canary?.close();
});

const post = async (path: string, body: unknown = {}, as = token) =>
  (await expectOk(platform.call('POST', path, body, { token: as }))).body;

const position = { x: 0, y: 0 };
const graph = (connection: string, url = '{{ trigger.url }}', config: object = {}) => ({
  format: 1,
  nodes: [
    { id: 'start', type: 'trigger.manual', version: 1, config: {}, position },
    {
      id: 'ask',
      type: 'data.httpRequest',
      version: 1,
      config: { method: '{{ trigger.method }}', url, connection, ...config },
      position,
    },
  ],
  edges: [{ id: 'e', from: { node: 'start', port: 'out' }, to: { node: 'ask', port: 'in' } }],
  settings: {},
});

const hosts = (): string[] => [`127.0.0.1:${home.port}`];
const kinds: Readonly<Record<string, () => object>> = {
  bearer: () => ({ kind: 'bearer', hosts: hosts(), secret }),
  header: () => ({ kind: 'header', hosts: hosts(), secret, header: 'X-Api-Key' }),
  basic: () => ({ kind: 'basic', hosts: hosts(), secret, username: 'lucia' }),
  'oauth2, client in the header': () => ({ ...oauth(), clientAuth: 'header' }),
  'oauth2, client in the body': () => ({ ...oauth(), clientAuth: 'body' }),
};
const oauth = (path = '/token') => ({
  kind: 'oauth2',
  hosts: hosts(),
  secret: clientSecret,
  clientId: 'client',
  tokenUrl: `http://127.0.0.1:${tokens.port}${path}`,
});
const forms = (text: string) => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), btoa(text)];
const canaries = [
  ...forms(secret),
  ...forms(clientSecret),
  ...forms(issued),
  btoa(`lucia:${secret}`),
  btoa(`client:${clientSecret}`),
];
const holds = (value: unknown): boolean => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return canaries.some((each) => text.includes(each) || text.includes(JSON.stringify(each).slice(1, -1)));
};

const connect = async (body: object, as = token): Promise<string> =>
  (await post('/integrations/connections', { name: 'Loja', ...body }, as)).id;

interface Ended {
  readonly status: string;
  readonly steps: readonly { nodeId: string; output: unknown; error: { code: string; message: string } | null }[];
}
async function ask(definition: object, input: object, as = token, where = department): Promise<Ended> {
  await expectOk(platform.call('PUT', `/departments/${where}/draft`, { definition }, { token: as }));
  const { run } = await post(
    `/departments/${where}/runs`,
    { input: { method: 'GET', ...input }, version: 'draft' },
    as,
  );
  let ended: Ended | undefined;
  await expect
    .poll(
      async () => {
        ended = (await expectOk(platform.call('GET', `/runs/${run.id}`, undefined, { token: as }))).body as Ended;
        return ended.status;
      },
      { timeout: 60_000 },
    )
    .toMatch(/^(succeeded|failed)$/);
  return ended as Ended;
}
const codeOf = (run: Ended) => run.steps.find(({ nodeId }) => nodeId === 'ask')?.error?.code ?? null;
const at = (canary: Canary, path = '/') => `http://127.0.0.1:${canary.port}${path}`;

describe.each(Object.entries(kinds))('%s', (kind, body) => {
  let id: string;
  beforeAll(async () => {
    id = await connect(body());
  });

  it.each(['GET', 'POST', 'DELETE'])(
    'with %s goes to its own host, and is nowhere in what comes back',
    async (method) => {
      const before = home.requests.length;
      const run = await ask(graph(id), { url: at(home), method });
      expect([run.status, codeOf(run)]).toEqual(['succeeded', null]);
      const [arrived] = home.requests.slice(before);
      const expected = kind.startsWith('oauth2')
        ? `Bearer ${issued}`
        : kind === 'basic'
          ? `Basic ${btoa(`lucia:${secret}`)}`
          : secret;
      expect(JSON.stringify(arrived?.headers)).toContain(JSON.stringify(expected).slice(1, -1));
      expect(holds(run)).toBe(false);
      figures.arrived++;
    },
  );

  it.each(['GET', 'POST'])('with %s does not go to another host, port or spelling of a name', async (method) => {
    for (const url of [
      at(elsewhere),
      `http://localhost:${home.port}/`,
      `http://127.0.0.1.:${elsewhere.port}/`,
      `http://2130706433:${elsewhere.port}/`,
    ]) {
      const before = elsewhere.connections() + home.connections();
      const run = await ask(graph(id), { url, method });
      expect([url, run.status, codeOf(run)]).toEqual([url, 'failed', 'connection_other_host']);
      expect(elsewhere.connections() + home.connections()).toBe(before);
      figures.withheld++;
    }
  });

  it.each([301, 302, 303, 307, 308])('does not follow a %d to another host', async (status) => {
    for (const method of ['GET', 'POST']) {
      const before = elsewhere.requests.length;
      const run = await ask(graph(id, '{{ trigger.url }}', { body: method === 'POST' ? { a: 1 } : undefined }), {
        url: at(home, `/away/${status}`),
        method,
      });
      expect(run.status).toBe('succeeded');
      const arrived = elsewhere.requests.slice(before);
      // The twin: the redirect itself is followed.
      expect(arrived.length).toBe(1);
      expect(holds(arrived)).toBe(false);
      expect(arrived[0]?.headers).not.toHaveProperty('authorization');
      expect(arrived[0]?.headers).not.toHaveProperty('x-api-key');
      figures.withheld++;
    }
  });
});

describe('a token address', () => {
  it('that leads elsewhere gets the client no further', async () => {
    const id = await connect({ ...oauth('/away'), clientAuth: 'body' });
    const before = elsewhere.connections();
    const run = await ask(graph(id), { url: at(home) });
    expect([run.status, elsewhere.connections()]).toEqual(['failed', before]);
    expect(holds(run)).toBe(false);
    figures.withheld++;
  });

  it('that refuses the client is named as what it is, and the request does not leave', async () => {
    const id = await connect(oauth('/no'));
    const before = home.connections();
    const run = await ask(graph(id), { url: at(home), method: 'POST' });
    expect([codeOf(run), home.connections()]).toEqual(['connection_refused', before]);
    expect(run.steps.find(({ nodeId }) => nodeId === 'ask')?.error?.message).toContain('invalid_client');
  });

  it('is asked once for many requests', async () => {
    const id = await connect(oauth());
    const before = tokens.requests.length;
    for (let turn = 0; turn < 3; turn++) await ask(graph(id), { url: at(home) });
    expect(tokens.requests.length - before).toBe(1);
    expect(tokens.requests.at(-1)?.body).toContain('grant_type=client_credentials');
  });
});

describe('what an author writes', () => {
  it.each([
    '{{ connection.secret }}',
    '{{ organization.secret }}',
    '{{ steps.ask.secret }}',
    '{{ trigger.connection }}',
  ])('as %s finds no secret', async (expression) => {
    const id = await connect(kinds['bearer']?.() ?? {});
    const definition = graph(id, at(home), { headers: [{ name: 'x-note', value: expression }], method: 'GET' });
    const before = home.requests.length;
    await platform.call('PUT', `/departments/${department}/draft`, { definition }, { token });
    const started = await platform.call(
      'POST',
      `/departments/${department}/runs`,
      { input: {}, version: 'draft' },
      { token },
    );
    expect(holds(started.body)).toBe(false);
    for (const { headers } of home.requests.slice(before)) expect(holds(headers['x-note'] ?? '')).toBe(false);
  });

  it('cannot be an id of another organization', async () => {
    const other = (await expectOk(platform.call('POST', '/auth/sample', { locale: 'en' }))).body.accessToken as string;
    const theirs = await connect(kinds['bearer']?.() ?? {}, other);
    const told = await platform.call(
      'PUT',
      `/departments/${department}/draft`,
      { definition: graph(theirs) },
      { token },
    );
    expect(told.body.problems.map(({ code }: { code: string }) => code)).toContain('connection.unknown');
    const run = await platform.call(
      'POST',
      `/departments/${department}/runs`,
      { input: {}, version: 'draft' },
      { token },
    );
    expect(run.status).toBe(422);
    // The twin: it is theirs.
    const mine = (await post('/departments', { name: 'Keys', definition: graph(theirs) }, other)).id;
    expect((await ask(graph(theirs), { url: at(home) }, other, mine)).status).toBe('succeeded');
  });

  it.each([
    ['a connection that is none', () => graph('019ab0c4-5c1e-7cc3-9d53-5d8f4f5a0b11', at(home)), 'connection.unknown'],
    [
      'an address that is not its own',
      (id: string) => graph(id, at(elsewhere, '/{{ trigger.path }}')),
      'connection.other_host',
    ],
    ['an address without protection', (id: string) => graph(id, at(home)), 'connection.not_https'],
  ])('with %s is a problem before it runs', async (_, definition, code) => {
    const id = await connect(kinds['bearer']?.() ?? {});
    const told = await platform.call(
      'PUT',
      `/departments/${department}/draft`,
      { definition: definition(id) },
      { token },
    );
    const problem = told.body.problems.find((each: { code: string }) => each.code.startsWith('connection.'));
    expect(problem).toMatchObject({ code, nodeId: 'ask' });
    const published = await platform.call('POST', `/departments/${department}/publish`, {}, { token });
    expect(published.status).toBe(problem.severity === 'error' ? 422 : 201);
  });
});

describe('the secret', () => {
  it('is in no answer about connections', async () => {
    const { body } = await platform.call('GET', '/integrations/connections', undefined, { token });
    expect(body.items.length).toBeGreaterThan(3);
    expect(holds(body)).toBe(false);
  });

  it('stands in no table', async () => {
    const client = new pg.Client({ connectionString: platform.databaseUrl });
    await client.connect();
    try {
      const { rows: tables } = await client.query<{ name: string }>(
        `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'platform' and table_type = 'BASE TABLE'`,
      );
      await client.query('set row_security = off');
      for (const { name } of tables) {
        const { rows } = await client.query<{ row: string }>(`select t::text as row from platform.${name} t`);
        const bytes = rows.map(
          ({ row }) => row + row.replace(/\\\\x([0-9a-f]+)/g, (_, hex) => Buffer.from(hex, 'hex').toString('latin1')),
        );
        expect([name, bytes.some(holds)]).toEqual([name, false]);
      }
    } finally {
      await client.end();
    }
  });

  it('is not sent to new hosts by somebody who does not know it', async () => {
    const id = await connect(kinds['bearer']?.() ?? {});
    const path = `/integrations/connections/${id}`;
    const widened = { hosts: [...hosts(), `127.0.0.1:${elsewhere.port}`] };
    expect((await platform.call('PATCH', path, widened, { token })).status).toBe(400);
    expect((await ask(graph(id), { url: at(elsewhere) })).status).toBe('failed');
    // The twin knows it.
    await expectOk(platform.call('PATCH', path, { ...widened, secret: 'another' }, { token }));
    const before = elsewhere.requests.length;
    expect((await ask(graph(id), { url: at(elsewhere) })).status).toBe('succeeded');
    expect(elsewhere.requests.slice(before).map(({ headers }) => headers.authorization)).toEqual(['Bearer another']);
  });
});
