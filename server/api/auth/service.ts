import type { Knex } from 'knex';
import type { Database } from '#db/connect.js';
import { ApiError } from '../../errors.js';
import { audit } from '../../audit/record.js';
import type { Mailer } from '../../mail/mailer.js';
import type { PersonSession } from '../../plugins/authenticate.js';
import { challengeFor } from '../factors/challenges.js';
import type { Challenge } from '../factors/schemas.js';
import type { AccessTokens } from './accessTokens.js';
import { admitAccount, createAccount, findAccount } from './accounts.js';
import { refuseGuessable } from './guessable.js';
import { holdPeople } from './holding.js';
import type { Memberships } from './memberships.js';
import { issueOneTimeToken } from './oneTimeTokens.js';
import { hashPassword, verifyPassword } from './passwords.js';
import { presentAccount, type AccountRow } from './present.js';
import { familyOfToken, issueRefreshToken, revokeTokens, useRefreshToken } from './refreshTokens.js';
import type { LoginBody, RegisterBody, Session } from './schemas.js';
import { endSessions, insertSession, renewSession, type Origin } from './sessions.js';

export interface AuthDeps {
  readonly db: Database;
  readonly tokens: AccessTokens;
  readonly memberships: Memberships;
  readonly mailer: Mailer;
}

export async function register(deps: AuthDeps, body: RegisterBody, origin: Origin): Promise<Session> {
  refuseGuessable('password', body.password, [body.email, body.name, body.organizationName]);
  // Hashed before the transaction: it takes tens of milliseconds, and the embedded database has one session for everybody.
  const passwordHash = await hashPassword(body.password);
  return deps.db.withIdentity(async (trx) => {
    const account = await createAccount(trx, {
      email: body.email,
      passwordHash,
      name: body.name,
      organization: {
        name: body.organizationName,
        locale: body.locale ?? 'pt-BR',
        timezone: body.timezone ?? 'America/Recife',
        profile: '',
      },
    });
    await recordFoundation(trx, account, origin);
    await mailVerification(deps, trx, account);
    return openSession(deps, trx, account, origin);
  });
}

/** The first thing that an organization's log says. */
export const recordFoundation = (trx: Knex.Transaction, account: AccountRow, origin: Origin): Promise<void> =>
  audit(trx, by(account, origin), {
    action: 'organization.create',
    target: { type: 'organization', id: account.organization_id, name: account.organization_name },
  });

/** Sends the address a link that proves it is read. */
export async function mailVerification(
  { mailer }: Pick<AuthDeps, 'mailer'>,
  trx: Knex.Transaction,
  { user_id: userId, user_name: name, email, mail_locale: locale }: AccountRow,
): Promise<void> {
  const token = await issueOneTimeToken(trx, 'verify_email', { userId, data: { email } });
  await mailer.queue(trx, { to: email, locale, template: 'verify_email', data: { name, token } });
}

/**
 * A session, or what is still asked of somebody with a second factor. Throws `bad_credentials`, after the same time whether the account
 * exists or not.
 */
export async function login(deps: AuthDeps, body: LoginBody, origin: Origin): Promise<Session | Challenge> {
  const account = await deps.db.withIdentity((trx) => admitAccount(trx, { email: body.email }));
  const right = await verifyPassword(account?.password_hash ?? null, body.password);
  if (!account || !right) {
    // Not waited for: an answer that took longer would tell that there is such an account.
    if (account) void noteRefusal(deps, account, origin);
    throw new ApiError('bad_credentials');
  }
  return deps.db.withIdentity(async (trx) => {
    await holdPeople(trx, account.user_id);
    // Again, now that they are held: while the password was looked at it may have become an old one, and where they were may have gone.
    const now = await admitAccount(trx, { userId: account.user_id });
    if (now?.password_hash !== account.password_hash) throw new ApiError('bad_credentials');
    const challenge = await challengeFor(trx, { userId: now.user_id, organizationId: now.organization_id });
    if (challenge) return challenge;
    await audit(trx, by(now, origin), { action: 'session.open' });
    return openSession(deps, trx, now, origin);
  });
}

const noteRefusal = ({ db }: AuthDeps, account: AccountRow, origin: Origin): Promise<void> =>
  db.withIdentity((trx) => audit(trx, by(account, origin), { action: 'session.refuse' })).catch(() => {});

const by = (account: AccountRow, origin: Origin) => ({
  organizationId: account.organization_id,
  userId: account.user_id,
  name: account.user_name,
  apiKey: null,
  origin,
});

/** Changes a refresh token for a new pair. Throws `session_ended`; a token that was used before ends its whole session first. */
export async function refresh(deps: AuthDeps, refreshToken: string, origin: Origin): Promise<Session> {
  const result = await deps.db.withIdentity(async (trx) => {
    const used = await useRefreshToken(trx, refreshToken);
    if (used.outcome === 'unknown') return used;
    const { sessionId, userId, organizationId } = used.family;
    // Whoever was removed from where they were goes on where they still are.
    const account = (await findAccount(trx, { userId, organizationId })) ?? (await findAccount(trx, { userId }));
    if (used.outcome === 'reused') {
      const ids = await endSessions(trx, { sessionId }, 'reuse');
      if (account && ids.length > 0) await audit(trx, by(account, origin), { action: 'session.reuse' });
      return { outcome: 'ended', ids } as const;
    }
    if (!account) return { outcome: 'unknown' } as const;
    return { outcome: 'session', session: await continueSession(deps, trx, account, sessionId) } as const;
  });
  if (result.outcome === 'ended') deps.memberships.forget(result.ids);
  if (result.outcome !== 'session') throw new ApiError('session_ended');
  return result.session;
}

/** Ends the session everywhere. A token that nobody knows ends nothing and is no error. */
export async function logout(deps: AuthDeps, refreshToken: string, origin: Origin): Promise<void> {
  const ended = await deps.db.withIdentity(async (trx) => {
    const family = await familyOfToken(trx, refreshToken);
    if (!family) return [];
    const { sessionId, userId, organizationId } = family;
    const gone = await endSessions(trx, { sessionId }, 'signed out');
    const account = gone.length > 0 && (await findAccount(trx, { userId, organizationId }));
    if (account) await audit(trx, by(account, origin), { action: 'session.close' });
    return gone;
  });
  deps.memberships.forget(ended);
}

/** Goes on in another organization of the same person. Throws `not_found` when they are not in it. */
export async function switchOrganization(
  deps: AuthDeps,
  session: PersonSession,
  organizationId: string,
): Promise<Session> {
  const { userId, sessionId } = session;
  return deps.db.withIdentity(async (trx) => {
    await holdPeople(trx, userId);
    const account = await findAccount(trx, { userId, organizationId });
    if (!account) throw new ApiError('not_found');
    const next = await continueSession(deps, trx, account, sessionId);
    await audit(trx, by(account, session.origin), { action: 'session.switch' });
    return next;
  });
}

/** A sign-in on a new device: its session and first pair of tokens. For `withIdentity`. */
export async function openSession(
  deps: Pick<AuthDeps, 'tokens'>,
  trx: Knex.Transaction,
  account: AccountRow,
  origin: Origin,
): Promise<Session> {
  const where = { userId: account.user_id, organizationId: account.organization_id };
  return tokensFor(deps, trx, account, await insertSession(trx, { ...where, origin }));
}

/**
 * The next pair of tokens of a session, in the account's organization. The refresh token of before ends here: one sign-in is in one place, and
 * whoever copied it is out. Throws `session_ended` when it has ended meanwhile.
 */
export async function continueSession(
  deps: Pick<AuthDeps, 'tokens'>,
  trx: Knex.Transaction,
  account: AccountRow,
  sessionId: string,
): Promise<Session> {
  if (!(await renewSession(trx, sessionId, account.organization_id))) throw new ApiError('session_ended');
  await revokeTokens(trx, sessionId);
  return tokensFor(deps, trx, account, sessionId);
}

async function tokensFor(
  { tokens }: Pick<AuthDeps, 'tokens'>,
  trx: Knex.Transaction,
  account: AccountRow,
  sessionId: string,
): Promise<Session> {
  const family = { sessionId, userId: account.user_id, organizationId: account.organization_id };
  const refreshToken = await issueRefreshToken(trx, family);
  return {
    accessToken: await tokens.issue({ ...family, role: account.role }),
    refreshToken,
    ...presentAccount(account),
  };
}
