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
  /** Every public half that a token may still be signed with, as a JWKS lists them. */
  published(): Promise<readonly JWK[]>;
  /**
   * Takes over what other processes have changed; makes a new key when the newest is 30 days old, or now with `force`; retires those whose
   * last token is long over, or with `retire` all but the newest: their tokens end at once, and sessions go on with the next refresh.
   */
  rotate(options?: { force?: boolean; retire?: boolean }): Promise<void>;
}

interface KeyRow {
  readonly id: string;
  readonly public_jwk: JWK;
  readonly sealed_private_jwk: Buffer;
  /** Made 30 days ago or more. */
  readonly old: boolean;
  /** Its last token is over: a newer key was made long enough ago. */
  readonly over: boolean;
}

/** Another process may have made a key since we looked: an unknown id is worth a look at most this often. */
const RELOAD_MS = 5_000;
/** How often every process looks for changed keys: a new one signs everywhere this soon. */
export const KEYS_RELOAD_MS = 60_000;
/** An old key is kept for what it signed: access tokens live 15 minutes, and another process may sign with it a minute longer. */
const RETIRE_AFTER = `interval '1 hour'`;
const ROTATE_AFTER = `interval '30 days'`;

interface Loaded {
  readonly current: { readonly id: string; readonly privateKey: CryptoKey };
  readonly known: ReadonlyMap<string, CryptoKey>;
  readonly rows: readonly KeyRow[];
  readonly at: number;
}

/** Ed25519 keys, kept in `signing_keys` with the private half sealed by the master key. The first start makes one. */
export async function openSigningKeys(db: Database, keyring: Keyring): Promise<SigningKeys> {
  const load = async (): Promise<Loaded> => {
    const rows = await db.withIdentity(readKeys);
    const [newest] = rows;
    if (!newest) throw new Error('signing_keys is empty after a key was written');
    const privateJwk: unknown = JSON.parse(keyring.openWithMaster(newest.sealed_private_jwk).toString('utf8'));
    const current = { id: newest.id, privateKey: await asKey(privateJwk as JWK) };
    return { current, known: await publicKeys(rows), rows, at: Date.now() };
  };
  const write = async (force: boolean, retire: boolean): Promise<void> => {
    const { jwk, sealed } = await makeKey(keyring);
    await db.withIdentity(async (trx) => {
      // One process at a time: ten that start together make one key.
      await trx.raw('select pg_advisory_xact_lock(7015001)');
      await trx.raw(
        `insert into platform.signing_keys (id, public_jwk, sealed_private_jwk) select ?, ?, ?
         where ? or not exists (select 1 from platform.signing_keys where retired_at is null and created_at > now() - ${ROTATE_AFTER})`,
        [uuidv7(), jwk, sealed, force],
      );
      await trx.raw(
        `update platform.signing_keys k set retired_at = now() where retired_at is null
         and exists (select 1 from platform.signing_keys n where n.id > k.id and (? or n.created_at < now() - ${RETIRE_AFTER}))`,
        [retire],
      );
    });
  };
  const rotate = async ({ force = false, retire = false } = {}): Promise<void> => {
    const rows = await db.withIdentity(readKeys);
    if (force || retire || rows[0]?.old !== false || rows.some(({ over }) => over)) await write(force, retire);
    loaded = await load();
  };
  let loaded: Loaded;
  /** When somebody last came with an id that was not known. */
  let missed = 0;
  await rotate();

  return {
    current: () => loaded.current,
    async find(id) {
      const key = loaded.known.get(id);
      if (key || Date.now() - missed < RELOAD_MS) return key ?? null;
      missed = Date.now();
      loaded = await load();
      return loaded.known.get(id) ?? null;
    },
    async published() {
      if (Date.now() - loaded.at >= RELOAD_MS) loaded = await load();
      return loaded.rows.map(
        ({ id, public_jwk: { kty, crv, x } }) => ({ kty, crv, x, kid: id, alg: 'EdDSA', use: 'sig' }) as JWK,
      );
    },
    rotate,
  };
}

async function makeKey(keyring: Keyring): Promise<{ jwk: string; sealed: Buffer }> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return {
    sealed: keyring.sealWithMaster(Buffer.from(JSON.stringify(await exportJWK(pair.privateKey)))),
    jwk: JSON.stringify(await exportJWK(pair.publicKey)),
  };
}

async function readKeys(trx: Knex.Transaction): Promise<KeyRow[]> {
  const { rows } = await trx.raw<{ rows: KeyRow[] }>(
    `select id, public_jwk, sealed_private_jwk, created_at <= now() - ${ROTATE_AFTER} as old,
       lag(created_at) over (order by id desc) < now() - ${RETIRE_AFTER} as over
     from platform.signing_keys where retired_at is null order by id desc`,
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
