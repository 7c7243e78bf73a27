import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readdirSync } from 'node:fs';
import { startEmbedded, type EmbeddedDatabase } from './embedded/start.js';
import { checkVersion, migrate, UnsupportedPostgres } from './migrate.js';
import { migrations } from './migrations/all.js';

describe('migrate', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ai-departments-migrate-'));
  let embedded: EmbeddedDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    embedded = await startEmbedded({ dataDir, relaxedDurability: true });
    client = new pg.Client({ connectionString: embedded.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await embedded.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const applied = async (): Promise<string[]> =>
    (await client.query<{ name: string }>('select name from platform.migrations order by name')).rows.map(
      ({ name }) => name,
    );

  it('applies nothing of a migration that fails', async () => {
    // In the way of the second migration.
    await client.query('create schema platform; create table platform.schedules (id int)');
    await expect(migrate(embedded.url)).rejects.toMatchObject({ code: '42P07' });
    expect((await client.query(`select to_regclass('platform.organizations') as found`)).rows).toEqual([
      { found: null },
    ]);
    await client.query('drop schema platform cascade');
  });

  it('applies each migration once when several processes start together, and again', async () => {
    await Promise.all([migrate(embedded.url), migrate(embedded.url), migrate(embedded.url)]);
    expect(await applied()).toEqual(migrations.map(([name]) => name));
    await migrate(embedded.url);
    expect(await applied()).toEqual(migrations.map(([name]) => name));
  });

  it('can be undone, last first', async () => {
    const knex = (await import('knex')).default({ client: 'pg', connection: embedded.url });
    for (const [, migration] of migrations.toReversed()) await migration.down?.(knex);
    await knex.destroy();
    expect((await client.query(`select to_regnamespace('platform') as found`)).rows).toEqual([{ found: null }]);
  });

  it('lists every migration of the folder under the name of its file, in order', () => {
    const files = readdirSync(join(import.meta.dirname, 'migrations')).filter((name) => /^\d{14}_/.test(name));
    expect(migrations.map(([name]) => `${name}.ts`)).toEqual(files.sort());
  });
});

describe('checkVersion', () => {
  it.each([130_022, 140_019, 150_014, 160_010, 170_006, 170_012, 180_000, 190_001])('takes %i', (version) => {
    expect(() => checkVersion(version)).not.toThrow();
  });

  it.each([120_022, 130_021, 140_018, 150_013, 160_009, 170_005])('refuses %i in one line', (version) => {
    expect(() => checkVersion(version)).toThrow(UnsupportedPostgres);
    expect(() => checkVersion(version)).toThrow(/^PostgreSQL \d+\.\d+ is not safe to use: update it to .*$/);
  });
});
