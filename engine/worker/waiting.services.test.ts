import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { openBackend } from './backend.js';
import { workerBench, type WorkerBench } from '#tests/support/worker.js';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 60_000 });

let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
});
afterAll(() => bench.close());

const WAITING = 2_000;
/** Of them, whose time comes once they wait. */
const GO_ON = 100;
/** Most bytes that a waiting run takes in the database, indexes included. */
const BYTES_EACH = 4_096;
const TABLES = ['runs', 'run_steps', 'waits', 'checkpoints', 'checkpoint_writes'];

const bytes = async (): Promise<number> => {
  const [size] = await bench.rows<{ bytes: string }>(
    `select sum(pg_total_relation_size(('platform.' || name)::regclass)) as bytes from unnest($1::text[]) name`,
    [TABLES],
  );
  return Number(size?.bytes);
};
const statuses = async (organizationId: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (
      await bench.rows<{ status: string; n: number }>(
        'select status, count(*)::int as n from platform.runs where organization_id = $1 group by status',
        [organizationId],
      )
    ).map(({ status, n }) => [status, n]),
  );
/** What this process has been asked to do later. */
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

test('thousands of waiting runs cost a few bytes each and nothing else, and go on in another process', async () => {
  const bakery = await bench.organization();
  const versionId = await bakery.publish([
    ['start', 'trigger.manual'],
    ['ask', 'logic.delay', { amount: 30, unit: 'days' }],
    ['end', 'data.set'],
  ]);
  await bench.startWorker({ concurrency: 64, share: 2_000 });
  const idle = timers();
  const ids = Array.from({ length: WAITING }, () => uuidv7());
  const before = await bytes();
  await bench.rows(
    `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input)
     select id, $2, $3, $4, 'start', '{}' from unnest($1::uuid[]) id`,
    [ids, bakery.id, bakery.departmentId, versionId],
  );
  await vi.waitFor(async () => expect(await statuses(bakery.id)).toEqual({ waiting: WAITING }), {
    timeout: 300_000,
    interval: 500,
  });
  const backend = await openBackend(bench.queue);
  const counts = await backend.queue('runs').getJobCounts();
  await backend.close();
  expect(Object.values(counts).reduce((all, one) => all + one, 0)).toBe(0);
  // Some come and go with connections and sweeps; none is there for a run.
  expect(timers()).toBeLessThan(idle + 50);
  const each = ((await bytes()) - before) / WAITING;
  console.log(
    `${WAITING} waiting runs: ${Math.round(each)} bytes each, indexes and all that was written over included`,
  );
  expect(each).toBeLessThan(BYTES_EACH);

  await bench.stopWorkers();
  await bench.rows(`update platform.waits set wake_at = now() where run_id = any($1)`, [ids.slice(0, GO_ON)]);
  await bench.startWorker({ concurrency: 64, share: 2_000 });
  await vi.waitFor(
    async () => expect(await statuses(bakery.id)).toEqual({ waiting: WAITING - GO_ON, succeeded: GO_ON }),
    {
      timeout: 300_000,
      interval: 500,
    },
  );
  const [twice] = await bench.rows<{ n: number }>(
    `select count(*)::int as n from platform.run_steps where organization_id = $1 and attempt > 1`,
    [bakery.id],
  );
  expect(twice?.n).toBe(0);
});
