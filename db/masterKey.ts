import type { Knex } from 'knex';
import type { Database } from './connect.js';
import {
  CannotOpen,
  openKeyring,
  platformKeyNames,
  type Keyring,
  type Master,
  type MasterKeys,
  type PlatformKey,
  type PlatformKeys,
  type WhichMaster,
} from './seal.js';

/** The database was sealed with another master key than those given. `message` is one line that names the setting. */
export class WrongMasterKey extends Error {
  override readonly name = 'WrongMasterKey';
  constructor(why: string) {
    super(`MASTER_KEY: ${why}`);
  }
}

/** What is sealed under the name `master`: it says which key is in force, and is no secret. */
const MARKER = Buffer.from('ai-departments');
/** How often a process that knows two master keys looks which one is in force, in milliseconds. */
const LOOK_MS = 2_000;
/** How long a process may still write with the previous key after it was told not to: two looks and a slow transaction. */
const SETTLE_MS = 3 * LOOK_MS;

/**
 * The keyring for a migrated database, once the master key is known to be the right one; the first start makes the platform's own keys. With two
 * keys given it goes on writing with the one in force, so that processes which know only that one can read along, until `rotateMaster` changes it.
 * @throws {WrongMasterKey}
 */
export async function openMaster(db: Database, keys: MasterKeys): Promise<Keyring> {
  const keyring = openKeyring(keys.previous?.equals(keys.current) ? { ...keys, previous: null } : keys);
  await db.withIdentity(async (trx) => {
    const which = (await inForce(trx, keyring.master)) ?? (await firstMarker(trx, keyring.master));
    keyring.master.writeWith(which);
    keyring.master.usePlatformKeys(await platformKeys(trx, keyring.master, which));
  });
  return keyring;
}

/** Keeps looking which of two keys is in force. Nothing to do with one. */
export function watchMaster(db: Database, { master }: Keyring): { close(): void } {
  if (!master.keys.previous) return { close: () => {} };
  const timer = setInterval(() => {
    db.withIdentity((trx) => inForce(trx, master)).then(
      (which) => which && master.writeWith(which),
      // The database is away: nothing is written meanwhile.
      () => {},
    );
  }, LOOK_MS);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

/** Which of the keys is in force; `null` before the first start. */
async function inForce(trx: Knex.Transaction, master: Master): Promise<WhichMaster | null> {
  const { rows } = await trx.raw<{ rows: { sealed: Buffer }[] }>(
    `select sealed from platform.platform_keys where name = 'master'`,
  );
  const [marker] = rows;
  if (!marker) return null;
  if (master.open('current', marker.sealed)) return 'current';
  if (master.open('previous', marker.sealed)) return 'previous';
  throw new WrongMasterKey(
    'does not open what this database holds. Start with the key that it was sealed with; to change it, give that one as MASTER_KEY_PREVIOUS and run: npm run keys:rotate -- --master',
  );
}

/** A database from before there was a marker tells by what it holds; an empty one takes the current key. */
async function firstMarker(trx: Knex.Transaction, master: Master): Promise<WhichMaster> {
  const { rows } = await trx.raw<{ rows: { sealed: Buffer }[] }>(
    'select sealed_private_jwk as sealed from platform.signing_keys order by id desc limit 1',
  );
  const [known] = rows;
  const which = !known || master.open('current', known.sealed) ? 'current' : 'previous';
  if (known && !master.open(which, known.sealed)) throw new WrongMasterKey('does not open what this database holds.');
  await trx.raw(`insert into platform.platform_keys (name, sealed) values ('master', ?) on conflict do nothing`, [
    master.seal(which, MARKER),
  ]);
  // Somebody may have been first.
  return (await inForce(trx, master)) ?? which;
}

async function platformKeys(trx: Knex.Transaction, master: Master, which: WhichMaster): Promise<PlatformKeys> {
  for (const name of platformKeyNames)
    await trx.raw('insert into platform.platform_keys (name, sealed) values (?, ?) on conflict do nothing', [
      name,
      master.seal(which, master.derivePlatformKey(which, name)),
    ]);
  const { rows } = await trx.raw<{ rows: { name: string; sealed: Buffer }[] }>(
    'select name, sealed from platform.platform_keys',
  );
  const keyOf = (name: PlatformKey): Buffer => openEither(master, rows.find((row) => row.name === name)?.sealed);
  return Object.fromEntries(platformKeyNames.map((name) => [name, keyOf(name)])) as PlatformKeys;
}

function openEither(master: Master, sealed: Buffer | undefined): Buffer {
  const opened = sealed && (master.open('current', sealed) ?? master.open('previous', sealed));
  if (!opened) throw new CannotOpen();
  return opened;
}

interface Column {
  readonly table: string;
  readonly key: readonly string[];
  readonly column: string;
}

/** Everything that is sealed with the master key itself. A contract test finds the columns and asks for a line here. */
export const masterSealed: readonly Column[] = [
  { table: 'platform_keys', key: ['name'], column: 'sealed' },
  { table: 'signing_keys', key: ['id'], column: 'sealed_private_jwk' },
  { table: 'totp_secrets', key: ['user_id'], column: 'sealed_secret' },
  { table: 'organization_keys', key: ['organization_id', 'version'], column: 'wrapped_key' },
  { table: 'organization_keys', key: ['organization_id', 'version'], column: 'wrapped_index_key' },
];

const BATCH = 500;

/**
 * Seals with the current master key what is sealed with the previous one. Processes that know both may go on working; it may be broken off and begun
 * again. Answers how many values were sealed anew. @param settleMs how long running processes may take to notice
 */
export async function rotateMaster(db: Database, { master }: Keyring, settleMs = SETTLE_MS): Promise<number> {
  if (!master.keys.previous) throw new WrongMasterKey('to change it, give the one before as MASTER_KEY_PREVIOUS.');
  await db.withIdentity((trx) =>
    trx.raw(`update platform.platform_keys set sealed = ?, updated_at = now() where name = 'master'`, [
      master.seal('current', MARKER),
    ]),
  );
  master.writeWith('current');
  let moved = await moveAll(db, master);
  // Whoever had not noticed yet has by now.
  await new Promise((done) => setTimeout(done, settleMs));
  moved += await moveAll(db, master);
  return moved;
}

async function moveAll(db: Database, master: Master): Promise<number> {
  let moved = 0;
  for (const each of masterSealed) moved += await moveColumn(db, master, each);
  return moved;
}

async function moveColumn(db: Database, master: Master, { table, key, column }: Column): Promise<number> {
  let moved = 0;
  for (let after: readonly unknown[] | null = null; ;) {
    const rows = await readBatch(db, { table, key, column }, after);
    for (const row of rows) {
      const sealed = row[column] as Buffer;
      const again =
        table === 'organization_keys'
          ? master.rewrap(row['organization_id'] as string, sealed)
          : resealed(master, sealed);
      if (!again) continue;
      // What somebody has written meanwhile stays.
      const { rowCount } = await db.withIdentity((trx) =>
        trx.raw<{ rowCount: number }>(
          `update platform.${table} set ${column} = ? where ${key.map((name) => `${name} = ?`).join(' and ')} and ${column} = ?`,
          [again, ...key.map((name) => row[name] as Knex.RawBinding), sealed],
        ),
      );
      moved += rowCount;
    }
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return moved;
    after = key.map((name) => last[name]);
  }
}

function readBatch(db: Database, { table, key, column }: Column, after: readonly unknown[] | null) {
  const columns = key.join(', ');
  const start = after ? `and (${columns}) > (${key.map(() => '?').join(', ')})` : '';
  return db.withIdentity(async (trx) => {
    const { rows } = await trx.raw<{ rows: Record<string, unknown>[] }>(
      `select ${columns}, ${column} from platform.${table} where ${column} is not null ${start} order by ${columns} limit ${BATCH}`,
      (after ?? []) as Knex.RawBinding[],
    );
    return rows;
  });
}

/** `null` when it is sealed with the current key already. */
const resealed = (master: Master, sealed: Buffer): Buffer | null =>
  master.open('current', sealed) ? null : master.seal('current', openEither(master, sealed));
