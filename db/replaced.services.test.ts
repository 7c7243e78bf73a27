import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bindKeyring, transaction } from '#engine/worker/query.js';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { connect, type Database } from './connect.js';
import { isUnavailable } from './errors.js';
import { openKeyring } from './seal.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** What a server says from now on to whoever connects: a replica keeps saying so to whoever stays connected. */
const takesWrites = (writes: boolean): Promise<unknown> => {
  const name = new URL(database.url).pathname.slice(1);
  return database.db.engine.query(
    `set role none; set default_transaction_read_only = off; alter database "${name}" set default_transaction_read_only = ${writes ? 'off' : 'on'}; reset role`,
  );
};

const insert = `insert into platform.organizations (id, name, slug) values (gen_random_uuid(), 'Pão', gen_random_uuid()::text)`;
const writes: readonly [string, (db: Database) => Promise<unknown>][] = [
  ['a request', (db) => db.withIdentity((trx) => trx.raw(insert))],
  [
    'a statement of the engine',
    (db) => db.engine.query(`update platform.runs set status = status where id = '${uuidv7()}'`),
  ],
  [
    'a transaction of the engine',
    (db) =>
      transaction(db.engine, (query) => query('select 1 from platform.runs where id = $1 for update', [uuidv7()])),
  ],
];

test.each(writes)('%s that met a replica is told to come back, and finds the new server', async (_, write) => {
  await takesWrites(false);
  const db = connect(database.url, { max: 1 });
  bindKeyring(db.engine, openKeyring(Buffer.alloc(32)));
  try {
    const error: unknown = await write(db).then(
      () => 'no error',
      (refused: unknown) => refused,
    );
    expect(isUnavailable(error), String(error)).toBe(true);
    await takesWrites(true);
    await write(db);
  } finally {
    await db.close();
    await takesWrites(true);
  }
});
