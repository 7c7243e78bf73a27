import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connect, type Database } from '#db/connect.js';
import { testDatabase } from '#tests/support/database.js';
import { startMailService, type MailService } from '#tests/support/sendgrid/server.js';
import { startDelivery } from './delivery.js';
import { createMailer } from './mailer.js';
import { sendWithSendGrid } from './sendgrid.js';

const mailer = createMailer(() => 'https://example.test');
let service: MailService;
let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
const errors: unknown[] = [];
/** Two processes, as far as the table can tell. */
const deliveries: ReturnType<typeof startDelivery>[] = [];

beforeAll(async () => {
  [service, database] = await Promise.all([startMailService(), testDatabase()]);
  db = connect(database.url);
  const deliver = sendWithSendGrid({ apiKey: service.apiKey, from: 'oi@example.test', baseUrl: service.url });
  deliveries.push(
    startDelivery(db, deliver, (error) => errors.push(error), 50),
    startDelivery(db, deliver, (error) => errors.push(error), 50),
  );
});
afterAll(async () => {
  await Promise.all(deliveries.map((delivery) => delivery.close()));
  await db.close();
  await Promise.all([service.close(), database.close()]);
});

const mail = (to: string, name = 'Lúcia') =>
  ({ to, locale: 'pt-BR', template: 'reset_password', data: { name, token: 'the-token' } }) as const;
const queue = (to: string, name?: string) => db.withIdentity((trx) => mailer.queue(trx, mail(to, name)));
const address = () => `${randomUUID()}@example.com`;
const requestsTo = (to: string) => service.log.filter(({ body }) => body.personalizations[0]?.to[0]?.email === to);

async function stored(to: string) {
  const { rows } = await db.withIdentity((trx) =>
    trx.raw<{
      rows: { status: string; attempts: number; body: string; html: string; error: string | null; wait: number }[];
    }>(
      `select status, attempts, body, html, error, extract(epoch from next_at - now())::float as wait from platform.emails where recipient = ?`,
      [to],
    ),
  );
  return rows[0];
}
/** Its next try is due now. */
const hurry = (to: string) =>
  db.withIdentity((trx) => trx.raw('update platform.emails set next_at = now() where recipient = ?', [to]));

const patient = { timeout: 60_000 };

describe('a mail', () => {
  it('reaches SendGrid once, as its schema has it, and leaves no text behind', async () => {
    const to = address();
    await queue(to, '<b>Lúcia</b>\r\nBcc: all@example.com');
    await vi.waitFor(
      async () => expect(await stored(to)).toMatchObject({ status: 'sent', body: '', html: '' }),
      patient,
    );
    const [request, ...more] = requestsTo(to);
    expect([request?.violations, more]).toEqual([[], []]);
    const [text, html] = request?.body.content ?? [];
    expect(request?.body).toMatchObject({ from: { email: 'oi@example.test' }, subject: 'Crie uma senha nova' });
    expect(text?.value).toContain('https://example.test/reset#token=the-token');
    expect(html?.value).toContain('href="https://example.test/reset#token=the-token"');
    expect(html?.value).toContain('&lt;b&gt;Lúcia&lt;/b&gt;');
    expect(html?.value).not.toMatch(/<b>|<img|src=/);
  });

  it('of a transaction that fails is never sent', async () => {
    const [lost, kept] = [address(), address()];
    await expect(
      db.withIdentity(async (trx) => {
        await mailer.queue(trx, mail(lost));
        throw new Error('changed our mind');
      }),
    ).rejects.toThrow('changed our mind');
    await queue(kept);
    await vi.waitFor(() => expect(requestsTo(kept)).toHaveLength(1), patient);
    expect(requestsTo(lost)).toEqual([]);
  });

  it.each([429, 500, 503, 0])('waits and is sent again after %i', async (fault) => {
    const to = address();
    service.faults.push(fault);
    await queue(to);
    await vi.waitFor(async () => expect(await stored(to)).toMatchObject({ status: 'queued', attempts: 1 }), patient);
    await vi.waitFor(async () => expect((await stored(to))?.error).toBeTruthy(), patient);
    expect((await stored(to))?.wait).toBeGreaterThan(20);
    expect((await stored(to))?.body).toContain('the-token');
    await hurry(to);
    await vi.waitFor(async () => expect(await stored(to)).toMatchObject({ status: 'sent', attempts: 2 }), patient);
  });

  it.each([400, 401, 403, 413])('is given up after %i, and forgotten', async (fault) => {
    const to = address();
    service.faults.push(fault);
    await queue(to);
    await vi.waitFor(
      async () =>
        expect(await stored(to)).toMatchObject({
          status: 'failed',
          attempts: 1,
          body: '',
          html: '',
          error: `SendGrid answered ${fault}`,
        }),
      patient,
    );
    expect(String(errors)).not.toContain(service.apiKey);
  });

  it('is given up after eight tries', async () => {
    const to = address();
    service.faults.push(500);
    await db.withIdentity(async (trx) => {
      await mailer.queue(trx, mail(to));
      await trx.raw('update platform.emails set attempts = 7 where recipient = ?', [to]);
    });
    await vi.waitFor(
      async () => expect(await stored(to)).toMatchObject({ status: 'failed', attempts: 8, body: '' }),
      patient,
    );
  });

  it('that has waited for a day is not sent any more', async () => {
    const to = address();
    await db.withIdentity(async (trx) => {
      await mailer.queue(trx, mail(to));
      await trx.raw(`update platform.emails set created_at = now() - interval '25 hours' where recipient = ?`, [to]);
    });
    await vi.waitFor(async () => expect(await stored(to)).toMatchObject({ status: 'failed', body: '' }), patient);
    expect(requestsTo(to)).toEqual([]);
  });

  it('goes out once, however many processes deliver', async () => {
    const everybody = Array.from({ length: 40 }, address);
    await db.withIdentity(async (trx) => {
      for (const to of everybody) await mailer.queue(trx, mail(to));
    });
    await vi.waitFor(
      () => expect(everybody.map((to) => requestsTo(to).length)).toEqual(everybody.map(() => 1)),
      patient,
    );
    expect(service.log.flatMap(({ violations }) => violations)).toEqual([]);
  });
});
