import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';
import { migrate } from '#db/migrate.js';
import { startServices } from '../../support/services/start.mjs';

/** A PostgreSQL and a Redis that nothing else uses while a row is measured. */
export interface Stores {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** A new database, migrated unless it is for somebody else. */
  database(options?: { readonly empty?: boolean }): Promise<BenchDatabase>;
  stop(): Promise<void>;
}

export interface BenchDatabase {
  readonly url: string;
  /** As the owner of everything in it. */
  rows<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** Those of DATABASE_URL and REDIS_URL (whose database 15 is emptied) when both are set, else our own. */
export async function openStores(): Promise<Stores> {
  const services = await startServices({ countStatements: true });
  const redisUrl = new URL(services.redisUrl);
  redisUrl.pathname = '/15';
  await flush(redisUrl.href);
  return {
    databaseUrl: services.databaseUrl,
    redisUrl: redisUrl.href,
    database: ({ empty = false } = {}) => openDatabase(services.databaseUrl, empty),
    async stop() {
      await flush(redisUrl.href);
      await services.stop();
    },
  };
}

/** Our database and the one that a peer is given. */
async function flush(url: string): Promise<void> {
  const redis = new Redis(url);
  await redis.flushdb();
  await redis.select(14);
  await redis.flushdb();
  redis.disconnect();
}

async function openDatabase(server: string, empty: boolean): Promise<BenchDatabase> {
  const name = `bench_${randomBytes(6).toString('hex')}`;
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await admin(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  if (!empty) await migrate(url.href);
  const pool = new pg.Pool({ connectionString: url.href, max: 2 });
  pool.on('error', () => {});
  return {
    url: url.href,
    rows: async <Row extends object>(sql: string, values: readonly unknown[] = []) =>
      (await pool.query<Row>(sql, [...values])).rows,
    async drop() {
      await pool.end();
      await admin(`drop database if exists ${name} with (force)`);
    },
  };
}
