import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('two who wait for each other both come to their end, and neither has done anything twice', async () => {
  const { db } = database;
  const ids = [uuidv7(), uuidv7()];
  await db.withIdentity(async (trx) => {
    for (const id of ids)
      await trx.raw(`insert into platform.organizations (id, name, slug, locale) values (?, 'x', ?, 'en')`, [id, id]);
  });
  const add = `update platform.organizations set name = name || 'x' where id = ?`;
  let both: () => void = () => {};
  const held = new Promise<void>((resolve) => (both = resolve));
  let holding = 0;
  let tries = 0;
  const cross = (first: string | undefined, second: string | undefined) =>
    db.withIdentity(async (trx) => {
      tries += 1;
      await trx.raw(add, [first ?? '']);
      if ((holding += 1) === 2) both();
      await held;
      await trx.raw(add, [second ?? '']);
    });
  await Promise.all([cross(ids[0], ids[1]), cross(ids[1], ids[0])]);
  expect(tries).toBe(3);
  const { rows } = await db.engine.query('select name from organizations where id = any($1)', [ids]);
  expect(rows).toEqual([{ name: 'xxx' }, { name: 'xxx' }]);
});
