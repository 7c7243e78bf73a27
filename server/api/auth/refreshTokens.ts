import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';

/** A session that is used at least this often never ends by itself. */
export const REFRESH_DAYS = 7;

/** A session as its tokens know it. */
export interface Family {
  readonly sessionId: string;
  readonly userId: string;
  readonly organizationId: string;
}

/** Only the hash is kept: whoever reads the table cannot sign in. 256 random bits need no slow hash. */
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Adds a token to a session, good for 7 days and one use. Returns it; it cannot be read again. */
export async function issueRefreshToken(trx: Knex.Transaction, family: Family): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await trx.raw(
    `insert into platform.refresh_tokens (id, family_id, user_id, organization_id, token_hash, expires_at)
     values (?, ?, ?, ?, ?, now() + make_interval(days => ?))`,
    [uuidv7(), family.sessionId, family.userId, family.organizationId, hashOf(token), REFRESH_DAYS],
  );
  return token;
}

interface TokenRow extends Family {
  readonly used_at: Date | null;
}

const columns = `family_id as "sessionId", user_id as "userId", organization_id as "organizationId", used_at`;

/** Uses a token up. `reused`: it had been used before, by somebody who should not have it, so its session must end. */
export async function useRefreshToken(
  trx: Knex.Transaction,
  token: string,
): Promise<{ outcome: 'ok'; family: Family } | { outcome: 'reused'; family: Family } | { outcome: 'unknown' }> {
  const hash = hashOf(token);
  // The person, then the session: of ten at once each waits for the one before, and none for each other.
  await trx.raw(
    'select 1 from platform.users where id = (select user_id from platform.refresh_tokens where token_hash = ?) for no key update',
    [hash],
  );
  const held = await trx.raw<{ rows: unknown[] }>(
    `select 1 from platform.sessions s join platform.refresh_tokens t on t.family_id = s.id where t.token_hash = ? for update of s`,
    [hash],
  );
  if (held.rows.length === 0) return { outcome: 'unknown' };
  const used = await trx.raw<{ rows: TokenRow[] }>(
    `update platform.refresh_tokens set used_at = now()
     where token_hash = ? and used_at is null and revoked_at is null and expires_at > now() returning ${columns}`,
    [hash],
  );
  const [family] = used.rows;
  if (family) return { outcome: 'ok', family };
  const spent = await readToken(trx, hash);
  return spent?.used_at ? { outcome: 'reused', family: spent } : { outcome: 'unknown' };
}

/** The session that a token belongs to, used or not; `null` when nobody knows the token. */
export const familyOfToken = async (trx: Knex.Transaction, token: string): Promise<Family | null> =>
  (await readToken(trx, hashOf(token))) ?? null;

/** Ends the open tokens of a session that goes on with new ones: whoever copied one is out. */
export async function revokeTokens(trx: Knex.Transaction, sessionId: string): Promise<void> {
  await trx.raw('update platform.refresh_tokens set revoked_at = now() where family_id = ? and used_at is null', [
    sessionId,
  ]);
}

async function readToken(trx: Knex.Transaction, hash: Buffer): Promise<TokenRow | undefined> {
  const { rows } = await trx.raw<{ rows: TokenRow[] }>(
    `select ${columns} from platform.refresh_tokens where token_hash = ?`,
    [hash],
  );
  return rows[0];
}
