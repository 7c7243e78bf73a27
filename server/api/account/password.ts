import type { Knex } from 'knex';
import { audit } from '../../audit/record.js';
import { ApiError, found } from '../../errors.js';
import type { PersonSession } from '../../plugins/authenticate.js';
import { revokeKeysOf, type KeyCache } from '../apiKeys/revoke.js';
import { findAccount } from '../auth/accounts.js';
import { refuseGuessable } from '../auth/guessable.js';
import { holdPeople, holdSessionsOf } from '../auth/holding.js';
import { spendTokensOf } from '../auth/oneTimeTokens.js';
import { hashPassword, verifyPassword } from '../auth/passwords.js';
import type { Session } from '../auth/schemas.js';
import { continueSession, type AuthDeps } from '../auth/service.js';
import { endSessions } from '../auth/sessions.js';
import type { PasswordBody } from './schemas.js';

/** Throws `wrong_password`: whoever holds an open session is not yet the person; `session_ended` for one who has left their last organization meanwhile. */
export async function confirmPassword({ db }: Pick<AuthDeps, 'db'>, userId: string, password: string): Promise<void> {
  const stored = await db.withIdentity((trx) => findAccount(trx, { userId }));
  if (!stored) throw new ApiError('session_ended');
  if (!(await verifyPassword(stored.password_hash, password))) throw new ApiError('wrong_password');
}

/**
 * A new password ends every other session and, unless the person wants to keep them, the API keys that they made: whoever changes it because
 * somebody else knew it must not have to think of those. Throws `wrong_password`, `guessable_password`.
 */
export async function changePassword(
  deps: AuthDeps & KeyCache,
  session: PersonSession,
  body: PasswordBody,
): Promise<Session> {
  const { userId, sessionId, organizationId } = session;
  await confirmPassword(deps, userId, body.currentPassword);
  const known = found(await deps.db.withIdentity((trx) => findAccount(trx, { userId, organizationId })));
  refuseGuessable('newPassword', body.newPassword, [known.email, known.user_name, known.organization_name]);
  const passwordHash = await hashPassword(body.newPassword);
  const { ended, fresh } = await deps.db.withIdentity(async (trx) => {
    await holdPeople(trx, userId);
    await holdSessionsOf(trx, userId);
    await storePassword(trx, userId, passwordHash);
    const account = found(await findAccount(trx, { userId, organizationId }));
    await audit(trx, session, { action: 'account.password' });
    if (!body.keepApiKeys) await revokeKeysOf(trx, session, userId);
    await deps.mailer.queue(trx, {
      to: account.email,
      locale: account.mail_locale,
      template: 'password_changed',
      data: { name: account.user_name },
    });
    return {
      ended: await endSessions(trx, { userId, except: sessionId }, 'password changed'),
      fresh: await continueSession(deps, trx, account, sessionId),
    };
  });
  deps.memberships.forget(ended);
  deps.apiKeys.forget();
  return fresh;
}

/** Whoever knew the old one has nothing left of it: no half of a sign-in, no change of address that waits, no other way to a new password. */
export async function storePassword(trx: Knex.Transaction, userId: string, passwordHash: string): Promise<void> {
  await trx.raw('update platform.users set password_hash = ?, password_changed_at = now() where id = ?', [
    passwordHash,
    userId,
  ]);
  await spendTokensOf(trx, userId, ['login_challenge', 'passkey_registration', 'verify_email', 'reset_password']);
}
