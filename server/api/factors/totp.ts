import type { Knex } from 'knex';
import { generateSecret, generateURI, verifySync } from 'otplib';
import type { Keyring } from '#db/seal.js';

const ISSUER = 'AI Departments';
/** Seconds that a clock may be off: one step before and one after (RFC 6238, 5.2). */
const TOLERANCE = 30;

interface SecretRow {
  readonly sealed_secret: Buffer;
  /** A bigint, which the driver gives as text. */
  readonly last_step: string | null;
}

/** A secret that is not in force until a code of it has been shown. Takes the place of an earlier one that never was. Null when one is in force. */
export async function beginTotp(
  trx: Knex.Transaction,
  keyring: Keyring,
  { userId, email }: { readonly userId: string; readonly email: string },
): Promise<{ secret: string; uri: string } | null> {
  const secret = generateSecret();
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    `insert into platform.totp_secrets as t (user_id, sealed_secret) values (?, ?)
     on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, last_step = null, created_at = now()
       where t.confirmed_at is null returning 1`,
    [userId, seal(keyring, userId, secret)],
  );
  if (rows.length === 0) return null;
  return { secret, uri: generateURI({ issuer: ISSUER, label: email, secret }) };
}

/** A code of the secret in force, or (`confirming`) of the one that waits. Each time step is good once: false for a repeated code. */
export async function useTotp(
  trx: Knex.Transaction,
  keyring: Keyring,
  userId: string,
  code: string,
  { confirming = false } = {},
): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: SecretRow[] }>(
    `select sealed_secret, last_step from platform.totp_secrets where user_id = ? and (confirmed_at is null) = ? for update`,
    [userId, confirming],
  );
  const [row] = rows;
  if (!row || !/^\d{6}$/.test(code)) return false;
  const result = verifySync({
    secret: open(keyring, userId, row.sealed_secret),
    token: code,
    epochTolerance: TOLERANCE,
    ...(row.last_step !== null && { afterTimeStep: Number(row.last_step) }),
  });
  if (!result.valid || !('timeStep' in result)) return false;
  await trx.raw(
    'update platform.totp_secrets set last_step = ?, confirmed_at = coalesce(confirmed_at, now()) where user_id = ?',
    [result.timeStep, userId],
  );
  return true;
}

/** False when there was none in force. */
export async function removeTotp(trx: Knex.Transaction, userId: string): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: { confirmed: boolean }[] }>(
    'delete from platform.totp_secrets where user_id = ? returning confirmed_at is not null as confirmed',
    [userId],
  );
  return rows[0]?.confirmed ?? false;
}

/** Whose it is lies inside: copied to another row it does not open. */
const seal = (keyring: Keyring, userId: string, secret: string): Buffer =>
  keyring.sealWithMaster(Buffer.from(`${userId} ${secret}`));

function open(keyring: Keyring, userId: string, sealed: Buffer): string {
  const [owner, secret] = keyring.openWithMaster(sealed).toString().split(' ');
  if (owner !== userId || !secret) throw new Error('a TOTP secret is in the row of somebody else');
  return secret;
}
