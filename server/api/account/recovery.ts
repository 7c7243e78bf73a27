import type { Knex } from 'knex';
import { isDuplicate } from '#db/errors.js';
import { audit } from '../../audit/record.js';
import { ApiError } from '../../errors.js';
import { revokeKeysOf, type KeyCache } from '../apiKeys/revoke.js';
import { admitAccount, findAccount } from '../auth/accounts.js';
import { refuseGuessable } from '../auth/guessable.js';
import { holdPeople, holdSessionsOf } from '../auth/holding.js';
import { issueOneTimeToken, readOneTimeToken, spendTokensOf, useOneTimeToken } from '../auth/oneTimeTokens.js';
import { hashPassword } from '../auth/passwords.js';
import type { AuthDeps } from '../auth/service.js';
import { endSessions, type Origin } from '../auth/sessions.js';
import { removeFactors } from '../factors/challenges.js';
import type { ResetBody } from './schemas.js';
import { storePassword } from './password.js';

/** Most letters with a way in that a person may have open at once. */
const MOST_OPEN = 3;

/** The address that the token was sent to is the person's. Throws `bad_token`, `email_taken`. */
export async function verifyEmail({ db, mailer }: AuthDeps, token: string, origin: Origin): Promise<void> {
  await db
    .withIdentity(async (trx) => {
      const seen = await readOneTimeToken(trx, 'verify_email', token);
      if (seen?.userId) await holdPeople(trx, seen.userId);
      const used = seen && (await useOneTimeToken(trx, 'verify_email', token));
      const email = used?.data['email'];
      if (!used?.userId || typeof email !== 'string') throw new ApiError('bad_token');
      await spendTokensOf(trx, used.userId, ['verify_email']);
      const before = await findAccount(trx, { userId: used.userId });
      await trx.raw('update platform.users set email = ?, email_verified_at = now() where id = ?', [
        email,
        used.userId,
      ]);
      if (before) {
        const { organization_id: organizationId, user_id: userId, user_name: name } = before;
        const actor = { organizationId, userId, name, apiKey: null, origin };
        await audit(trx, actor, { action: 'account.email', details: { by: 'mail' } });
      }
      if (before && before.email.toLowerCase() !== email.toLowerCase()) {
        // The mailbox of before opens nothing any more.
        await spendTokensOf(trx, used.userId, ['reset_password']);
        const data = { name: before.user_name, newEmail: email };
        await mailer.queue(trx, { to: before.email, locale: before.mail_locale, template: 'email_changed', data });
      }
    })
    .catch((error: unknown) => {
      throw isDuplicate(error) ? new ApiError('email_taken') : error;
    });
}

/** Sends a way to a new password, if the address is somebody's. Whoever asks is answered before, and learns nothing. */
export async function forgotPassword({ db, mailer }: AuthDeps, email: string): Promise<void> {
  await db.withIdentity(async (trx) => {
    const account = await admitAccount(trx, { email });
    if (!account?.password_hash.startsWith('$argon2')) return;
    const { user_id: userId, user_name: name, mail_locale: locale } = account;
    // What is counted is still so when another is made.
    await holdPeople(trx, userId);
    const { rows } = await trx.raw<{ rows: { open: number }[] }>(
      `select count(*)::int as open from platform.one_time_tokens
       where user_id = ? and purpose = 'reset_password' and used_at is null and expires_at > now()`,
      [userId],
    );
    if ((rows[0]?.open ?? 0) >= MOST_OPEN) return;
    const token = await issueOneTimeToken(trx, 'reset_password', { userId });
    await mailer.queue(trx, { to: account.email, locale, template: 'reset_password', data: { name, token } });
  });
}

/**
 * A new password by the token of a mail; every session ends, every other such token, and every API key that the person made. Throws `bad_token`,
 * `guessable_password`: the token is good for another try then.
 * Returns the e-mail whose account it is: whoever asks has read its mail.
 */
export async function resetPassword(
  { db, mailer, memberships, apiKeys }: AuthDeps & KeyCache,
  body: ResetBody,
  origin: Origin,
): Promise<string> {
  // Before the work of a hash, which nobody may ask for without a token.
  const known = await db.withIdentity(async (trx) => {
    const seen = await readOneTimeToken(trx, 'reset_password', body.token);
    return seen?.userId ? await admitAccount(trx, { userId: seen.userId }) : null;
  });
  if (!known) throw new ApiError('bad_token');
  refuseGuessable('password', body.password, [known.email, known.user_name, known.organization_name]);
  const whose = known.user_id;
  const passwordHash = await hashPassword(body.password);
  const { ended, email } = await db.withIdentity(async (trx) => {
    await holdPeople(trx, whose);
    await holdSessionsOf(trx, whose);
    const used = await useOneTimeToken(trx, 'reset_password', body.token);
    const account = used?.userId && (await admitAccount(trx, { userId: used.userId }));
    if (!account) throw new ApiError('bad_token');
    const { user_id: userId, user_name: name, email, mail_locale: locale } = account;
    await storePassword(trx, userId, passwordHash);
    await claimAddress(trx, userId);
    const actor = { organizationId: account.organization_id, userId, name, apiKey: null, origin };
    await audit(trx, actor, { action: 'account.password', details: { by: 'mail' } });
    await revokeKeysOf(trx, actor, userId);
    await mailer.queue(trx, { to: email, locale, template: 'password_changed', data: { name } });
    return { ended: await endSessions(trx, { userId }, 'password reset'), email };
  });
  memberships.forget(ended);
  apiKeys.forget();
  return email;
}

/**
 * The mail was read: the address is theirs. If nobody had shown that before, somebody else may have signed up with it and be waiting: what they
 * left to come back by goes, the keys with the password.
 */
async function claimAddress(trx: Knex.Transaction, userId: string): Promise<void> {
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    'update platform.users set email_verified_at = now() where id = ? and email_verified_at is null returning id',
    [userId],
  );
  if (rows.length === 0) return;
  await removeFactors(trx, userId);
}
