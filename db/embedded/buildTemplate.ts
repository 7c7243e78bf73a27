import { randomUUID } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMigrations } from 'bullmq';
import pg from 'pg';
import { migrate } from '../migrate.js';
import { startEmbedded } from './start.js';
import { packTemplate } from './template.js';

/** Makes a snapshot of an empty database that is migrated, the queue's schema included, and puts it at `file` in one move. */
export async function buildTemplate(file: string): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ai-departments-template-'));
  try {
    const embedded = await startEmbedded({ dataDir });
    try {
      await migrate(embedded.url);
      const client = new pg.Client({ connectionString: embedded.url });
      await client.connect();
      await runMigrations(client, 'bullmq');
      await client.query('vacuum freeze');
      await client.query('checkpoint');
      await client.end();
    } finally {
      await embedded.close();
    }
    const draft = `${file}.${randomUUID()}`;
    await packTemplate(join(dataDir, 'postgres'), draft);
    renameSync(draft, file);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
