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
import { expectOk, openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

/**
 * What customers are called, where they are reached and what they say is planted in a conversation and then looked for in every table: it is in the
 * clear nowhere but where the decision says (0012), still found by telephone number, and gone with the organization's key.
 */
const masterKey = randomBytes(32);
const appSecret = 'app-secret';
const phoneNumberId = '106540352242922';
const phone = '5581987650123';
const name = 'Zuleide Canário';
const said = 'Quero o bolo amarelo-canário-771';
const answered = 'Aqui é a Lúcia, canário-882 reservado';
const planted = [phone, name, said, answered, 'canário-771', 'canário-882', 'Zuleide'];

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
}, 120_000);
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

/** The tables in which any of it stands in the clear, in whatever column, in bytes too. */
async function tablesWith(words: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query('set row_security = off');
    const { rows: tables } = await client.query<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'platform' and table_type = 'BASE TABLE' order by 1`,
    );
    const found: string[] = [];
    for (const { name: table } of tables) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from platform.${table} t`);
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

/** Reviewed, with the decision: the record of runs holds what steps were given. */
const inTheClear = ['checkpoint_writes', 'checkpoints', 'effects', 'run_steps', 'runs', 'waits'];

describe('personal words', () => {
  it('stand in the clear nowhere but in the record of runs', async () => {
    const found = await tablesWith(planted);
    expect(found.filter((table) => !inTheClear.includes(table))).toEqual([]);
    // The scan does find what is there to be found.
    expect(await tablesWith(['Atendimento'])).toContain('departments');
    expect(await tablesWith([bakery.departmentId])).toContain('conversations');
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
    await database.db.engine.query('update platform.organizations set sealed = false where id = $1', [organizationId]);
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
    const found = await tablesWith(['canário-993', 'canário-994', 'Zuleide velha', phone]);
    expect(found.filter((table) => !inTheClear.includes(table))).toEqual([]);
    const { rows } = await database.db.engine.query<{ opaque: string }>(
      `select payload ->> 'opaque' as opaque from platform.messages where conversation_id = $1 and payload ->> 'opaque' = 'a/b'`,
      [id],
    );
    expect(rows).toHaveLength(1);
    const before = await conversation();
    await write('Voltei');
    await quiet();
    expect((await conversation()).id).toBe(before.id);
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
