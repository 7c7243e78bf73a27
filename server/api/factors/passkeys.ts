import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import type { PasskeyView } from './schemas.js';

export interface PasskeyRow {
  readonly id: string;
  readonly user_id: string;
  readonly credential_id: string;
  readonly public_key: Buffer;
  /** A bigint, which the driver gives as text. */
  readonly counter: string;
  readonly transports: string[];
  readonly backed_up: boolean;
  readonly name: string;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
}

export const presentPasskey = (row: PasskeyRow): PasskeyView => ({
  id: row.id,
  name: row.name,
  backedUp: row.backed_up,
  createdAt: row.created_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
});

/** Those of a person, the oldest first. All functions here are for `withIdentity`. */
export async function passkeysOf(trx: Knex.Transaction, userId: string): Promise<PasskeyRow[]> {
  const { rows } = await trx.raw<{ rows: PasskeyRow[] }>(
    'select * from platform.passkeys where user_id = ? order by id',
    [userId],
  );
  return rows;
}

export interface VerifiedPasskey {
  readonly credentialId: string;
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly backedUp: boolean;
}

/** `null` when this credential is somebody's already. */
export async function insertPasskey(
  trx: Knex.Transaction,
  userId: string,
  name: string,
  passkey: VerifiedPasskey,
): Promise<PasskeyRow | null> {
  const { rows } = await trx.raw<{ rows: PasskeyRow[] }>(
    `insert into platform.passkeys (id, user_id, credential_id, public_key, counter, transports, backed_up, name)
     values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (credential_id) do nothing returning *`,
    [
      uuidv7(),
      userId,
      passkey.credentialId,
      Buffer.from(passkey.publicKey),
      passkey.counter,
      [...passkey.transports],
      passkey.backedUp,
      name,
    ],
  );
  return rows[0] ?? null;
}

export async function findPasskey(trx: Knex.Transaction, credentialId: string): Promise<PasskeyRow | null> {
  const { rows } = await trx.raw<{ rows: PasskeyRow[] }>('select * from platform.passkeys where credential_id = ?', [
    credentialId,
  ]);
  return rows[0] ?? null;
}

/** Writes down that it was used. False when its counter did not grow: then there is a copy of it. Those that keep none always say 0. */
export async function markUsed(trx: Knex.Transaction, id: string, counter: number): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    `update platform.passkeys set counter = :counter, last_used_at = now()
     where id = :id and (counter < :counter or (counter = 0 and :counter = 0)) returning 1`,
    { id, counter },
  );
  return rows.length > 0;
}

/** The name of the one removed; `null` when the person has no such passkey. */
export async function removePasskey(trx: Knex.Transaction, userId: string, id: string): Promise<string | null> {
  const { rows } = await trx.raw<{ rows: { name: string }[] }>(
    'delete from platform.passkeys where id = ? and user_id = ? returning name',
    [id, userId],
  );
  return rows[0]?.name ?? null;
}
