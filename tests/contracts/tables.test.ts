import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('works', async () => {
  const [row] = (await database.db.engine.query('select current_user as role')).rows;
  expect(row.role).toBe('app_engine');
});
