import type { Pool, QueryConfig } from 'pg';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { armFailpoints } from '#db/failpoint.js';
import type { Priority } from '#engine/graph/statuses.js';
import { registerWorker } from '#engine/run/lease.js';
import { workerBench, type BenchOrganization, type WorkerBench } from '#tests/support/worker.js';
import { createAdmission, FIRST, type Admission } from './admission.js';
import { openBackend, type Consumer } from './backend.js';
import type { RunningWorker } from './main.js';
import { queryOf, sharedQuery } from './query.js';
import { startRun } from './startRun.js';
import { takeHere } from './takeHere.js';
import { underWay } from './underWay.js';

let bench: WorkerBench;
let admission: Admission;
const consumers: Consumer[] = [];
/** Runs in the order in which the queue gave them out. */
const given: string[] = [];

beforeAll(async () => {
  bench = await workerBench();
  admission = createAdmission({ engine: bench.db.engine, queues: bench.queues, share: 3 });
});
afterAll(async () => {
  await admission.close();
  await Promise.all(consumers.map((consumer) => consumer.close()));
  await bench.close();
});

async function queued(
  bakery: BenchOrganization,
  count: number,
  options: { priority?: Priority; notBefore?: Date } = {},
  step?: string,
): Promise<string[]> {
  const versionId = await bakery.publish([
    ['start', 'trigger.manual'],
    ...(step ? [['step', step] as [string, string]] : []),
  ]);
  const ids = Array.from({ length: count }, () => uuidv7());
  for (const id of ids) {
    const run = {
      id,
      organizationId: bakery.id,
      departmentId: bakery.departmentId,
      versionId,
      conversationId: null,
      triggerNode: 'start',
      input: {},
    };
    expect(
      await startRun(sharedQuery(queryOf(bench.db.engine)), await bench.vaultOf(bakery.id), { ...run, ...options }),
    ).not.toBeNull();
  }
  return ids;
}
const statuses = async (ids: readonly string[]): Promise<string[]> =>
  (await bench.rows<{ status: string }>('select status from platform.runs where id = any($1) order by id', [ids])).map(
    ({ status }) => status,
  );
/** What comes before a worker is registered goes over the queue, where those that do nothing with it may take it. */
const registered = (worker: RunningWorker): Promise<void> =>
  vi.waitFor(() => expect(worker.hindrance()).toBeNull(), 60_000);
const admitted = async (bakery: BenchOrganization): Promise<string[]> =>
  (
    await bench.rows<{ id: string }>(
      'select id from platform.runs where organization_id = $1 and admitted_at is not null order by id',
      [bakery.id],
    )
  ).map((run) => run.id);

test('an organization is admitted up to its share, and further as its runs end', async () => {
  const [busy, quiet] = [await bench.organization(), await bench.organization()];
  const flood = await queued(busy, 8);
  const [only] = await queued(quiet, 1);
  await admission.sweep();
  expect(await admitted(busy)).toEqual(flood.slice(0, 3));
  expect(await admitted(quiet)).toEqual([only]);
  await bench.rows(`update platform.runs set status = 'succeeded' where id = $1`, [flood[1]]);
  admission.wake(busy.id);
  await vi.waitFor(async () => expect(await admitted(busy)).toEqual(flood.slice(0, 4)), 60_000);
});

test('the more urgent goes first', async () => {
  const bakery = await bench.organization();
  await queued(bakery, 3, { priority: 'low' });
  const normal = await queued(bakery, 2, { priority: 'normal' });
  const high = await queued(bakery, 1, { priority: 'high' });
  await admission.sweep();
  expect(await admitted(bakery)).toEqual([...normal, ...high].sort());
});

test('a run is admitted when its time has come, without anybody looking again', async () => {
  const bakery = await bench.organization();
  const notBefore = new Date(Date.now() + 600);
  const [id] = await queued(bakery, 1, { notBefore });
  await admission.sweep();
  admission.wake(bakery.id, notBefore);
  await vi.waitFor(async () => expect(await admitted(bakery)).toEqual([id]), 60_000);
  expect(Date.now()).toBeGreaterThanOrEqual(notBefore.getTime());
});

test('a conversation has one run at a time', async () => {
  const bakery = await bench.organization();
  const [departmentId, conversationId] = [bakery.departmentId, uuidv7()];
  const versionId = await bakery.publish([['start', 'trigger.manual']]);
  const vault = await bench.vaultOf(bakery.id);
  const start = () =>
    startRun(sharedQuery(queryOf(bench.db.engine)), vault, {
      id: uuidv7(),
      organizationId: bakery.id,
      departmentId,
      versionId,
      conversationId,
      triggerNode: 'start',
      input: {},
    });
  expect((await Promise.all([start(), start(), start()])).filter(Boolean)).toHaveLength(1);
});

test('the queue gives out every admitted run, and once more at most however often it is announced again', async () => {
  const bakery = await bench.organization();
  const ids = await queued(bakery, 3);
  await admission.sweep();
  const again = createAdmission({ engine: bench.db.engine, queues: bench.queues, share: 3, refillAfterMs: 0 });
  await again.sweep();
  await again.sweep();
  const backend = await openBackend(bench.queue);
  for (const queue of ['runs', 'first-runs']) {
    const taken = await backend.consume(queue, { concurrency: 1, lockMs: 30_000 }, async (data) => {
      given.push((data as { runId: string }).runId);
    });
    consumers.push(taken);
  }
  await vi.waitFor(() => expect(given).toEqual(expect.arrayContaining(ids)), 60_000);
  // What the queue may have forgotten is announced on the queue of those that are not first: whoever comes second finds nothing to do.
  for (const id of ids) expect(given.filter((each) => each === id).length).toBeLessThanOrEqual(2);
  await again.close();
});

test('a run of low priority is admitted while urgent ones keep coming', async () => {
  const bakery = await bench.organization();
  const [low] = await queued(bakery, 1, { priority: 'low' });
  await queued(bakery, 60, { priority: 'high' });
  await vi.waitFor(async () => {
    // Whatever is admitted ends at once, and the organization goes on.
    await admission.sweep();
    await bench.rows(
      `update platform.runs set status = 'succeeded' where organization_id = $1 and admitted_at is not null`,
      [bakery.id],
    );
    expect(await admitted(bakery)).toContain(low);
  }, 60_000);
  expect((await admitted(bakery)).length).toBeLessThan(61);
});

test('on the queue organizations take turns, and whoever has little under way does not wait behind a flood', async () => {
  const [busy, quiet] = [await bench.organization(), await bench.organization()];
  const added: { name: string; runId: string; priority: number }[] = [];
  const wide = createAdmission({
    engine: bench.db.engine,
    share: 30,
    queues: {
      ...bench.queues,
      async addMany(name, datas, options) {
        for (const [index, data] of datas.entries())
          added.push({
            name,
            runId: (data as { runId: string }).runId,
            priority: options?.(data, index).priority ?? 0,
          });
      },
    },
  });
  const flood = await queued(busy, 30);
  await wide.sweep();
  const [only] = await queued(quiet, 1);
  const urgent = await queued(quiet, 1, { priority: 'high' });
  await wide.sweep();
  const of = (ids: readonly (string | undefined)[]) => added.filter(({ runId }) => ids.includes(runId));
  expect(of(flood).map(({ name }) => name)).toEqual([...Array(4).fill('firstRun'), ...Array(26).fill('run')]);
  expect(of([only, ...urgent])).toEqual([
    { name: 'firstRun', runId: urgent[0], priority: 0 },
    { name: 'firstRun', runId: only, priority: 1 },
  ]);
  const places = of(flood.slice(4)).map(({ priority }) => priority);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  await wide.close();
});

test('what admission reads does not grow with what waits to be admitted', async () => {
  const flooding = await bench.organization();
  const [first] = await queued(flooding, 1);
  await bench.rows(
    `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input)
     select gen_random_uuid(), organization_id, department_id, version_id, trigger_node, input from platform.runs, generate_series(1, 3000) where id = $1`,
    [first],
  );
  const read = pagesRead(bench.db.engine);
  const watched = createAdmission({ engine: read.pool, queues: bench.queues, share: 3 });
  const [whatWaits] = await bench.rows<{ pages: number }>(
    `select count(*)::int as pages from platform.runs where status = 'queued' and admitted_at is null`,
  );
  expect(await watched.sweep()).toBeGreaterThanOrEqual(3);
  // Whoever reads a row through an index has a page of the table for it.
  expect(Math.max(...read.pages)).toBeLessThan((whatWaits?.pages ?? 0) / 5);
  await watched.close();
  await bench.rows(`delete from platform.runs where organization_id = $1`, [flooding.id]);
});

test('what is planned while a table is empty looks rows up all the same when it is full', async () => {
  // As the claim of runs, the ledger and the ends of conversations ask.
  for (const [table, where] of [
    ['runs', 'id = any($1::uuid[])'],
    ['runs', `conversation_id = $1 and status in ('queued', 'running')`],
    ['effects', 'run_id = $1 and key = $2'],
    ['messages', 'id = $1'],
  ]) {
    const { rows } = await bench.db.engine.query<{ 'QUERY PLAN': string }>(
      `explain (generic_plan) select 1 from platform.${table} where ${where}`,
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan, `${table} by ${where}`).toMatch(/Index/);
    expect(plan).not.toContain('Seq Scan');
  }
});

test('what an organization has under way is counted without a look at all that it ever ran', async () => {
  const bakery = await bench.organization();
  const [first] = await queued(bakery, 1);
  const client = await bench.db.engine.connect();
  try {
    await client.query('begin');
    await client.query('set local plan_cache_mode = force_generic_plan');
    // Planned while there is hardly anything, for which one index is as good as another.
    await client.query(`prepare counted(uuid, int) as select ${underWay('$1', '$2')}`);
    const counted = `execute counted('${bakery.id}', 128)`;
    await client.query(counted);
    await client.query(
      `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input, status, admitted_at, started_at, finished_at)
       select gen_random_uuid(), organization_id, department_id, version_id, trigger_node, input, 'succeeded', now(), now(), now()
       from platform.runs, generate_series(1, 2000) where id = $1`,
      [first],
    );
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
      `explain (analyze, buffers, format json) ${counted}`,
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    expect((plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0)).toBeLessThan(20);
  } finally {
    await client.query('rollback');
    await client.query('deallocate counted');
    client.release();
  }
});

test('the first runs of an organization begin where they arrive, however full the worker is of another’s', async () => {
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
  const worker = await bench.startWorker({ concurrency: FIRST, sweepMs: 3_600_000 });
  await registered(worker);
  for (let customer = 0; customer < FIRST; customer += 1) await busy.write('oi', { from: `558190000000${customer}` });
  await vi.waitFor(() => expect(bench.gate.waiting).toHaveLength(FIRST), 60_000);
  // What goes over the queue is taken by those who do nothing with it, above.
  await quiet.write('Que horas abrem?');
  await vi.waitFor(
    () => expect(bench.graph.sent().map(({ phoneNumberId }) => phoneNumberId)).toEqual([quiet.phoneNumberId]),
    60_000,
  );
  bench.gate.open();
  await worker.close();
});

test('runs begin where they are looked for, up to what the worker has room for, and whoever has few does not wait for whoever has many', async () => {
  const [busy, quiet] = [await bench.organization(), await bench.organization()];
  const atOnce = FIRST + 2;
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  // What goes over the queue is taken by those who do nothing with it, above.
  const worker = await bench.startWorker({ concurrency: atOnce, sweepMs: 3_600_000 });
  await registered(worker);
  // After its first look for what waits, which may have come before it was registered.
  const flood = await queued(busy, 3 * atOnce, {}, 'test.gate');
  worker.admission.wake(busy.id);
  await vi.waitFor(() => expect(bench.gate.waiting.length).toBeGreaterThanOrEqual(before + atOnce), 60_000);
  const few = await queued(quiet, 1, {}, 'test.gate');
  worker.admission.wake(quiet.id);
  await vi.waitFor(async () => expect(await statuses(few)).toEqual(['running']), 60_000);
  // The rest stays in PostgreSQL.
  expect((await statuses(flood)).filter((status) => status === 'running')).toHaveLength(atOnce);
  expect(await admitted(busy)).toEqual(flood.slice(0, atOnce));
  bench.gate.open();
  await vi.waitFor(
    async () => expect(new Set(await statuses([...flood, ...few]))).toEqual(new Set(['succeeded'])),
    60_000,
  );
  await worker.close();
});

test('of organizations with many runs each gets its turn, and the more urgent run its place', async () => {
  const [one, other] = [await bench.organization(), await bench.organization()];
  const many = await queued(one, 40);
  const low = await queued(other, 4, { priority: 'low' });
  const high = await queued(other, 4, { priority: 'high' });
  const lease = await registerWorker(bench.db.engine, { id: 'taker' });
  const asked = [
    { organizationId: one.id, underWay: FIRST },
    { organizationId: other.id, underWay: FIRST },
  ];
  const take = async (free: number): Promise<string[]> => {
    const room = { free, first: free, share: 100, oldest: false };
    return (await takeHere(bench.db.engine, lease, asked, room)).taken.map(({ runId }) => runId).sort();
  };
  // Sixteen places are worth a priority: four urgent ones before everybody, then those of the first organization.
  expect(await take(6)).toEqual([...high, ...many.slice(0, 2)].sort());
  // And sixteen more before those that can wait.
  expect(await take(18)).toEqual([...many.slice(2, 19), low[0]].sort());
  await lease.release();
  // Of a worker that was declared dead nothing is taken.
  expect((await takeHere(bench.db.engine, lease, asked, { free: 9, first: 9, share: 100, oldest: false })).lost).toBe(
    true,
  );
  await bench.rows('delete from platform.runs where organization_id = any($1)', [[one.id, other.id]]);
});

test('a run that was claimed and of which nobody heard goes on all the same', async () => {
  const bakery = await bench.organization();
  const ids = await queued(bakery, 3);
  let lost = 0;
  armFailpoints((name) => {
    if (name !== 'claim.commit.after' || lost > 0) return undefined;
    lost += 1;
    return Promise.reject(new Error('The answer got lost'));
  });
  const worker = await bench.startWorker();
  await vi.waitFor(() => expect(lost).toBe(1), 60_000);
  armFailpoints(() => undefined);
  await vi.waitFor(async () => expect(await statuses(ids)).toEqual(['succeeded', 'succeeded', 'succeeded']), 60_000);
  await worker.close();
});

/** The pool, and how many pages of memory each of its statements looks at: no clock, the same on every machine. */
function pagesRead(engine: Pool): { readonly pool: Pool; readonly pages: number[] } {
  const pages: number[] = [];
  const query = async (asked: string | QueryConfig): Promise<unknown> => {
    const { text, values = [] } = typeof asked === 'string' ? { text: asked } : asked;
    const client = await engine.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
        `explain (analyze, buffers, format json) ${text}`,
        [...values],
      );
      await client.query('rollback');
      const plan = rows[0]?.['QUERY PLAN'][0].Plan;
      pages.push((plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0));
    } finally {
      client.release();
    }
    return engine.query(asked);
  };
  return { pool: Object.assign(Object.create(engine) as Pool, { query }), pages };
}
