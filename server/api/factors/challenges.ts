import type { Knex } from 'knex';
import { holdPeople } from '../auth/holding.js';
import { issueOneTimeToken, readOneTimeToken } from '../auth/oneTimeTokens.js';
import { factorNames, type Challenge, type Factor } from './schemas.js';

/** What a person has besides the password. */
export interface Factors {
  readonly totp: boolean;
  readonly passkeys: number;
  readonly recoveryCodesLeft: number;
}

/** Wrong codes that a challenge takes; then it is dead, and the password must be given again. */
export const MOST_TRIES = 5;
/** Wrong codes of a person in a quarter of an hour, over all challenges: 10 of a million codes, of which 3 are good at a time. */
export const MOST_FAILURES = 10;
export const FAILURES_SECONDS = 15 * 60;

/** For `withIdentity`. */
export async function factorsOf(trx: Knex.Transaction, userId: string): Promise<Factors> {
  const { rows } = await trx.raw<{ rows: Factors[] }>(
    `select exists (select 1 from platform.totp_secrets where user_id = :userId and confirmed_at is not null) as totp,
       (select count(*)::int from platform.passkeys where user_id = :userId) as passkeys,
       (select count(*)::int from platform.recovery_codes where user_id = :userId and used_at is null) as "recoveryCodesLeft"`,
    { userId },
  );
  return rows[0] ?? { totp: false, passkeys: 0, recoveryCodesLeft: 0 };
}

export const hasFactor = ({ totp, passkeys }: Factors): boolean => totp || passkeys > 0;

/** All of them, recovery codes too. For `withIdentity`. */
export async function removeFactors(trx: Knex.Transaction, userId: string): Promise<void> {
  await trx.raw('delete from platform.totp_secrets where user_id = ?', [userId]);
  await trx.raw('delete from platform.passkeys where user_id = ?', [userId]);
  await trx.raw('delete from platform.recovery_codes where user_id = ?', [userId]);
}

/** What is asked of a person whose password was right; `null` when that is enough. For `withIdentity`. */
export async function challengeFor(
  trx: Knex.Transaction,
  { userId, organizationId }: { readonly userId: string; readonly organizationId: string },
): Promise<Challenge | null> {
  const has = await factorsOf(trx, userId);
  if (!hasFactor(has)) return null;
  const offered: Readonly<Record<Factor, boolean>> = {
    totp: has.totp,
    passkey: has.passkeys > 0,
    recovery_code: has.recoveryCodesLeft > 0,
  };
  return {
    challenge: await issueOneTimeToken(trx, 'login_challenge', { userId, organizationId }),
    factors: factorNames.filter((name) => offered[name]),
  };
}

export interface OpenChallenge {
  readonly id: string;
  readonly userId: string;
  readonly organizationId: string;
}

/** The challenge, as long as it may be answered. `null` when it is unknown, used, too old or dead. */
export async function readChallenge(trx: Knex.Transaction, challenge: string): Promise<OpenChallenge | null> {
  const token = await readOneTimeToken(trx, 'login_challenge', challenge);
  if (!token?.userId || !token.organizationId || Number(token.data['tries'] ?? 0) >= MOST_TRIES) return null;
  return { id: token.id, userId: token.userId, organizationId: token.organizationId };
}

/**
 * Counts a try before it is looked at, so that tries made at once are counted one by one: the person's row is held until the transaction ends.
 * `rate_limited` after too many wrong codes of the person in a quarter of an hour, whatever the challenges.
 */
export async function takeTry(
  trx: Knex.Transaction,
  challenge: string,
): Promise<OpenChallenge | 'challenge_ended' | 'rate_limited'> {
  const seen = await readChallenge(trx, challenge);
  if (!seen) return 'challenge_ended';
  // What is counted about the person's tokens is still so when another is made.
  await holdPeople(trx, seen.userId);
  const open = await readChallenge(trx, challenge);
  if (!open) return 'challenge_ended';
  const { rows } = await trx.raw<{ rows: { failures: number }[] }>(
    `select coalesce(sum((data->>'tries')::int), 0)::int as failures from platform.one_time_tokens
     where user_id = ? and purpose = 'login_challenge' and used_at is null and created_at > now() - make_interval(secs => ?)`,
    [open.userId, FAILURES_SECONDS],
  );
  if ((rows[0]?.failures ?? 0) >= MOST_FAILURES) return 'rate_limited';
  await trx.raw(
    `update platform.one_time_tokens set data = data || jsonb_build_object('tries', coalesce((data->>'tries')::int, 0) + 1) where id = ?`,
    [open.id],
  );
  return open;
}

/** Spends a challenge that was answered. False when another answer was first. */
export async function spendChallenge(trx: Knex.Transaction, id: string): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    'update platform.one_time_tokens set used_at = now() where id = ? and used_at is null and expires_at > now() returning 1',
    [id],
  );
  return rows.length > 0;
}
