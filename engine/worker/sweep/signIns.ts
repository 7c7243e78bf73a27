import type { Database } from '#db/connect.js';

/** Most rows of a table deleted at once, so that none is held for long; the next look takes the rest. */
const AT_ONCE = 5_000;

/**
 * Forgets what nobody can sign in with any more: refresh tokens a day after their end (until then a second use still ends their session), and sessions
 * and one-time tokens 30 days after theirs, which is how long an address of a sign-in counts as known. Returns how many rows.
 */
export const forgetSignIns = (database: Pick<Database, 'withIdentity'>): Promise<number> =>
  database.withIdentity(async (trx) => {
    const { rows } = await trx.raw<{ rows: { gone: number }[] }>(
      `with tokens as (delete from platform.refresh_tokens where ctid = any(array(
         select ctid from platform.refresh_tokens where expires_at < now() - interval '1 day' limit :most for update skip locked)) returning 1),
       sessions as (delete from platform.sessions where ctid = any(array(
         select ctid from platform.sessions where expires_at < now() - interval '30 days'
           or ended_at < now() - interval '30 days' limit :most for update skip locked)) returning 1),
       once as (delete from platform.one_time_tokens where ctid = any(array(
         select ctid from platform.one_time_tokens where expires_at < now() - interval '30 days' limit :most for update skip locked)) returning 1)
       select (select count(*) from tokens)::int + (select count(*) from sessions)::int + (select count(*) from once)::int as gone`,
      { most: AT_ONCE },
    );
    return rows[0]?.gone ?? 0;
  });
