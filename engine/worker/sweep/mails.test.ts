import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { forgetMails } from './mails.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('mails are forgotten after 30 days, whatever became of them', async () => {
  await database.db.withIdentity(async (trx) => {
    for (const [subject, status, age] of [
      ['new', 'queued', '1 day'],
      ['nearly', 'sent', '29 days'],
      ['old', 'sent', '31 days'],
      ['kept', 'queued', '31 days'],
    ] as const) {
      await trx.raw(
        `insert into platform.emails (id, recipient, template, locale, subject, body, html, status, created_at)
         values (gen_random_uuid(), 'a@example.com', 'verify_email', 'en', ?, '', '', ?, now() - ?::interval)`,
        [subject, status, age],
      );
    }
  });
  expect(await forgetMails(database.db)).toBe(2);
  expect(await forgetMails(database.db)).toBe(0);
  const { rows } = await database.db.withIdentity((trx) =>
    trx.raw<{ rows: { subject: string }[] }>('select subject from platform.emails order by subject'),
  );
  expect(rows.map(({ subject }) => subject)).toEqual(['nearly', 'new']);
});
