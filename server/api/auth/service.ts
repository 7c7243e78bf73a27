import { uuidv7 } from 'uuidv7';
import type { Knex } from 'knex';
import type { Database } from '#db/connect.js';
import { ApiError } from '../../errors.js';
import type { AccessTokens } from './accessTokens.js';
import { createAccount, findAccount } from './accounts.js';
import type { Memberships } from './memberships.js';
import { hashPassword, verifyPassword } from './passwords.js';
import { presentAccount, type AccountRow } from './present.js';
import { issueRefreshToken, revokeByToken, useRefreshToken } from './refreshTokens.js';
import type { LoginBody, RegisterBody, Session } from './schemas.js';

export interface AuthDeps {
  readonly db: Database;
  readonly tokens: AccessTokens;
  readonly memberships: Memberships;
}

export async function register(deps: AuthDeps, body: RegisterBody): Promise<Session> {
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
    return openSession(deps, trx, account);
  });
}

/** Throws `bad_credentials`, after the same time whether the account exists or not. */
export async function login(deps: AuthDeps, body: LoginBody): Promise<Session> {
  const account = await deps.db.withIdentity((trx) => findAccount(trx, { email: body.email }));
  const right = await verifyPassword(account?.password_hash ?? null, body.password);
  if (!account || !right) throw new ApiError('bad_credentials');
  return deps.db.withIdentity((trx) => openSession(deps, trx, account));
}

/** Changes a refresh token for a new pair. Throws `session_ended`; a token that was used before ends its whole family first. */
export async function refresh(deps: AuthDeps, refreshToken: string): Promise<Session> {
  const result = await deps.db.withIdentity(async (trx) => {
    const used = await useRefreshToken(trx, refreshToken);
    if (used.outcome !== 'ok') return used;
    const account = await findAccount(trx, used.family);
    if (!account) return { outcome: 'unknown' } as const;
    return { outcome: 'session', session: await openSession(deps, trx, account, used.family.familyId) } as const;
  });
  if (result.outcome === 'reused') deps.memberships.forget(result.familyId);
  if (result.outcome !== 'session') throw new ApiError('session_ended');
  return result.session;
}

/** Ends the session everywhere. A token that nobody knows ends nothing and is no error. */
export async function logout(deps: AuthDeps, refreshToken: string): Promise<void> {
  const familyId = await deps.db.withIdentity((trx) => revokeByToken(trx, refreshToken));
  if (familyId) deps.memberships.forget(familyId);
}

/** A new pair of tokens for an account, of a new family unless one is given. For `withIdentity`. */
export async function openSession(
  { tokens }: Pick<AuthDeps, 'tokens'>,
  trx: Knex.Transaction,
  account: AccountRow,
  familyId: string = uuidv7(),
): Promise<Session> {
  const family = { familyId, userId: account.user_id, organizationId: account.organization_id };
  const refreshToken = await issueRefreshToken(trx, family);
  return { accessToken: await tokens.issue(family), refreshToken, ...presentAccount(account) };
}
