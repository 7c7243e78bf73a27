import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import { keepOrganization } from './holding.js';

/** A token of one purpose is nothing on any other door. */
const lifetimes = {
  verify_email: 3 * 24 * 3600,
  reset_password: 3600,
  invitation: 7 * 24 * 3600,
  ticket: 60,
  login_challenge: 600,
  passkey_registration: 300,
  passkey_login: 300,
} as const;
export type Purpose = keyof typeof lifetimes;

export interface OneTimeToken {
  readonly id: string;
  readonly userId: string | null;
  readonly organizationId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly expiresAt: Date;
}

/** 256 random bits need no slow hash. */
const hashOf = (purpose: Purpose, token: string): Buffer => createHash('sha256').update(`${purpose} ${token}`).digest();

export interface NewToken {
  readonly id?: string;
  readonly userId?: string;
  readonly organizationId?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Makes a token that is good once. Returns it; only its hash is kept. */
export async function issueOneTimeToken(trx: Knex.Transaction, purpose: Purpose, token: NewToken): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  // The reference to the person would be looked at first, and who takes both away goes the other way round.
  if (token.userId && token.organizationId) await keepOrganization(trx, token.organizationId);
  await trx.raw(
    `insert into platform.one_time_tokens (id, purpose, user_id, organization_id, token_hash, data, expires_at)
     values (?, ?, ?, ?, ?, ?, now() + make_interval(secs => ?))`,
    [
      token.id ?? uuidv7(),
      purpose,
      token.userId ?? null,
      token.organizationId ?? null,
      hashOf(purpose, secret),
      JSON.stringify(token.data ?? {}),
      lifetimes[purpose],
    ],
  );
  return secret;
}

const columns = `id, user_id as "userId", organization_id as "organizationId", data, expires_at as "expiresAt"`;
const good = 'token_hash = ? and used_at is null and expires_at > now()';

/** Uses a token up; `null` when it is unknown, used, too old or for something else. */
export async function useOneTimeToken(
  trx: Knex.Transaction,
  purpose: Purpose,
  token: string,
): Promise<OneTimeToken | null> {
  const { rows } = await trx.raw<{ rows: OneTimeToken[] }>(
    `update platform.one_time_tokens set used_at = now() where ${good} returning ${columns}`,
    [hashOf(purpose, token)],
  );
  return rows[0] ?? null;
}

/** What a token stands for, leaving it good. */
export async function readOneTimeToken(
  trx: Knex.Transaction,
  purpose: Purpose,
  token: string,
): Promise<OneTimeToken | null> {
  const { rows } = await trx.raw<{ rows: OneTimeToken[] }>(
    `select ${columns} from platform.one_time_tokens where ${good}`,
    [hashOf(purpose, token)],
  );
  return rows[0] ?? null;
}

/** Spends every open token of a person for these purposes. */
export async function spendTokensOf(
  trx: Knex.Transaction,
  userId: string,
  purposes: readonly Purpose[],
): Promise<void> {
  await trx.raw(
    'update platform.one_time_tokens set used_at = now() where user_id = ? and purpose = any(?) and used_at is null',
    [userId, [...purposes]],
  );
}
