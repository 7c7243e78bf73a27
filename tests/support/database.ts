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
  // Nothing is left to do but to look: both come migrated.
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

/** The state of the migrations, as a name. */
function migrationsHash(): string {
  const folder = join(root, 'db/migrations');
  const hash = createHash('sha256').update(readFileSync(join(root, 'package.json')));
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}

/** An empty migrated database, made once for all test files; another one when a migration changes. */
export async function testTemplate(): Promise<string> {
  const file = join(root, '.cache', `template-${migrationsHash()}.br`);
  if (!existsSync(file)) await buildTemplate(file);
  return file;
}

async function createOnServer(): Promise<Created> {
  const server = process.env['DATABASE_URL'];
  if (!server) throw new Error('TEST_SERVICES=1 needs DATABASE_URL.');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const template = `template_${migrationsHash()}`;
  await onServer(server, async (client) => {
    // The first to come makes the template; the others wait for it.
    await client.query('select pg_advisory_lock(7201)');
    const { rowCount } = await client.query('select from pg_database where datname = $1 and datistemplate', [template]);
    if (!rowCount) {
      await client.query(`drop database if exists ${template} with (force)`);
      await client.query(`create database ${template}`);
      await migrate(urlOf(server, template));
      await client.query(`alter database ${template} is_template true`);
    }
    await client.query('select pg_advisory_unlock(7201)');
    await client.query(`create database ${name} template ${template}`);
  });
  const drop = () =>
    onServer(server, async (client) => void (await client.query(`drop database if exists ${name} with (force)`)));
  return { url: urlOf(server, name), drop };
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function onServer(server: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await work(client).finally(() => client.end());
}
