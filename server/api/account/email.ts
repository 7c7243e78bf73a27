import type { Knex } from 'knex';
import { audit } from '../../audit/record.js';
import { found } from '../../errors.js';
import type { PersonSession } from '../../plugins/authenticate.js';
import { findAccount } from '../auth/accounts.js';
import { holdCaller } from '../auth/holding.js';
import { spendTokensOf } from '../auth/oneTimeTokens.js';
import { mailVerification, type AuthDeps } from '../auth/service.js';
import { confirmPassword } from './password.js';

/** The address changes once the new one has been confirmed by its mail. Throws `wrong_password`. */
export async function changeEmail(
  deps: AuthDeps,
  session: PersonSession,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<void> {
  await confirmPassword(deps, session.userId, password);
  await deps.db.withIdentity(async (trx) => {
    await holdCaller(trx, session);
    // An address with a slip in it may be a stranger's: their mail must not be followed after the slip was mended.
    await spendTokensOf(trx, session.userId, ['verify_email']);
    await audit(trx, session, { action: 'account.email' });
    await mailVerification(deps, trx, { ...found(await findAccount(trx, session)), email });
  });
}

/** The address that waits for its mail to be followed; `null` when none does. For `withIdentity`. */
export async function pendingEmail(trx: Knex.Transaction, userId: string): Promise<string | null> {
  const { rows } = await trx.raw<{ rows: { email: string }[] }>(
    `select t.data->>'email' as email from platform.one_time_tokens t join platform.users u on u.id = t.user_id
     where t.user_id = ? and t.purpose = 'verify_email' and t.used_at is null and t.expires_at > now()
       and lower(t.data->>'email') <> lower(u.email) order by t.id desc limit 1`,
    [userId],
  );
  return rows[0]?.email ?? null;
}

/** Sends the verification again: to the address that waits, else to the one of now, unless that is confirmed. */
export const resendVerification = (deps: AuthDeps, session: PersonSession): Promise<void> =>
  deps.db.withIdentity(async (trx) => {
    const account = found(await findAccount(trx, session));
    const pending = await pendingEmail(trx, session.userId);
    if (pending) return mailVerification(deps, trx, { ...account, email: pending });
    const { rows } = await trx.raw<{ rows: unknown[] }>(
      'select 1 from platform.users where id = ? and email_verified_at is null',
      [session.userId],
    );
    if (rows.length > 0) await mailVerification(deps, trx, account);
  });
