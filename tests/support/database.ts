import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { connect, type Database } from '#db/connect.js';
import { buildTemplate } from '#db/embedded/buildTemplate.js';
import { startEmbedded } from '#db/embedded/start.js';
import { migrate } from '#db/migrate.js';

export interface TestDatabase {
  readonly db: Database;
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A fresh, migrated database of its own: embedded by default; a new one on the server of DATABASE_URL when TEST_SERVICES=1.
 * Make it in `beforeAll` and close it in `afterAll`.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const { url, drop } = process.env['TEST_SERVICES'] === '1' ? await createOnServer() : await createEmbedded();
  await migrate(url);
  const db = connect(url);
  return {
    db,
    url,
    async close() {
      await db.close();
      await drop();
    },
  };
}

interface Created {
  url: string;
  drop(): Promise<void>;
}

async function createEmbedded(): Promise<Created> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ai-departments-test-'));
  const embedded = await startEmbedded({ dataDir, template: await testTemplate(), relaxedDurability: true });
  return {
    url: embedded.url,
    async drop() {
      await embedded.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const root = join(import.meta.dirname, '../..');

/** An empty migrated database, made once for all test files; another one when a migration changes. */
export async function testTemplate(): Promise<string> {
  const folder = join(root, 'db/migrations');
  const hash = createHash('sha256').update(readFileSync(join(root, 'package.json')));
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, name)));
  const file = join(root, '.cache', `template-${hash.digest('hex').slice(0, 16)}.br`);
  if (!existsSync(file)) await buildTemplate(file);
  return file;
}

async function createOnServer(): Promise<Created> {
  const server = process.env['DATABASE_URL'];
  if (!server) throw new Error('TEST_SERVICES=1 needs DATABASE_URL.');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await admin(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => admin(`drop database if exists ${name} with (force)`) };
}
