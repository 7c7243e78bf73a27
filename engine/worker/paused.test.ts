import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Priority } from '#engine/graph/statuses.js';
import { workerBench, type BenchOrganization, type WorkerBench } from '#tests/support/worker.js';
import { FIRST } from './admission.js';
import { queryOf, sharedQuery } from './query.js';
import { startRun } from './startRun.js';

/** What has not begun when its department is paused begins when that goes on, whoever started it. */
let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
});
afterEach(() => bench.stopWorkers());
afterAll(() => bench.close());

async function queued(
  bakery: BenchOrganization,
  count: number,
  options: { priority?: Priority; departmentId?: string } = {},
): Promise<string[]> {
  const { departmentId = bakery.departmentId, ...more } = options;
  const versionId = await bakery.publish([
    ['start', 'trigger.manual'],
    ['step', 'test.gate'],
  ]);
  const ids = Array.from({ length: count }, () => uuidv7());
  const [query, vault] = [sharedQuery(queryOf(bench.db.engine)), await bench.vaultOf(bakery.id)];
  const run = { organizationId: bakery.id, versionId, conversationId: null, triggerNode: 'start', input: {} };
  for (const id of ids) await startRun(query, vault, { ...run, id, departmentId, ...more });
  return ids;
}
const asOrganization = (bakery: BenchOrganization, text: string, values: string[]) =>
  bench.db.withOrganization(bakery.id, (trx) => trx.raw(text, values));
const set = (bakery: BenchOrganization, status: string) =>
  asOrganization(bakery, 'update platform.departments set status = ? where id = ?', [status, bakery.departmentId]);
const statuses = async (ids: readonly string[]): Promise<string[]> =>
  (await bench.rows<{ status: string }>('select status from platform.runs where id = any($1) order by id', [ids])).map(
    ({ status }) => status,
  );
const all = (ids: readonly string[], status: string) =>
  vi.waitFor(async () => expect(new Set(await statuses(ids))).toEqual(new Set([status])), 60_000);
/** Resolves when none of them can begin before its department goes on. */
const held = (ids: readonly string[]) =>
  vi.waitFor(
    async () =>
      expect(
        await bench.rows(
          `select id from platform.runs where id = any($1) and not (held and status = 'queued' and admitted_at is null)`,
          [ids],
        ),
      ).toEqual([]),
    60_000,
  );

test('runs that wait for room, or stand on the queue, stay; what has begun ends; all go on in their order', async () => {
  const bakery = await bench.organization();
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  const ids = await queued(bakery, 30);
  // Two of them, so that what the first has no room for goes to the queue.
  await bench.startWorker({ concurrency: FIRST, sweepMs: 100 });
  await bench.startWorker({ concurrency: FIRST, sweepMs: 100 });
  await vi.waitFor(() => expect(bench.gate.waiting.length).toBeGreaterThanOrEqual(before + FIRST), 60_000);
  await set(bakery, 'paused');
  bench.gate.open();
  const begun = async () =>
    (
      await bench.rows<{ id: string }>('select id from platform.runs where id = any($1) and started_at is not null', [
        ids,
      ])
    ).map(({ id }) => id);
  await vi.waitFor(async () => expect(new Set(await statuses(await begun()))).toEqual(new Set(['succeeded'])), 60_000);
  const first = new Set(await begun());
  const rest = ids.filter((id) => !first.has(id));
  expect(rest.length).toBeGreaterThan(0);
  await held(rest);
  expect(new Set(await begun())).toEqual(first);
  // One, with less to do than the first few of an organization, takes runs one after the other: two at once each take what the other does not, at the same moment.
  await bench.stopWorkers();
  const alone = await bench.startWorker({ concurrency: 1, sweepMs: 100 });
  await vi.waitFor(() => expect(alone.hindrance()).toBeNull(), 60_000);
  await set(bakery, 'active');
  await all(ids, 'succeeded');
  const order = await bench.rows<{ id: string }>(
    'select id from platform.runs where id = any($1) order by admitted_at, id',
    [rest],
  );
  expect(order.map(({ id }) => id)).toEqual(rest);
  expect(bench.gate.waiting.slice(before).sort()).toEqual([...ids].sort());
});

test('whoever stands behind them does not wait: another department of the organization, of whatever priority', async () => {
  const bakery = await bench.organization();
  const stopped = await queued(bakery, 40, { priority: 'high' });
  await set(bakery, 'paused');
  const other = uuidv7();
  await asOrganization(
    bakery,
    `insert into platform.departments (id, organization_id, name, type, status, draft)
     select ?, organization_id, 'Marketing', type, 'active', draft from platform.departments where id = ?`,
    [other, bakery.departmentId],
  );
  const going = await queued(bakery, 10, { priority: 'low', departmentId: other });
  await bench.startWorker({ concurrency: FIRST, sweepMs: 100 });
  await all(going, 'succeeded');
  await held(stopped);
  expect(new Set(await statuses(stopped))).toEqual(new Set(['queued']));
  await set(bakery, 'active');
  await all(stopped, 'succeeded');
});

test('a rehearsal goes on, and so does what had begun before; what is canceled meanwhile never begins', async () => {
  const bakery = await bench.organization();
  const [rehearsal = '', begun = '', canceled = '', left = ''] = await queued(bakery, 4);
  await bench.rows('update platform.runs set rehearsal = true where id = $1', [rehearsal]);
  await bench.rows('update platform.runs set started_at = now(), attempts = 1 where id = $1', [begun]);
  await set(bakery, 'paused');
  await bench.startWorker({ sweepMs: 100 });
  await all([rehearsal, begun], 'succeeded');
  await held([canceled, left]);
  await bench.rows(`update platform.runs set status = 'canceled', finished_at = now() where id = $1`, [canceled]);
  await set(bakery, 'active');
  await all([left], 'succeeded');
  expect(await statuses([canceled])).toEqual(['canceled']);
  expect(bench.gate.waiting).not.toContain(canceled);
});

test('what is held when its department is let go, or written down for it in that very moment, ends', async () => {
  const bakery = await bench.organization();
  const ids = await queued(bakery, 3);
  await set(bakery, 'paused');
  await asOrganization(bakery, 'update platform.departments set dismissed_at = now() where id = ?', [
    bakery.departmentId,
  ]);
  const before = bench.gate.waiting.length;
  await bench.startWorker({ sweepMs: 100 });
  // Its first look for what is to end may have come before it held them, and the next one is a minute away; another worker's is now.
  const open = `select id from platform.runs where id = any($1) and status = 'queued' and not held`;
  await vi.waitFor(async () => expect(await bench.rows(open, [ids])).toEqual([]), 60_000);
  await bench.startWorker({ sweepMs: 100 });
  await all(ids, 'canceled');
  expect(bench.gate.waiting).toHaveLength(before);
});
