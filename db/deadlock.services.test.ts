import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { isOrphaned, isUnavailable, OrganizationGone } from './errors.js';
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
  // One gave way at least once; whoever comes again may meet the other a second time.
  expect(tries).toBeGreaterThanOrEqual(3);
  const { rows } = await db.engine.query('select name from organizations where id = any($1)', [ids]);
  expect(rows).toEqual([{ name: 'xxx' }, { name: 'xxx' }]);
});

test('a write that meets the deletion of its organization hears that this is gone, not that the database is away', async () => {
  const { db } = database;
  const [id, department] = [uuidv7(), uuidv7()];
  await db.withIdentity((trx) =>
    trx.raw(`insert into platform.organizations (id, name, slug, locale) values (?, 'x', ?, 'en')`, [id, id]),
  );
  await db.withOrganization(id, (trx) =>
    trx.raw(
      `insert into platform.departments (id, organization_id, name, type, draft) values (?, ?, 'x', 'custom', '{}')`,
      [department, id],
    ),
  );
  let writes: Promise<unknown> = Promise.resolve();
  await db.withIdentity(async (trx) => {
    await trx.raw('select 1 from platform.organizations where id = ? for update', [id]);
    let pid = 0;
    // It holds a row that the deletion takes along, and then waits for the organization: whoever waits first gives way first.
    writes = db
      .withOrganization(id, async (write) => {
        ({
          rows: [{ pid }],
        } = await write.raw('select pg_backend_pid() as pid'));
        await write.raw(`update platform.departments set name = 'y' where id = ?`, [department]);
        await write.raw(
          `insert into platform.departments (id, organization_id, name, type, draft) values (?, ?, 'z', 'custom', '{}')`,
          [uuidv7(), id],
        );
      })
      .catch((error: unknown) => error);
    await vi.waitFor(
      async () => {
        const { rows } = await db.engine.query(`select cardinality(pg_blocking_pids($1)) as waits`, [pid]);
        expect(rows).toEqual([{ waits: 1 }]);
      },
      { timeout: 15_000 },
    );
    await trx.raw('delete from platform.organizations where id = ?', [id]);
  });
  const refused = await writes;
  expect(refused).toBeInstanceOf(OrganizationGone);
  expect([isOrphaned(refused), isUnavailable(refused)]).toEqual([true, false]);
});
