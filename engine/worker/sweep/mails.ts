import type { Database } from '#db/connect.js';

/** Most rows deleted at once, so that none is held for long; the next look takes the rest. */
const AT_ONCE = 5_000;

/** Forgets mails after 30 days, sent or kept in the outbox: addresses and names, and links that are long over. Returns how many. */
export const forgetMails = (database: Pick<Database, 'withIdentity'>): Promise<number> =>
  database.withIdentity(async (trx) => {
    const { rows } = await trx.raw<{ rows: unknown[] }>(
      `delete from platform.emails where ctid = any(array(
         select ctid from platform.emails where created_at < now() - interval '30 days' limit ?)) returning 1`,
      [AT_ONCE],
    );
    return rows.length;
  });
