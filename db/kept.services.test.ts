import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** The sessions of the engine on this database, by PostgreSQL's own account. */
const sessions = async (): Promise<number[]> => {
  const { rows } = await database.db.engine.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and application_name = 'ai-departments-engine' order by pid`,
  );
  return rows.map(({ pid }) => pid);
};

test(
  'after a rush the engine gives its sessions back, but for the few that the next answer needs',
  { timeout: 60_000 },
  async () => {
    const asked = Array.from({ length: 8 }, () => database.db.engine.query('select pg_sleep(0.2)'));
    await Promise.all(asked);
    const rush = await sessions();
    expect(rush).toHaveLength(8);
    const kept = await vi.waitFor(
      async () => {
        const left = await sessions();
        expect(left).toHaveLength(4);
        return left;
      },
      { timeout: 40_000, interval: 200 },
    );
    expect(kept.every((pid) => rush.includes(pid))).toBe(true);
  },
);
