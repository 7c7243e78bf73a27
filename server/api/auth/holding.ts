import type { Knex } from 'knex';
import { ApiError } from '../../errors.js';

/**
 * The order in which transactions hold rows, so that no two ever wait for each other in a circle: people by their ids, then sessions by theirs, then
 * organizations, then whatever hangs on these: memberships, keys, tokens, factors. Whoever writes about a person begins by holding them; whoever writes
 * about an organization's own rows and its log begins by keeping it. A foreign key asks for the same rows in passing, an entry in the log for its
 * organization, too. (0037)
 */

/** Holds people until the transaction ends: of two that write about one, the second begins when the first is done. References to them are not held up. */
export const holdPeople = (trx: Knex.Transaction, ...ids: readonly string[]) =>
  trx.raw('select 1 from platform.users where id = any(?) order by id for no key update', [[...ids]]);

/**
 * Holds the person who asks, before they get a new way in: whoever is being locked out at this moment must not leave one behind. Throws `session_ended`
 * when their session has ended since it was looked at.
 */
export async function holdCaller(
  trx: Knex.Transaction,
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
): Promise<void> {
  await holdPeople(trx, userId);
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    'select 1 from platform.sessions where id = ? and ended_at is null',
    [sessionId],
  );
  if (rows.length === 0) throw new ApiError('session_ended');
}

/** Holds a person's sessions, after the person. */
export const holdSessionsOf = (trx: Knex.Transaction, userId: string) =>
  trx.raw('select 1 from platform.sessions where user_id = ? order by id for update', [userId]);

/** Keeps an organization from going before the transaction has ended; nobody but who takes it away waits for that. */
export const keepOrganization = (trx: Knex.Transaction, id: string) =>
  trx.raw('select 1 from platform.organizations where id = ? for key share', [id]);
