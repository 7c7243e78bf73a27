import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';

/** A session that is used at least this often never ends by itself. */
export const REFRESH_DAYS = 7;

/** A login and everything that grew from it by refreshing. */
export interface Family {
  readonly familyId: string;
  readonly userId: string;
  readonly organizationId: string;
}

/** Only the hash is kept: whoever reads the table cannot sign in. 256 random bits need no slow hash. */
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Adds a token to a family, good for 7 days and one use. Returns it; it cannot be read again. */
export async function issueRefreshToken(trx: Knex.Transaction, family: Family): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await trx.raw(
    `insert into platform.refresh_tokens (id, family_id, user_id, organization_id, token_hash, expires_at)
     values (?, ?, ?, ?, ?, now() + make_interval(days => ?))`,
    [uuidv7(), family.familyId, family.userId, family.organizationId, hashOf(token), REFRESH_DAYS],
  );
  return token;
}

/** Uses a token up. `reused`: it had been used before, by somebody who should not have it, so its whole family is revoked. */
export async function useRefreshToken(
  trx: Knex.Transaction,
  token: string,
): Promise<{ outcome: 'ok'; family: Family } | { outcome: 'reused'; familyId: string } | { outcome: 'unknown' }> {
  const hash = hashOf(token);
  // One statement, so that of ten at once exactly one wins.
  const used = await trx.raw<{ rows: TokenRow[] }>(
    `update platform.refresh_tokens set used_at = now()
     where token_hash = ? and used_at is null and revoked_at is null and expires_at > now()
     returning family_id, user_id, organization_id, used_at`,
    [hash],
  );
  const [row] = used.rows;
  if (row) {
    return {
      outcome: 'ok',
      family: { familyId: row.family_id, userId: row.user_id, organizationId: row.organization_id },
    };
  }
  const known = await trx.raw<{ rows: TokenRow[] }>(
    'select family_id, user_id, organization_id, used_at from platform.refresh_tokens where token_hash = ?',
    [hash],
  );
  const [spent] = known.rows;
  if (!spent?.used_at) return { outcome: 'unknown' };
  await revokeFamily(trx, spent.family_id);
  return { outcome: 'reused', familyId: spent.family_id };
}

/** Ends the family that a token belongs to. Its id, or `null` when nobody knows the token. */
export async function revokeByToken(trx: Knex.Transaction, token: string): Promise<string | null> {
  const { rows } = await trx.raw<{ rows: TokenRow[] }>(
    'select family_id from platform.refresh_tokens where token_hash = ?',
    [hashOf(token)],
  );
  const [row] = rows;
  if (!row) return null;
  await revokeFamily(trx, row.family_id);
  return row.family_id;
}

async function revokeFamily(trx: Knex.Transaction, familyId: string): Promise<void> {
  await trx.raw('update platform.refresh_tokens set revoked_at = now() where family_id = ? and revoked_at is null', [
    familyId,
  ]);
}

interface TokenRow {
  readonly family_id: string;
  readonly user_id: string;
  readonly organization_id: string;
  readonly used_at: Date | null;
}
