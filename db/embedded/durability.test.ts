import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { testTemplate } from '#tests/support/database.js';
import { startEmbedded } from './start.js';

const kills = Number(process.env['EMBEDDED_KILLS'] ?? 3);

it(
  `loses nothing that it acknowledged when it is killed ${kills} times while writing`,
  { timeout: 60_000 + kills * 10_000 },
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'ai-departments-kill-'));
    await (await startEmbedded({ dataDir, template: await testTemplate() })).close();
    const acknowledged: string[] = [];
    for (let life = 0; life < kills; life++) {
      const before = acknowledged.length;
      const child = fork(
        join(import.meta.dirname, '../../tests/support/embedded/writingChild.ts'),
        [dataDir, `life${life}`],
        {
          execArgv: ['--import', 'tsx'],
        },
      );
      child.on('message', (id: string) => {
        acknowledged.push(id);
        // In the middle of whatever the other writers are doing.
        if (acknowledged.length - before === 100) child.kill('SIGKILL');
      });
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
    }

    const embedded = await startEmbedded({ dataDir });
    const client = new pg.Client({ connectionString: embedded.url });
    await client.connect();
    const ids = async (table: 'heads' | 'tails'): Promise<Set<string>> =>
      new Set((await client.query<{ id: string }>(`select id from ${table}`)).rows.map(({ id }) => id));
    const [heads, tails] = [await ids('heads'), await ids('tails')];
    const lost = acknowledged.filter((id) => !heads.has(id));
    const torn = [...heads].filter((id) => !tails.has(id)).length + [...tails].filter((id) => !heads.has(id)).length;
    expect({ lost: lost.length, torn }).toEqual({ lost: 0, torn: 0 });
    expect(acknowledged.length).toBeGreaterThanOrEqual(100 * kills);
    await client.query('reindex table heads');
    await client.end();
    await embedded.close();
    rmSync(dataDir, { recursive: true, force: true });
  },
);
