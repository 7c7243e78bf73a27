import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import type { Database } from '#db/connect.js';
import type { Keyring } from '#db/seal.js';

export interface SigningKeys {
  /** The newest key: what we sign with. */
  current(): { readonly id: string; readonly privateKey: CryptoKey };
  /** The public half of a key that is not retired, by its id; `null` when there is none. */
  find(id: string): Promise<CryptoKey | null>;
}

interface KeyRow {
  readonly id: string;
  readonly public_jwk: JWK;
  readonly sealed_private_jwk: Buffer;
}

/** Another process may have made a key since we looked: an unknown id is worth a look at most this often. */
const RELOAD_MS = 5_000;

/** Ed25519 keys, kept in `signing_keys` with the private half sealed by the master key. The first start makes one. */
export async function openSigningKeys(db: Database, keyring: Keyring): Promise<SigningKeys> {
  let rows = await db.withIdentity(readKeys);
  if (rows.length === 0) {
    await makeKey(db, keyring);
    rows = await db.withIdentity(readKeys);
  }
  const [newest] = rows;
  if (!newest) throw new Error('signing_keys is empty after a key was written');
  const privateJwk: unknown = JSON.parse(keyring.openWithMaster(newest.sealed_private_jwk).toString('utf8'));
  const privateKey = await asKey(privateJwk as JWK);
  let known = await publicKeys(rows);
  let lookedAt = Date.now();
  return {
    current: () => ({ id: newest.id, privateKey }),
    async find(id) {
      const key = known.get(id);
      if (key || Date.now() - lookedAt < RELOAD_MS) return key ?? null;
      lookedAt = Date.now();
      known = await publicKeys(await db.withIdentity(readKeys));
      return known.get(id) ?? null;
    },
  };
}

async function makeKey(db: Database, keyring: Keyring): Promise<void> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const sealed = keyring.sealWithMaster(Buffer.from(JSON.stringify(await exportJWK(pair.privateKey))));
  const publicJwk = JSON.stringify(await exportJWK(pair.publicKey));
  await db.withIdentity((trx) =>
    trx.raw('insert into platform.signing_keys (id, public_jwk, sealed_private_jwk) values (?, ?, ?)', [
      uuidv7(),
      publicJwk,
      sealed,
    ]),
  );
}

async function readKeys(trx: Knex.Transaction): Promise<KeyRow[]> {
  const { rows } = await trx.raw<{ rows: KeyRow[] }>(
    'select id, public_jwk, sealed_private_jwk from platform.signing_keys where retired_at is null order by id desc',
  );
  return rows;
}

async function publicKeys(rows: readonly KeyRow[]): Promise<Map<string, CryptoKey>> {
  return new Map(await Promise.all(rows.map(async (row) => [row.id, await asKey(row.public_jwk)] as const)));
}

async function asKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'EdDSA');
  if (key instanceof Uint8Array) throw new Error('signing_keys holds a symmetric key');
  return key;
}
