import type { Knex } from 'knex';
import { audit } from '../../audit/record.js';
import { ApiError, found } from '../../errors.js';
import type { PersonSession } from '../../plugins/authenticate.js';
import type { Role } from '../../roles.js';
import { findAccount } from '../auth/accounts.js';
import { issueOneTimeToken, spendTokensOf } from '../auth/oneTimeTokens.js';
import { hashPassword, verifyPassword } from '../auth/passwords.js';
import type { Session } from '../auth/schemas.js';
import { continueSession, mailVerification, type AuthDeps } from '../auth/service.js';
import { endSessions } from '../auth/sessions.js';
import { factorsOf } from '../factors/challenges.js';
import type { AccountPatch, AccountView, PasswordBody } from './schemas.js';

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly verified: boolean;
  readonly locale: 'pt-BR' | 'en' | null;
}

export const readAccount = (
  { db }: Pick<AuthDeps, 'db'>,
  { userId, organizationId }: PersonSession,
): Promise<AccountView> =>
  db.withIdentity(async (trx) => {
    const { rows: users } = await trx.raw<{ rows: UserRow[] }>(
      'select id, name, email, email_verified_at is not null as verified, locale from platform.users where id = ?',
      [userId],
    );
    const { verified, ...user } = found(users[0]);
    const { rows } = await trx.raw<{ rows: { id: string; name: string; role: Role }[] }>(
      `select o.id, o.name, m.role from platform.memberships m join platform.organizations o on o.id = m.organization_id
       where m.user_id = ? order by m.created_at`,
      [userId],
    );
    return {
      ...user,
      emailVerified: verified,
      factors: await factorsOf(trx, userId),
      organizations: rows.map((row) => ({ ...row, current: row.id === organizationId })),
    };
  });

export async function patchAccount(deps: AuthDeps, session: PersonSession, patch: AccountPatch): Promise<AccountView> {
  await deps.db.withIdentity((trx) =>
    trx.raw('update platform.users set name = coalesce(?, name), locale = coalesce(?, locale) where id = ?', [
      patch.name ?? null,
      patch.locale ?? null,
      session.userId,
    ]),
  );
  if (patch.name) deps.memberships.forget([session.sessionId]);
  return readAccount(deps, session);
}

/** Throws `wrong_password`: whoever holds an open session is not yet the person. */
export async function confirmPassword({ db }: Pick<AuthDeps, 'db'>, userId: string, password: string): Promise<void> {
  const stored = await db.withIdentity((trx) => findAccount(trx, { userId }));
  if (!(await verifyPassword(stored?.password_hash ?? null, password))) throw new ApiError('wrong_password');
}

/** A new password ends every other session. Throws `wrong_password`. */
export async function changePassword(deps: AuthDeps, session: PersonSession, body: PasswordBody): Promise<Session> {
  const { userId, sessionId, organizationId } = session;
  await confirmPassword(deps, userId, body.currentPassword);
  const passwordHash = await hashPassword(body.newPassword);
  const { ended, fresh } = await deps.db.withIdentity(async (trx) => {
    await storePassword(trx, userId, passwordHash);
    const account = found(await findAccount(trx, { userId, organizationId }));
    await audit(trx, session, { action: 'account.password' });
    await deps.mailer.queue(trx, {
      to: account.email,
      locale: account.locale,
      template: 'password_changed',
      data: { name: account.user_name },
    });
    // The refresh tokens that this session has go too: whoever copied one is out.
    await trx.raw('update platform.refresh_tokens set revoked_at = now() where family_id = ? and used_at is null', [
      sessionId,
    ]);
    return {
      ended: await endSessions(trx, { userId, except: sessionId }, 'password changed'),
      fresh: await continueSession(deps, trx, account, sessionId),
    };
  });
  deps.memberships.forget(ended);
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

/** The address changes once the new one has been confirmed by its mail. Throws `wrong_password`. */
export async function changeEmail(
  deps: AuthDeps,
  session: PersonSession,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<void> {
  await confirmPassword(deps, session.userId, password);
  await deps.db.withIdentity(async (trx) => {
    const { locale, user_name: name } = found(await findAccount(trx, session));
    const token = await issueOneTimeToken(trx, 'verify_email', { userId: session.userId, data: { email } });
    await audit(trx, session, { action: 'account.email' });
    await deps.mailer.queue(trx, { to: email, locale, template: 'verify_email', data: { name, token } });
  });
}

/** Sends the verification again. */
export const resendVerification = (deps: AuthDeps, session: PersonSession): Promise<void> =>
  deps.db.withIdentity(async (trx) => {
    const account = found(await findAccount(trx, session));
    await mailVerification(deps, trx, account);
  });

/**
 * The account goes, with every organization that has nobody else. Throws `wrong_password`, and `last_owner` while others work in an
 * organization that only this person owns.
 */
export async function deleteAccount(deps: AuthDeps, session: PersonSession, password: string): Promise<void> {
  const { userId } = session;
  await confirmPassword(deps, userId, password);
  const ended = await deps.db.withIdentity(async (trx) => {
    const { rows } = await trx.raw<{ rows: { id: string; others: boolean; owners: boolean }[] }>(
      `select m.organization_id as id,
         exists (select 1 from platform.memberships o where o.organization_id = m.organization_id and o.user_id <> m.user_id) as others,
         exists (select 1 from platform.memberships o where o.organization_id = m.organization_id and o.user_id <> m.user_id and o.role = 'owner') as owners
       from platform.memberships m where m.user_id = ? and m.role = 'owner' for update`,
      [userId],
    );
    if (rows.some(({ others, owners }) => others && !owners)) throw new ApiError('last_owner');
    const gone = await endSessions(trx, { userId }, 'removed');
    for (const { id } of rows.filter(({ others }) => !others)) {
      await trx.raw('delete from platform.organizations where id = ?', [id]);
    }
    await trx.raw('delete from platform.users where id = ?', [userId]);
    return gone;
  });
  deps.memberships.forget(ended);
}
