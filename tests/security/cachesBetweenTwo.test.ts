import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCanary, type Canary } from '#tests/support/canary.js';
import { joinDraft, refusalOf } from '#tests/support/collaboration.js';
import { textDelivery, wamid } from '#tests/support/meta/deliveries.js';
import { sign, startGraphApi, type GraphApi } from '#tests/support/meta/graphApi.js';
import { startOpenAI, type OpenAIEmulator } from '#tests/support/openai/server.js';
import { expectOk, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

/**
 * Scorecard 40 on the whole platform: two organizations bring the very same material, and each finds only its own. Where something is kept, the
 * twin shows that the same organization does find it there.
 */
const appSecret = 'app-secret';
let openai: OpenAIEmulator;
let graph: GraphApi;
let shop: Canary;
let tokens: Canary;
let platform: TestPlatform;
let a: House;
let b: House;
const hits = { own: 0, cross: 0 };

const basic = (header: string | undefined): string =>
  Buffer.from((header ?? '').replace('Basic ', ''), 'base64').toString();
beforeAll(async () => {
  [openai, graph, shop, tokens] = await Promise.all([
    startOpenAI(),
    startGraphApi(),
    startCanary((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ goods: `goods-for-${(request.headers.authorization ?? '').split('-').at(-1)}` }));
    }),
    // A token says whose secret it was given for.
    startCanary((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const of = basic(request.headers.authorization).split('-').at(-1);
      response.end(JSON.stringify({ access_token: `token-of-${of}`, token_type: 'bearer', expires_in: 3600 }));
    }),
  ]);
  let answers = 0;
  openai.reply(
    (body) => body['response_format'] === undefined,
    () => ({ text: `Resposta ${++answers}.` }),
  );
  platform = await startTestPlatform({
    OPENAI_API_KEY: 'sk-of-the-platform',
    OPENAI_BASE_URL: openai.baseUrl,
    META_APP_SECRET: appSecret,
    META_VERIFY_TOKEN: 'verify-me',
    META_GRAPH_URL: graph.url,
    EGRESS_ALLOW: [shop, tokens].map(({ port }) => `127.0.0.1:${port}`).join(),
  });
  [a, b] = [await house('a'), await house('b')];
}, 60_000);
afterAll(async () => {
  console.log(`caches: ${hits.own} own hits, ${hits.cross} of another organization`);
  await platform?.close();
  for (const each of [openai, graph, shop, tokens]) await each?.close();
});

const position = { x: 0, y: 0 };
const step = (id: string, type: string, config: object = {}) => ({ id, type, version: 1, config, position });
const edge = (from: string, port: string, to: string) => ({
  id: `${from}-${to}`,
  from: { node: from, port },
  to: { node: to, port: 'in' },
});
const definitionOf = (nodes: object[], edges: object[]) => ({ format: 1, nodes, edges, settings: {} });

/** Everything about an organization but its canary is what the other's is, too. */
async function house(letter: string) {
  const person = {
    email: `${randomUUID()}@example.com`,
    password: 'pão quentinho às 6',
    name: 'Ana',
    organizationName: 'Padaria',
  };
  const session = (await expectOk(platform.call('POST', '/auth/register', person))).body;
  const token: string = session.accessToken;
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    platform.call(method, path, body, { token, headers });
  const post = async (path: string, body: unknown = {}) => (await expectOk(call('POST', path, body))).body;
  return {
    letter,
    token,
    organizationId: session.organization.id as string,
    canary: `canario-${letter}-${randomUUID()}`,
    call,
    post,
    async hire(definition: object): Promise<string> {
      const { id } = await post('/departments', { name: 'Balcão', definition });
      await post(`/departments/${id}/publish`);
      return id;
    },
    /** A run's steps, once it has ended well. */
    async run(department: string, input: object): Promise<string> {
      const { run } = await post(`/departments/${department}/runs`, { input });
      return vi.waitFor(async () => {
        const { body } = await expectOk(call('GET', `/runs/${run.id}`));
        expect([body.status, body.error]).toEqual(['succeeded', null]);
        return JSON.stringify(body.steps);
      }, 60_000);
    },
  };
}
type House = Awaited<ReturnType<typeof house>>;

/** What one sees holds its own and nothing of the other's. */
function isOnly(text: string, own: string, others: string): void {
  if (text.includes(others)) hits.cross += 1;
  expect(text).toContain(own);
  expect(text).not.toContain(others);
  hits.own += 1;
}

describe('the same Idempotency-Key with the same body', () => {
  it('is another write for another organization, and the same one for the same', async () => {
    const hire = (of: House) => of.call('POST', '/departments', { name: 'Uma vez' }, { 'idempotency-key': 'the-same' });
    const [ofA, ofB, again] = [await hire(a), await hire(b), await hire(a)];
    expect([ofA.status, ofB.status, again.status]).toEqual([201, 201, 201]);
    expect([ofA, ofB, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, null, 'true']);
    expect(again.body.id).toBe(ofA.body.id);
    isOnly(JSON.stringify(ofB.body), ofB.body.id, ofA.body.id);
    expect((await b.call('GET', `/departments/${ofA.body.id}`)).status).toBe(404);
  });
});

describe('the same knowledge, question and definition', () => {
  const definition = definitionOf(
    [
      step('start', 'trigger.manual'),
      step('look', 'data.knowledgeSearch', { query: '{{ trigger.text }}' }),
      step('think', 'agent.assistant', { message: '{{ trigger.text }}', instructions: 'Responda em uma frase.' }),
    ],
    [edge('start', 'out', 'look'), edge('look', 'found', 'think')],
  );
  const question = 'Que horas abre no domingo?';
  let departments: string[];
  beforeAll(async () => {
    for (const of of [a, b])
      await of.post('/knowledge/sources', {
        title: 'Horários',
        text: `No domingo abre às 6h30. Senha da porta: ${of.canary}.`,
      });
    for (const of of [a, b])
      await vi.waitFor(async () => {
        const { body } = await of.call('GET', '/knowledge/sources');
        expect(body.items.map(({ status }: { status: string }) => status)).toEqual(['ready']);
      }, 60_000);
    departments = [await a.hire(definition), await b.hire(definition)];
  });

  it('are one checksum, and yet each runs with its own', async () => {
    const admin = new pg.Client({ connectionString: platform.databaseUrl });
    await admin.connect();
    const { rows } = await admin.query(
      'select count(*)::int as versions, count(distinct checksum)::int as checksums from platform.department_versions where department_id = any($1)',
      [departments],
    );
    await admin.end();
    expect(rows).toEqual([{ versions: 2, checksums: 1 }]);
    const [ofA = '', ofB = ''] = departments;
    isOnly(await a.run(ofA, { text: question }), a.canary, b.canary);
    isOnly(await b.run(ofB, { text: question }), b.canary, a.canary);
    isOnly(await a.run(ofA, { text: question }), a.canary, b.canary);
  });

  it('are asked of the model anew: no answer and no vector of one is given to the other', async () => {
    const [ofA = '', ofB = ''] = departments;
    const from = openai.log.length;
    const answers = [await a.run(ofA, { text: question }), await b.run(ofB, { text: question })];
    const said = answers.map((text) => /Resposta \d+\./.exec(text)?.[0]);
    expect(said).toEqual([expect.any(String), expect.any(String)]);
    expect(said[0]).not.toBe(said[1]);
    const asked = openai.log.slice(from);
    const chats = asked.filter(({ path }) => path.endsWith('/chat/completions'));
    const vectors = asked.filter(
      ({ path, body }) => path.endsWith('/embeddings') && JSON.stringify(body).includes(question),
    );
    // Two each, of which no byte differs: whatever kept answers by what is asked would have answered the second.
    expect([chats.length, vectors.length]).toEqual([2, 2]);
    expect(JSON.stringify(chats[1]?.body['messages'])).toBe(JSON.stringify(chats[0]?.body['messages']));
    expect(vectors[1]?.body).toEqual(vectors[0]?.body);
  });

  it('are found by search, each with its own', async () => {
    for (const [of, other] of [
      [a, b],
      [b, a],
      [a, b],
    ] as const) {
      const { items } = await of.post('/knowledge/search', { query: question });
      expect(items).toHaveLength(1);
      isOnly(JSON.stringify(items), of.canary, other.canary);
    }
  });
});

describe('the same connection name, host and client', () => {
  it('get a token each, which the next run of the same organization uses again', async () => {
    const departmentOf = async (of: House): Promise<string> => {
      const { id: connection } = await of.post('/integrations/connections', {
        kind: 'oauth2',
        name: 'Loja',
        hosts: [`127.0.0.1:${shop.port}`],
        clientId: 'client',
        secret: `secret-of-${of.letter}`,
        tokenUrl: `http://127.0.0.1:${tokens.port}/token`,
      });
      const ask = step('ask', 'data.httpRequest', { method: 'GET', url: `http://127.0.0.1:${shop.port}/`, connection });
      return of.hire(definitionOf([step('start', 'trigger.manual'), ask], [edge('start', 'out', 'ask')]));
    };
    const [ofA, ofB] = [await departmentOf(a), await departmentOf(b)];
    isOnly(await a.run(ofA, {}), 'goods-for-a', 'goods-for-b');
    isOnly(await b.run(ofB, {}), 'goods-for-b', 'goods-for-a');
    isOnly(await a.run(ofA, {}), 'goods-for-a', 'goods-for-b');
    isOnly(await b.run(ofB, {}), 'goods-for-b', 'goods-for-a');
    expect(shop.requests.map(({ headers }) => headers.authorization)).toEqual(
      ['a', 'b', 'a', 'b'].map((letter) => `Bearer token-of-${letter}`),
    );
    // The twin: the second run of each asked for no token.
    expect(tokens.requests.map(({ headers }) => basic(headers.authorization))).toEqual([
      'client:secret-of-a',
      'client:secret-of-b',
    ]);
  });
});

describe('the same name of an API key', () => {
  it('opens the own organization alone, also while both are remembered', async () => {
    const made = await Promise.all(
      [a, b].map((of) => of.post('/api-keys', { name: 'Caixa', permissions: ['departments:read'] })),
    );
    const idsOf = async (key: string): Promise<string> =>
      JSON.stringify((await expectOk(platform.call('GET', '/departments', undefined, { token: key }))).body.items);
    const own = await Promise.all(
      [a, b].map(async (of) => (await of.post('/departments', { name: 'Caixa' })).id as string),
    );
    expect(made[0]?.key).not.toBe(made[1]?.key);
    for (let times = 0; times < 2; times++) {
      isOnly(await idsOf(made[0]?.key), own[0] ?? '', own[1] ?? '');
      isOnly(await idsOf(made[1]?.key), own[1] ?? '', own[0] ?? '');
    }
  });
});

describe('the same customer and message id on two numbers', () => {
  it('are a conversation each, answered with the token of its number', async () => {
    const definition = definitionOf(
      [step('start', 'trigger.whatsapp'), step('send', 'channel.send', { text: 'Recebido: {{ trigger.text }}' })],
      [edge('start', 'message', 'send')],
    );
    const numbers = { a: '106540352242901', b: '106540352242902' };
    for (const of of [a, b])
      await of.post('/integrations/whatsapp', {
        phoneNumberId: numbers[of.letter as 'a'],
        accessToken: `whatsapp-of-${of.letter}`,
        departmentId: await of.hire(definition),
      });
    const [from, id] = ['5581988880001', wamid()];
    const deliver = async (of: House, message = id) => {
      const text = JSON.stringify(
        textDelivery({ phoneNumberId: numbers[of.letter as 'a'], from }, `oi ${of.canary}`, message),
      );
      await expectOk(
        platform.call('POST', '/webhooks/whatsapp', text, {
          headers: { 'x-hub-signature-256': sign(text, appSecret) },
        }),
      );
    };
    const sent = () =>
      graph.sent().map(({ phoneNumberId, token, body }) => `${phoneNumberId} ${token} ${JSON.stringify(body['text'])}`);
    await deliver(a);
    await deliver(b);
    // The twin: once more is no other message.
    await deliver(a);
    await vi.waitFor(() => expect(sent().length).toBeGreaterThanOrEqual(2), 60_000);
    // What comes after it has been answered, so everything before has been looked at.
    for (const of of [a, b]) await deliver(of, wamid());
    await vi.waitFor(() => expect(sent().length).toBeGreaterThanOrEqual(4), 60_000);
    for (const [of, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const own = sent().filter((each) => each.startsWith(numbers[of.letter as 'a']));
      expect(own).toHaveLength(2);
      for (const each of own) {
        isOnly(each, of.canary, other.canary);
        isOnly(each, `whatsapp-of-${of.letter}`, `whatsapp-of-${other.letter}`);
      }
      const { body } = await expectOk(of.call('GET', '/conversations'));
      expect(body.items).toHaveLength(1);
      const messages = (await expectOk(of.call('GET', `/conversations/${body.items[0].id}/messages`))).body.items;
      expect(messages).toHaveLength(4);
      isOnly(JSON.stringify(messages), of.canary, other.canary);
    }
    expect(graph.log.flatMap(({ violations }) => violations)).toEqual([]);
  });
});

describe('a room that is open in memory', () => {
  it('is none for another organization that names it, and the same one for the same', async () => {
    const address = `${platform.url.replace('http', 'ws')}/api/v1/collaboration`;
    const { id } = await a.post('/departments', { name: 'Sala' });
    const first = await joinDraft(address, id, a.token);
    first.doc.getMap('settings').set('burstWindowMs', 1_234);
    const second = await joinDraft(address, id, a.token);
    await vi.waitFor(() => expect(second.doc.getMap('settings').get('burstWindowMs')).toBe(1_234), 60_000);
    const guesses = [id, `draft:${id}`, encodeURIComponent(`${a.organizationId}/${id}`), randomUUID()];
    const refusals = await Promise.all(guesses.map((guess) => refusalOf(address, guess, b.token)));
    expect(refusals[0]).toBe(404);
    expect(refusals.every((status) => status >= 400 && status < 500)).toBe(true);
    expect(refusals.at(-1)).toBe(refusals[0]);
    first.leave();
    second.leave();
  });
});

describe('the same name of a model key', () => {
  it('is the own value each time, by a client of its own', async () => {
    for (const of of [a, b])
      await of.post('/integrations/connections', { kind: 'openai', name: 'OpenAI', secret: `sk-of-${of.letter}` });
    for (const [of, other] of [
      [a, b],
      [b, a],
      [a, b],
      [b, a],
    ] as const) {
      const from = openai.log.length;
      await of.post('/knowledge/search', { query: 'Que horas abre?' });
      const used = [...new Set(openai.log.slice(from).map(({ key }) => key))];
      expect(used).toEqual([`sk-of-${of.letter}`]);
      isOnly(used.join(), `sk-of-${of.letter}`, `sk-of-${other.letter}`);
    }
  });
});
