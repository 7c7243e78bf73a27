import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { testTemplate } from '#tests/support/database.js';
import { packTemplate } from './template.js';
import { DirectoryInUse, startEmbedded, type EmbeddedDatabase, type EmbeddedOptions } from './start.js';

let dataDir: string;
const open: EmbeddedDatabase[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ai-departments-start-'));
});
afterEach(async () => {
  for (const embedded of open.splice(0)) await embedded.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedDatabase> {
  const embedded = await startEmbedded({ dataDir, ...options });
  open.push(embedded);
  return embedded;
}

async function query<Row extends object>(embedded: EmbeddedDatabase, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: embedded.url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

it('keeps the data from one start to the next, and lets the directory go', async () => {
  const first = await start({ template: await testTemplate() });
  await query(first, 'create table kept as select 7 as n');
  await expect(start()).rejects.toBeInstanceOf(DirectoryInUse);
  await first.close();
  expect(readdirSync(dataDir)).toEqual(['postgres']);
  expect(await query(await start(), 'select n from kept')).toEqual([{ n: 7 }]);
});

it('begins from a template, and again when an earlier first start was cut short', async () => {
  const source = await start({ template: await testTemplate() });
  await query(source, 'create table shipped as select 9 as n');
  await source.close();
  const template = join(dataDir, 'template.br');
  await packTemplate(join(dataDir, 'postgres'), template);

  const fresh = join(dataDir, 'fresh');
  mkdirSync(join(fresh, 'postgres.new/base'), { recursive: true });
  writeFileSync(join(fresh, 'postgres.new/PG_VERSION'), 'half');
  const embedded = await start({ dataDir: fresh, template });
  expect(await query(embedded, 'select n from shipped')).toEqual([{ n: 9 }]);
  await query(embedded, 'insert into shipped values (10)');
  await embedded.close();
  // A directory that exists is never replaced.
  expect(await query(await start({ dataDir: fresh, template }), 'select n from shipped order by n')).toEqual([
    { n: 9 },
    { n: 10 },
  ]);
});

/** Ends the database as a fault of its own would: the gateway knows this statement only without the comment. */
const kill = (embedded: EmbeddedDatabase): Promise<unknown> =>
  query(embedded, 'copy kept from /*;*/ stdin').catch(() => {});

it('opens the database again at the same address when it dies, with all that was committed', async () => {
  const died = vi.fn<(error: Error) => void>();
  const embedded = await start({ template: await testTemplate(), onDeath: died });
  await query(embedded, 'create table kept as select 1 as n');
  await kill(embedded);
  await vi.waitFor(async () => expect(await query(embedded, 'select n from kept')).toEqual([{ n: 1 }]), {
    timeout: 60_000,
    interval: 100,
  });
  expect(died).not.toHaveBeenCalled();
});

it('gives up when it dies again at once', async () => {
  const died = vi.fn<(error: Error) => void>();
  const embedded = await start({ template: await testTemplate(), onDeath: died });
  await query(embedded, 'create table kept as select 1 as n');
  await vi.waitFor(
    async () => {
      await kill(embedded);
      expect(died).toHaveBeenCalledOnce();
    },
    { timeout: 60_000, interval: 200 },
  );
});
