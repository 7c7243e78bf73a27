import knexFactory, { type Knex } from 'knex';
import { migrations } from './migrations/all.js';

/** Lowest minor of each major without a known hole in row-level security or the protocol; majors above need no floor yet. */
const floors: Readonly<Record<number, number>> = { 13: 22, 14: 19, 15: 14, 16: 10, 17: 6 };

export class UnsupportedPostgres extends Error {
  constructor(found: string) {
    super(`PostgreSQL ${found} is not safe to use: update it to 13.22, 14.19, 15.14, 16.10, 17.6, 18 or later.`);
    this.name = 'UnsupportedPostgres';
  }
}

/** @param version `server_version_num`, as 170006 for 17.6 */
export function checkVersion(version: number): void {
  const [major, minor] = [Math.floor(version / 10_000), version % 10_000];
  if (major < 13 || minor < (floors[major] ?? 0)) throw new UnsupportedPostgres(`${major}.${minor}`);
}

/** Any constant: one lock for everyone who migrates this database. */
const lock = 7_240_116_022;

/**
 * Brings the schema up to date in one transaction: all of what is missing, or nothing. Several processes may call it at once;
 * the lock ends with the transaction, so that a migrator that dies leaves nothing behind.
 * @throws {UnsupportedPostgres} below the security floor
 */
export async function migrate(url: string): Promise<void> {
  const knex = knexFactory({
    client: 'pg',
    connection: { connectionString: url, application_name: 'ai-departments-migrate' },
    pool: { min: 0, max: 1 },
  });
  try {
    await knex.transaction(async (trx) => {
      const { rows } = await trx.raw<{ rows: [{ version: number }] }>(
        `select current_setting('server_version_num')::int as version`,
      );
      checkVersion(rows[0].version);
      await trx.raw('select pg_advisory_xact_lock(?)', [lock]);
      await migratePending(trx);
    });
  } finally {
    await knex.destroy();
  }
}

async function migratePending(trx: Knex.Transaction): Promise<void> {
  await trx.raw('create schema if not exists platform');
  await trx.raw(
    'create table if not exists platform.migrations (name text primary key, applied_at timestamptz not null default now())',
  );
  const { rows } = await trx.raw<{ rows: { name: string }[] }>('select name from platform.migrations');
  const applied = new Set(rows.map((row) => row.name));
  for (const [name, migration] of migrations) {
    if (applied.has(name)) continue;
    await migration.up(trx);
    await trx.raw('insert into platform.migrations (name) values (?)', [name]);
  }
}
