import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openMaster } from '#db/masterKey.js';
import { createResealer } from '#db/reseal.js';
import { openKeyring } from '#db/seal.js';
import { createVault } from '#db/sealing/vault.js';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { messagesDelivery, textDelivery } from '#tests/support/meta/deliveries.js';
import { sign, startGraphApi, type GraphApi } from '#tests/support/meta/graphApi.js';
import { expectOk, openBakery, redisContents, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

/**
 * What customers are called, where they are reached and what they say is planted in conversations and runs and then looked for in all that the platform
 * keeps: it is in the clear nowhere (0026), still found by whoever looks for it, and gone with the organization's key.
 */
const masterKey = randomBytes(32);
const appSecret = 'app-secret';
const phoneNumberId = '106540352242922';
const phone = '5581987650123';
const name = 'Zuleide Canário';
const said = 'Quero o bolo amarelo-canário-771';
const answered = 'Aqui é a Lúcia, canário-882 reservado';
const [given, questioned, told, reported, edited] = [
  'canário-551',
  'canário-552',
  'canário-553',
  'canário-554',
  'canário-555',
];
const planted = [phone, name, said, answered, 'canário-771', 'canário-882', 'Zuleide'];
const inRuns = [given, questioned, told, reported, edited];

let database: TestDatabase;
let graph: GraphApi;
let platform: TestPlatform;
let bakery: Awaited<ReturnType<typeof openBakery>>;
let organizationId: string;

beforeAll(async () => {
  [database, graph] = await Promise.all([testDatabase(), startGraphApi()]);
  platform = await startTestPlatform({
    DATABASE_URL: database.url,
    MASTER_KEY: masterKey.toString('base64'),
    META_APP_SECRET: appSecret,
    META_VERIFY_TOKEN: 'verify-me',
    META_GRAPH_URL: graph.url,
  });
  bakery = await openBakery(platform);
  organizationId = bakery.session.organization.id;
  const number = { phoneNumberId, accessToken: 'a token', departmentId: bakery.departmentId };
  await expectOk(platform.call('POST', '/integrations/whatsapp', number, bakery));
  await write(said);
  await vi.waitFor(() => expect(graph.sent().some(({ body }) => body['to'] === phone)).toBe(true), 60_000);
  const { id } = await conversation();
  await expectOk(platform.call('POST', `/conversations/${id}/messages`, { text: answered }, bakery));
  await vi.waitFor(() => expect(JSON.stringify(graph.sent())).toContain(answered), 60_000);
  await quiet();
  await work();
}, 240_000);
afterAll(async () => {
  await platform?.close();
  await graph?.close();
  await database?.close();
});

async function deliver(body: object): Promise<void> {
  const text = JSON.stringify(body);
  const headers = { 'x-hub-signature-256': sign(text, appSecret) };
  await expectOk(platform.call('POST', '/webhooks/whatsapp', text, { headers }));
}
const write = (text: string): Promise<void> => deliver(textDelivery({ phoneNumberId, from: phone, name }, text));
async function conversation(): Promise<{ id: string; contact: { name: string }; lastMessage: { text: string } }> {
  const { body } = await expectOk(platform.call('GET', '/conversations', undefined, bakery));
  expect(body.items).toHaveLength(1);
  return body.items[0];
}
const quiet = () =>
  vi.waitFor(async () => {
    const { rows } = await database.db.engine.query(
      `select id from platform.inbound_events where processed_at is null union all select id from platform.runs where status in ('queued', 'running')`,
    );
    expect(rows).toEqual([]);
  }, 60_000);

const position = { x: 0, y: 0 };
const node = (id: string, type: string, config: object = {}) => ({ id, type, version: 1, config, position });
const edge = (from: string, to: string, port = 'out') => ({
  id: `${from}-${to}`,
  from: { node: from, port },
  to: { node: to, port: 'in' },
});
let worked: string;
/** A run that is given words, asks a person, waits for another system and fails; and a fork of it from words that somebody wrote by hand. */
async function work(): Promise<void> {
  const definition = {
    format: 1,
    nodes: [
      node('start', 'trigger.manual'),
      node('ask', 'human.ask', { question: `${questioned}: {{ trigger.text }}?`, of: 'member' }),
      node('event', 'logic.waitForEvent', { key: '{{ trigger.text }}' }),
      node('end', 'data.set', { values: [{ name: 'words', value: '{{ steps.event.event }}' }] }),
    ],
    edges: [edge('start', 'ask'), edge('ask', 'event', 'answered'), edge('event', 'end', 'arrived')],
    settings: {},
  };
  const call = (method: string, path: string, body?: unknown) => expectOk(platform.call(method, path, body, bakery));
  const { id } = (await call('POST', '/departments', { name: 'Pedidos', definition })).body;
  await call('POST', `/departments/${id}/publish`, {});
  worked = (await call('POST', `/departments/${id}/runs`, { input: { text: given, contact: { name } } })).body.run.id;
  await reached('waiting');
  await call('POST', `/runs/${worked}/resume`, { value: told });
  await vi.waitFor(async () => {
    const { body } = await call('GET', `/runs/${worked}`);
    expect(body.waits.map(({ path }: { path: string }) => path)).toEqual(['event']);
  }, 30_000);
  const hooks = (await call('GET', `/departments/${id}/webhooks`)).body.items as { does: string; path: string }[];
  const path = hooks.find(({ does }) => does === 'report')?.path.replace('/api/v1', '') ?? '';
  await expectOk(platform.call('POST', path, { key: given, words: reported }));
  await reached('succeeded');
  await call('POST', `/runs/${worked}/fork`, {
    fromStep: 'ask',
    edit: 'output',
    effects: 'rehearse',
    state: { text: edited, value: null, raw: edited },
  });
  await quiet();
}
const reached = (status: string) =>
  vi.waitFor(async () => {
    const { body } = await expectOk(platform.call('GET', `/runs/${worked}`, undefined, bakery));
    expect(body.status).toBe(status);
  }, 30_000);

/** The tables in which any of it stands in the clear, in whatever column, in bytes too. */
async function tablesWith(words: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query('set row_security = off');
    const { rows: tables } = await client.query<{ schema: string; name: string }>(
      `select quote_ident(table_schema) as schema, quote_ident(table_name) as name from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE' order by 1, 2`,
    );
    const found: string[] = [];
    for (const { schema, name: table } of tables) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${schema}.${table} t`);
      const read = rows.map(
        ({ row }) => row + row.replace(/\\+x([0-9a-f]+)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString()),
      );
      if (
        read.some((row) => words.some((word) => row.includes(word) || row.includes(JSON.stringify(word).slice(1, -1))))
      )
        found.push(table);
    }
    return found;
  } finally {
    await client.end();
  }
}

describe('personal words', () => {
  it('stand in the clear nowhere that the platform keeps anything', async () => {
    expect(await tablesWith([...planted, ...inRuns.filter((words) => words !== questioned)])).toEqual([]);
    // What the author wrote stands in the definition, and nowhere that runs are kept.
    const ofRuns = ['runs', 'run_steps', 'step_packs', 'waits', 'effects', 'checkpoints', 'checkpoint_writes'];
    const drawn = await tablesWith([questioned]);
    expect(drawn).toContain('department_versions');
    expect(drawn.filter((table) => ofRuns.includes(table))).toEqual([]);
    const kept = await redisContents();
    expect(kept.filter((text) => [...planted, ...inRuns].some((words) => text.includes(words)))).toEqual([]);
    if (process.env['TEST_SERVICES'] === '1') expect(kept.length).toBeGreaterThan(0);
    // The scan does find what is there to be found.
    expect(await tablesWith(['Atendimento'])).toContain('departments');
    expect(await tablesWith([bakery.departmentId])).toContain('conversations');
  });

  it('of runs are read, forked and found by whoever may', async () => {
    const { body } = await expectOk(platform.call('GET', `/runs/${worked}`, undefined, bakery));
    const record = JSON.stringify(body);
    for (const words of [given, told, reported]) expect(record).toContain(words);
    const timeline = await expectOk(platform.call('GET', `/runs/${worked}/timeline`, undefined, bakery));
    for (const words of [questioned, told]) expect(JSON.stringify(timeline.body.pauses)).toContain(words);
    const found = async (q: string): Promise<string[]> => {
      const path = `/runs?q=${encodeURIComponent(q)}`;
      const { body: page } = await expectOk(platform.call('GET', path, undefined, bakery));
      return page.items.map((run: { id: string }) => run.id);
    };
    expect(await found('CANARIO 551')).toContain(worked);
    expect(await found(`+${phone.slice(0, 4)} ${phone.slice(4)}`)).toHaveLength(1);
    expect(await found('canário-556')).toEqual([]);
    const forks = (await found('zuleide')).filter((id) => id !== worked);
    const all = await Promise.all(
      forks.map(async (id) => (await expectOk(platform.call('GET', `/runs/${id}`, undefined, bakery))).body),
    );
    expect(JSON.stringify(all)).toContain(edited);
  });

  it('are read by whoever may', async () => {
    const { id, contact, lastMessage } = await conversation();
    expect([contact.name, lastMessage.text]).toEqual([name, answered]);
    const { body } = await expectOk(platform.call('GET', `/conversations/${id}/messages`, undefined, bakery));
    const texts = body.items.map(({ text }: { text: string }) => text);
    expect(texts).toEqual(expect.arrayContaining([said, answered]));
  });

  it('find their customer again by the telephone number', async () => {
    const before = await conversation();
    await write('E tem de chocolate?');
    await quiet();
    expect((await conversation()).id).toBe(before.id);
    const { rows } = await database.db.engine.query<{ external_id: string }>(
      `select external_id from platform.contacts where organization_id = $1 and channel_kind = 'whatsapp'`,
      [organizationId],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.external_id).toMatch(/^[\w-]{43}$/);
  });

  it('that only look sealed are words like any other', async () => {
    const odd = `sealed:${Buffer.alloc(60, 7).toString('base64')}`;
    await deliver(
      messagesDelivery({ phoneNumberId, from: phone, name }, [
        { type: 'text', text: { body: odd }, id: `wamid.${randomBytes(9).toString('hex')}` },
      ]),
    );
    await quiet();
    const { id } = await conversation();
    const { body } = await expectOk(platform.call('GET', `/conversations/${id}/messages`, undefined, bakery));
    expect(body.items.map(({ text }: { text: string }) => text)).toContain(odd);
  });
});

describe('the index', () => {
  it('tells two organizations apart, and nothing without the key', async () => {
    const query = (text: string, values: unknown[]) => database.db.engine.query(text, values);
    const [mine, same, other] = [
      await openKeyring(masterKey).vault(query, organizationId),
      await openKeyring(masterKey).vault(query, organizationId),
      createVault('x', { keys: new Map([[1, randomBytes(32)]]), newest: 1, index: randomBytes(32) }),
    ];
    expect(mine.index('contact', phone)).toBe(same.index('contact', phone));
    expect(mine.index('contact', phone)).not.toBe(other.index('contact', phone));
    expect(mine.index('contact', phone)).not.toBe(mine.index('another purpose', phone));
  });
});

describe('what was written before', () => {
  it('is sealed by itself, and read meanwhile', async () => {
    const { id } = await conversation();
    const plain = 'Texto antigo canário-993';
    await database.db.engine.query(
      `update platform.messages set text = $2, payload = '{"opaque":"a/b","buttons":[{"id":"canário-994","title":"x"}]}'
       where id = (select id from platform.messages where conversation_id = $1 order by id limit 1)`,
      [id, plain],
    );
    await database.db.engine.query(
      `update platform.contacts set external_id = $2, address = null, name = 'Zuleide velha' where organization_id = $1`,
      [organizationId, phone],
    );
    // A run as it was kept before: each column in the clear.
    const json = (text: string) => Buffer.from(JSON.stringify({ text }));
    const old = ['canário-661', 'canário-662', 'canário-663', 'canário-664', 'canário-665', 'canário-666'] as const;
    const engine = database.db.engine;
    await engine.query(
      `update platform.runs set input = $2, words = null, output = '"canário-662"', error = '{"code":"x","message":"canário-663"}' where id = $1`,
      [worked, JSON.stringify({ text: old[0] })],
    );
    await engine.query(
      `update platform.run_steps set payload = null, input = $2, output = $3, error = null where run_id = $1 and path = 'ask'`,
      [worked, json(old[3]), json(old[4])],
    );
    await engine.query(`update platform.waits set answer = '"canário-666"' where run_id = $1 and path = 'ask'`, [
      worked,
    ]);
    const record = async () => {
      const { body } = await expectOk(platform.call('GET', `/runs/${worked}`, undefined, bakery));
      const { body: timeline } = await expectOk(platform.call('GET', `/runs/${worked}/timeline`, undefined, bakery));
      return [body, timeline];
    };
    const before = await record();
    for (const words of old) expect(JSON.stringify(before)).toContain(words);
    await engine.query('update platform.organizations set sealed = false where id = $1', [organizationId]);
    await database.db.engine
      .query('update platform.organization_keys set settled_at = null where organization_id = $1', [organizationId])
      .catch(() => undefined);
    const read = async () =>
      (await expectOk(platform.call('GET', `/conversations/${id}/messages`, undefined, bakery))).body.items.find(
        ({ text }: { text: string }) => text === plain,
      );
    expect(await read()).toMatchObject({ buttons: [{ id: 'canário-994', title: 'x' }] });
    expect((await conversation()).contact.name).toBe('Zuleide velha');

    const keyring = await openMaster(database.db, { current: masterKey, previous: null });
    const resealer = createResealer(database.db.engine, keyring, 0);
    while ((await resealer.some()) > 0);
    expect(await read()).toMatchObject({ buttons: [{ id: 'canário-994', title: 'x' }] });
    expect((await conversation()).contact.name).toBe('Zuleide velha');
    expect(await tablesWith(['canário-993', 'canário-994', 'Zuleide velha', phone, ...old])).toEqual([]);
    expect(await record()).toEqual(before);
    const { rows } = await database.db.engine.query<{ opaque: string }>(
      `select payload ->> 'opaque' as opaque from platform.messages where conversation_id = $1 and payload ->> 'opaque' = 'a/b'`,
      [id],
    );
    expect(rows).toHaveLength(1);
    const { id: known } = await conversation();
    await write('Voltei');
    await quiet();
    expect((await conversation()).id).toBe(known);
  });
});

describe("without the organization's key", () => {
  it('nobody reads it any more', async () => {
    await database.db.engine.query('delete from platform.organization_keys where organization_id = $1', [
      organizationId,
    ]);
    const { rows } = await database.db.engine.query<{ text: string }>(
      'select text from platform.messages where organization_id = $1',
      [organizationId],
    );
    const query = (text: string, values: unknown[]) => database.db.engine.query(text, values);
    const vault = await openKeyring(masterKey).vault(query, organizationId);
    expect(rows.length).toBeGreaterThan(2);
    for (const { text } of rows) expect(() => vault.openText(text)).toThrow();
  });
});

describe('the cost', () => {
  it('is some microseconds a message', () => {
    const key = randomBytes(32);
    const vault = createVault(organizationId, { keys: new Map([[1, key]]), newest: 1, index: key });
    const rounds = 2_000;
    const began = process.cpuUsage();
    for (let turn = 0; turn < rounds; turn++) {
      // What one message in, with its answer, asks for.
      vault.index('contact', phone);
      for (const text of [phone, name, said, answered]) vault.openText(vault.sealText(text));
      vault.openJson(JSON.parse(vault.sealJson({ from: phone, text: said, raw: 'x'.repeat(600) })));
    }
    const { user, system } = process.cpuUsage(began);
    const micros = (user + system) / rounds;
    console.log(`sealing: ${micros.toFixed(0)} µs of processor time for a message and its answer`);
    expect(micros).toBeLessThan(2_000);
  });
});
