import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { workerBench, type BenchOrganization, type WorkerBench } from '#tests/support/worker.js';
import { createAnnouncer, type Announcer } from './announcer.js';
import { queryOf, sharedQuery } from './query.js';
import { startRun } from './startRun.js';

/**
 * One organization has thousands of runs, or messages, in line before three workers. Others begin all the same: at once where nothing of the flood ends at
 * all, and where it flows, before more than a small part of it.
 */
let bench: WorkerBench;
let announcer: Announcer;
beforeAll(async () => {
  bench = await workerBench();
  announcer = createAnnouncer({ queues: bench.queues, onError: () => {} });
});
afterEach(async () => {
  await bench.stopWorkers();
  await bench.rows(`delete from platform.runs where status in ('queued', 'running')`);
});
afterAll(async () => {
  await announcer.close();
  await bench.close();
});

const WORKERS = 3;
const CONCURRENCY = 16;
/** @param share of one organization: more than there is room for, so that a flood takes all of it */
const start = (share = 500) =>
  Promise.all(
    Array.from({ length: WORKERS }, () => bench.startWorker({ concurrency: CONCURRENCY, share, drainMs: 0 })),
  );

/** An organization whose department is started by hand. */
async function byHand(): Promise<BenchOrganization & { readonly versionId: string }> {
  const organization = await bench.organization();
  const versionId = await organization.publish([
    ['start', 'trigger.manual'],
    ['gate', 'test.gate'],
  ]);
  return { ...organization, versionId };
}
async function queued({ id: organizationId, departmentId, versionId }: Awaited<ReturnType<typeof byHand>>) {
  const [id, vault] = [uuidv7(), await bench.vaultOf(organizationId)];
  const run = { id, organizationId, departmentId, versionId, conversationId: null, triggerNode: 'start', input: {} };
  await startRun(sharedQuery(queryOf(bench.db.engine)), vault, run);
  announcer.wake(organizationId);
  return id;
}
async function flood(count: number): Promise<BenchOrganization> {
  const busy = await byHand();
  const first = await queued(busy);
  await bench.rows(
    `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input)
     select gen_random_uuid(), organization_id, department_id, version_id, trigger_node, input from platform.runs, generate_series(2, $2::int) where id = $1`,
    [first, count],
  );
  announcer.wake(busy.id);
  return busy;
}
const running = async (organizationId: string): Promise<number> =>
  (await bench.rows(`select 1 from platform.runs where organization_id = $1 and status = 'running'`, [organizationId]))
    .length;

it('runs of others begin while every worker is full of a flood of which nothing ends', async () => {
  bench.gate.shut();
  const busy = await flood(5_000);
  await start();
  await vi.waitFor(async () => expect(await running(busy.id)).toBeGreaterThanOrEqual(WORKERS * CONCURRENCY), 60_000);
  const others = await Promise.all(Array.from({ length: 10 }, () => byHand()));
  for (const other of others) await queued(other);
  const full = await running(busy.id);
  for (const { id } of others) await vi.waitFor(async () => expect(await running(id)).toBe(1), 60_000);
  // Nothing of the flood has ended for it.
  expect(await running(busy.id)).toBeGreaterThanOrEqual(full);
  expect(
    await bench.rows(`select 1 from platform.runs where organization_id = $1 and status = 'queued'`, [busy.id]),
  ).not.toHaveLength(0);
});

it('a message of another is answered while every worker is full and a thousand messages stand in line', async () => {
  const [busy, quiet] = [await bench.organization(), await bench.organization()];
  await busy.publish([
    ['start', 'trigger.whatsapp'],
    ['gate', 'test.gate'],
  ]);
  await quiet.publish([
    ['start', 'trigger.whatsapp'],
    ['reply', 'channel.send', { text: 'Às nove.' }],
  ]);
  bench.gate.shut();
  await Promise.all(
    Array.from({ length: 1_000 }, (_, customer) => busy.write('oi', { from: `55819${String(70_000_000 + customer)}` })),
  );
  await start();
  await vi.waitFor(async () => expect(await running(busy.id)).toBeGreaterThanOrEqual(WORKERS * CONCURRENCY), 60_000);
  await quiet.write('Que horas abrem?');
  await vi.waitFor(
    () => expect(bench.graph.sent().map(({ phoneNumberId }) => phoneNumberId)).toEqual([quiet.phoneNumberId]),
    60_000,
  );
});

it('while a flood flows, a run of another begins before more than a few of it', async () => {
  bench.gate.open();
  const busy = await flood(6_000);
  await start();
  await vi.waitFor(async () => expect(await running(busy.id)).toBeGreaterThan(0), 60_000);
  const quiet = await byHand();
  const before: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    const id = await queued(quiet);
    await vi.waitFor(
      async () =>
        expect(
          await bench.rows(`select 1 from platform.runs where id = $1 and status = 'succeeded'`, [id]),
        ).toHaveLength(1),
      60_000,
    );
    const [row] = await bench.rows<{ before: number; left: number }>(
      `select (select count(*)::int from platform.runs b where b.organization_id = $2 and b.started_at between r.created_at and r.started_at) as before,
         (select count(*)::int from platform.runs b where b.organization_id = $2 and b.status = 'queued') as left
       from platform.runs r where r.id = $1`,
      [id, busy.id],
    );
    if (!row || row.left === 0) break;
    before.push(row.before);
  }
  expect(before.length).toBeGreaterThan(3);
  // What three workers have under way, twice: one statement of each was on its way when it came, and the next one may have been.
  expect(Math.max(...before)).toBeLessThanOrEqual(2 * WORKERS * 2 * CONCURRENCY);
}, 120_000);
