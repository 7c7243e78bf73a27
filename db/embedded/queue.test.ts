import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openTestGateway, type TestGateway } from '#tests/support/embedded/gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway();
});
afterAll(() => gateway?.close());

it('carries the queue: its schema, its notifications, delayed and failing jobs', async () => {
  const admin = await gateway.client();
  await runMigrations(admin, 'bullmq');
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const pools: pg.Pool[] = [];
  const connection = (): pg.Pool => {
    const pool = new pg.Pool({ connectionString: gateway.url, options: '-c search_path=bullmq', max: 4 });
    pools.push(pool);
    return pool;
  };
  const done: string[] = [];
  const queue = new Queue('trial', { connection: connection() });
  const worker = new Worker(
    'trial',
    async (job) => {
      if (job.name === 'fails' && job.attemptsMade === 0) throw new Error('once');
      done.push(`${job.name} ${(job.data as { n: number }).n}`);
    },
    { connection: connection(), concurrency: 4 },
  );
  await worker.waitUntilReady();
  await queue.addBulk(Array.from({ length: 50 }, (_, n) => ({ name: 'plain', data: { n } })));
  await queue.add('delayed', { n: 1 }, { delay: 100 });
  await queue.add('fails', { n: 2 }, { attempts: 2 });
  await vi.waitFor(
    () =>
      expect(done.toSorted()).toEqual(
        [...Array.from({ length: 50 }, (_, n) => `plain ${n}`), 'delayed 1', 'fails 2'].toSorted(),
      ),
    {
      timeout: 60_000,
    },
  );
  expect((await admin.query(`select current_setting('search_path') as path`)).rows).toEqual([{ path: 'public' }]);
  await worker.close();
  await queue.close();
  await Promise.all(pools.map((pool) => pool.end().catch(() => {})));
});
