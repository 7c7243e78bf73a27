import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { forgetSignIns } from './signIns.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const [organizationId, userId] = [crypto.randomUUID(), crypto.randomUUID()];

it('sign-ins are forgotten when nobody can use them any more, and not before', async () => {
  await database.db.withIdentity(async (trx) => {
    await trx.raw(`insert into platform.organizations (id, name, slug) values (?, 'Padaria', 'padaria')`, [
      organizationId,
    ]);
    await trx.raw(
      `insert into platform.users (id, email, name, password_hash) values (?, 'a@example.com', 'Ana', '')`,
      [userId],
    );
    const session = (id: string, ends: string, ended: string | null) =>
      trx.raw(
        `insert into platform.sessions (id, user_id, organization_id, user_agent, expires_at, ended_at)
         values (gen_random_uuid(), ?, ?, ?, now() + ?::interval, now() + ?::interval)`,
        [userId, organizationId, id, ends, ended],
      );
    await session('open', '1 day', null);
    await session('over for a week', '-7 days', null);
    await session('ended yesterday', '6 days', '-1 day');
    await session('over for a month', '-31 days', null);
    await session('ended a month ago', '-24 days', '-31 days');
    for (const [hash, ends] of [
      ['good', '1 day'],
      ['just over', '-1 hour'],
      ['over', '-2 days'],
    ] as const) {
      await trx.raw(
        `insert into platform.refresh_tokens (id, family_id, user_id, organization_id, token_hash, expires_at)
         values (gen_random_uuid(), gen_random_uuid(), ?, ?, ?, now() + ?::interval)`,
        [userId, organizationId, Buffer.from(hash), ends],
      );
    }
    for (const [hash, ends] of [
      ['good', '1 day'],
      ['over', '-1 day'],
      ['old', '-31 days'],
    ] as const) {
      await trx.raw(
        `insert into platform.one_time_tokens (id, purpose, token_hash, expires_at) values (gen_random_uuid(), 'invitation', ?, now() + ?::interval)`,
        [Buffer.from(hash), ends],
      );
    }
  });

  expect(await forgetSignIns(database.db)).toBe(4);
  expect(await forgetSignIns(database.db)).toBe(0);
  const left = await database.db.withIdentity(async (trx) => {
    const names = async (sql: string): Promise<string[]> => {
      const { rows } = await trx.raw<{ rows: { name: string }[] }>(sql);
      return rows.map(({ name }) => name).toSorted();
    };
    return {
      sessions: await names('select user_agent as name from platform.sessions'),
      refresh: await names(`select convert_from(token_hash, 'UTF8') as name from platform.refresh_tokens`),
      once: await names(`select convert_from(token_hash, 'UTF8') as name from platform.one_time_tokens`),
    };
  });
  expect(left).toEqual({
    sessions: ['ended yesterday', 'open', 'over for a week'],
    refresh: ['good', 'just over'],
    once: ['good', 'over'],
  });
});
