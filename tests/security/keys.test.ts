import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connect } from '#db/connect.js';
import { masterSealed, openMaster, rotateMaster, WrongMasterKey } from '#db/masterKey.js';
import { createResealer } from '#db/reseal.js';
import { openKeyring } from '#db/seal.js';
import { organizationSealed } from '#db/sealing/columns.js';
import { plainColumns, tablesOfWords } from './plainColumns.js';
import { startCanary, type Canary } from '#tests/support/canary.js';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { textDelivery } from '#tests/support/meta/deliveries.js';
import { sign, startGraphApi, type GraphApi } from '#tests/support/meta/graphApi.js';
import { expectOk, openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';
import { codeOf, enterPast } from '#tests/support/totp.js';

/** The master key changes under a running platform, an organization's key changes under its data: nobody notices, and the old keys open nothing any more. */
const [former, next] = [randomBytes(32), randomBytes(32)];
const accessToken = 'a token of a system user';
const phoneNumberId = '106540352242922';
const appSecret = 'app-secret';
const password = 'pão quentinho às 6';
let database: TestDatabase;
let graph: GraphApi;
let shop: Canary;

const start = (keys: Record<string, Buffer>): Promise<TestPlatform> =>
  startTestPlatform({
    ...Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, key.toString('base64')])),
    DATABASE_URL: database.url,
    META_APP_SECRET: appSecret,
    META_VERIFY_TOKEN: 'verify-me',
    META_GRAPH_URL: graph.url,
    EGRESS_ALLOW: `127.0.0.1:${shop.port}`,
  });

beforeAll(async () => {
  [database, graph, shop] = await Promise.all([testDatabase(), startGraphApi(), startCanary()]);
  graph.accessToken = accessToken;
}, 60_000);
afterAll(async () => {
  await graph?.close();
  await shop?.close();
  await database?.close();
});

const position = { x: 0, y: 0 };
const calling = (connection: string) => ({
  format: 1,
  nodes: [
    { id: 'start', type: 'trigger.webhook', version: 1, config: {}, position },
    {
      id: 'ask',
      type: 'data.httpRequest',
      version: 1,
      config: { url: `http://127.0.0.1:${shop.port}/`, connection },
      position,
    },
  ],
  edges: [{ id: 'e', from: { node: 'start', port: 'out' }, to: { node: 'ask', port: 'in' } }],
  settings: {},
});

interface House {
  readonly token: string;
  readonly email: string;
  readonly totp: string;
  readonly hook: string;
  readonly organizationId: string;
  refreshToken: string;
}

/** A house with one of everything that is sealed. */
async function furnish(platform: TestPlatform): Promise<House> {
  const { departmentId, token, session } = await openBakery(platform);
  const post = async (path: string, body: unknown = {}, as = token) =>
    (await expectOk(platform.call('POST', path, body, { token: as }))).body;
  await post('/integrations/whatsapp', { phoneNumberId, accessToken, departmentId });
  const connection = await post('/integrations/connections', {
    kind: 'bearer',
    name: 'Loja',
    hosts: [`127.0.0.1:${shop.port}`],
    secret: 'shop-secret',
  });
  const calls = (await post('/departments', { name: 'Chama', definition: calling(connection.id) })).id;
  await post(`/departments/${calls}/publish`);
  const hooks = await expectOk(platform.call('GET', `/departments/${calls}/webhooks`, undefined, { token }));
  const email = `${randomBytes(6).toString('hex')}@example.com`;
  const person = await post('/auth/register', { email, password, name: 'Lúcia', organizationName: 'L' });
  const { secret } = await post('/account/totp', { password }, person.accessToken);
  const confirm = (code: string) =>
    platform.call('POST', '/account/totp/confirm', { code }, { token: person.accessToken });
  await expectOk(enterPast(secret, confirm));
  const { path } = hooks.body.items[0] as { path: string };
  return {
    token,
    email,
    totp: secret,
    hook: path.replace('/api/v1', ''),
    organizationId: session.organization.id,
    refreshToken: session.refreshToken,
  };
}

let phones = 0;
/** Everything of the house that needs a key works. @param later seconds, so that no code is used twice */
async function worksFor(platform: TestPlatform, house: House, later: number): Promise<void> {
  const { token } = house;
  expect((await platform.call('GET', '/organizations/current', undefined, { token })).status).toBe(200);
  const refreshed = await expectOk(platform.call('POST', '/auth/refresh', { refreshToken: house.refreshToken }));
  house.refreshToken = refreshed.body.refreshToken;
  const { challenge } = (await expectOk(platform.call('POST', '/auth/login', { email: house.email, password }))).body;
  await expectOk(platform.call('POST', '/auth/login/totp', { challenge, code: codeOf(house.totp, later) }));
  const phone = `55819${80_000_000 + ++phones}`;
  const delivery = JSON.stringify(textDelivery({ phoneNumberId, from: phone }, 'Que horas vocês abrem?'));
  await expectOk(
    platform.call('POST', '/webhooks/whatsapp', delivery, {
      headers: { 'x-hub-signature-256': sign(delivery, appSecret) },
    }),
  );
  const asked = shop.requests.length;
  await expectOk(platform.call('POST', house.hook, { order: 1 }));
  await vi.waitFor(() => {
    expect(graph.sent().some(({ body }) => body['to'] === phone)).toBe(true);
    expect(shop.requests.slice(asked).map(({ headers }) => headers.authorization)).toContain('Bearer shop-secret');
  }, 60_000);
}

const refused = async (keys: Record<string, Buffer>): Promise<Error> =>
  start(keys).then(
    async (platform) => {
      await platform.close();
      throw new Error('it started');
    },
    (error: Error) => error,
  );

describe('a change of the master key', () => {
  let house: House;

  it('goes on under work: with both keys before, during and after, then with the new one alone', async () => {
    const before = await start({ MASTER_KEY: former });
    house = await furnish(before);
    await before.close();

    const both = await start({ MASTER_KEY: next, MASTER_KEY_PREVIOUS: former });
    await worksFor(both, house, 0);
    const db = connect(database.url);
    const keyring = await openMaster(db, { current: next, previous: former });
    const failed: number[] = [];
    let turning = true;
    const work = (async () => {
      while (turning) {
        const body = {
          email: `${randomBytes(6).toString('hex')}@example.com`,
          password,
          name: 'A',
          organizationName: 'A',
        };
        const made = await both.call('POST', '/auth/register', body);
        const connection = { kind: 'bearer', name: 'x', hosts: ['api.example.com'], secret: 'y' };
        const sealed = await both.call('POST', '/integrations/connections', connection, {
          token: made.body.accessToken,
        });
        const totp = await both.call('POST', '/account/totp', { password }, { token: made.body.accessToken });
        failed.push(...[made, sealed, totp].map(({ status }) => status).filter((status) => status >= 400));
      }
    })();
    expect(await rotateMaster(db, keyring)).toBeGreaterThan(5);
    turning = false;
    await work;
    expect(failed).toEqual([]);
    // Again does nothing: it may be broken off and repeated.
    expect(await rotateMaster(db, keyring, 0)).toBe(0);
    await db.close();
    await both.close();

    const after = await start({ MASTER_KEY: next });
    await worksFor(after, house, 30);
    await after.close();
  }, 120_000);

  it('leaves nothing that the old key opens, and everything for the new one', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const [old, young] = [openKeyring(former), openKeyring(next)];
    let looked = 0;
    for (const { table, column } of masterSealed) {
      const owner = table === 'organization_keys' ? 'organization_id' : 'null';
      const { rows } = await client.query<{ sealed: Buffer; owner: string }>(
        `select ${column} as sealed, ${owner} as owner from platform.${table} where ${column} is not null`,
      );
      for (const { sealed, owner: of } of rows) {
        looked++;
        if (table !== 'organization_keys') {
          expect(young.openWithMaster(sealed).length).toBeGreaterThan(0);
          expect(() => old.openWithMaster(sealed)).toThrow();
        } else {
          expect(young.master.rewrap(of, sealed)).toBeNull();
          expect(() => old.master.rewrap(of, sealed)).toThrow();
        }
      }
    }
    expect(looked).toBeGreaterThan(8);
    await client.end();
  });

  it.each([
    ['the old key', () => ({ MASTER_KEY: former })],
    ['any other key', () => ({ MASTER_KEY: randomBytes(32) })],
    ['two wrong ones', () => ({ MASTER_KEY: randomBytes(32), MASTER_KEY_PREVIOUS: former })],
  ])('refuses a start with %s in one line that names the setting and holds no key', async (_, keys) => {
    const error = await refused(keys());
    expect(error).toBeInstanceOf(WrongMasterKey);
    expect(error.message).toMatch(/^MASTER_KEY: [^\n]+$/);
    for (const key of Object.values(keys())) expect(error.message).not.toContain(key.toString('base64').slice(0, 8));
  });
});

describe("a change of an organization's key", () => {
  it('seals anew from then on, keeps what was readable, and destroys the old key once nothing needs it', async () => {
    const platform = await start({ MASTER_KEY: next });
    const house = await expectOk(
      platform.call('POST', '/auth/register', {
        email: `${randomBytes(6).toString('hex')}@example.com`,
        password,
        name: 'Ana',
        organizationName: 'A',
      }),
    );
    const token = house.body.accessToken as string;
    const organizationId = house.body.organization.id as string;
    const call = (method: string, path: string, body?: unknown) => platform.call(method, path, body, { token });
    const definition = async () => {
      const body = { kind: 'bearer', name: 'Loja', hosts: [`127.0.0.1:${shop.port}`], secret: 'of the shop' };
      return calling((await expectOk(call('POST', '/integrations/connections', body))).body.id);
    };
    const department = (await expectOk(call('POST', '/departments', { name: 'D', definition: await definition() })))
      .body.id;
    const arrives = async () => {
      const asked = shop.requests.length;
      await expectOk(call('POST', `/departments/${department}/runs`, { input: {}, version: 'draft' }));
      await vi.waitFor(
        () =>
          expect(shop.requests.slice(asked).map((each) => each.headers.authorization)).toEqual(['Bearer of the shop']),
        30_000,
      );
    };
    const versions = async (): Promise<number[]> =>
      (
        await database.db.engine.query<{ version: number }>(
          'select version from platform.organization_keys where organization_id = $1 order by version',
          [organizationId],
        )
      ).rows.map(({ version }) => version);
    const heads = async (): Promise<number[]> =>
      (
        await database.db.engine.query<{ sealed: Buffer }>(
          'select sealed_secret as sealed from platform.connections where organization_id = $1',
          [organizationId],
        )
      ).rows.map(({ sealed }) => sealed[0] ?? 0);

    await arrives();
    expect([await versions(), await heads()]).toEqual([[1], [1]]);
    expect((await expectOk(call('POST', '/organizations/current/key', {}))).body).toEqual({ version: 2 });
    await arrives();
    expect(await versions()).toEqual([1, 2]);
    // It seals only once every process has heard of it: what one writes, all others can read.
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(
      `update platform.organization_keys set created_at = created_at - interval '10 minutes' where organization_id = $1`,
      [organizationId],
    );
    await client.end();

    const keyring = await openMaster(database.db, { current: next, previous: null });
    const resealer = createResealer(database.db.engine, keyring, 0);
    while ((await resealer.some()) > 0);
    expect([await versions(), await heads()]).toEqual([[2], [2]]);
    await arrives();

    // Without its key, what is sealed is noise.
    await database.db.engine.query('delete from platform.organization_keys where organization_id = $1', [
      organizationId,
    ]);
    const fresh = await openMaster(database.db, { current: next, previous: null });
    const query = (text: string, values: unknown[]) => database.db.engine.query(text, values);
    const { rows } = await database.db.engine.query<{ sealed: Buffer }>(
      'select sealed_secret as sealed from platform.connections where organization_id = $1',
      [organizationId],
    );
    await expect(fresh.open(query, organizationId, rows[0]?.sealed ?? Buffer.alloc(0))).rejects.toThrow();
    await platform.close();
  }, 60_000);
});

describe('the list of sealed columns', () => {
  it('and that of legible ones have every column that could hold what people say', async () => {
    const { rows } = await database.db.engine.query<{ name: string }>(
      // From the catalog itself: the views of the standard show a role only what it may read.
      `select c.relname || '.' || a.attname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relnamespace = 'platform'::regnamespace and c.relkind in ('r', 'p') and (a.atttypid in ('bytea'::regtype, 'jsonb'::regtype, 'json'::regtype)
         or (c.relname = any($1) and (a.atttypid in ('text'::regtype, 'varchar'::regtype) or format_type(a.atttypid, null) like '%[]')))
       order by 1`,
      [tablesOfWords],
    );
    const sealed = [...masterSealed, ...organizationSealed].map(({ table, column }) => `${table}.${column}`);
    const names = rows.map(({ name }) => name);
    expect(names.filter((name) => !sealed.includes(name) && !(name in plainColumns))).toEqual([]);
    // Neither list names what is not there, nor the same thing as the other.
    expect([...sealed, ...Object.keys(plainColumns)].filter((name) => !names.includes(name))).toEqual([]);
    expect(sealed.filter((name) => name in plainColumns)).toEqual([]);
  });
});
