import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { armFailpoints, type Failpoint } from '#db/failpoint.js';
import type { Priority } from '#engine/graph/statuses.js';
import { registerWorker } from '#engine/run/lease.js';
import { workerBench, type BenchOrganization, type WorkerBench } from '#tests/support/worker.js';
import { FIRST } from './admission.js';
import { runToStart } from './conversation/nextRun.js';
import { standingOf } from './conversation/standing.js';
import { createVersions } from './department.js';
import { queryOf, sharedQuery, transaction } from './query.js';
import { startRun } from './startRun.js';

/** What has not begun when its department is paused begins when that goes on, whoever started it. */
let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
});
afterEach(async () => {
  armFailpoints(() => undefined);
  await bench.stopWorkers();
});
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

/** Pauses it the first time that somebody comes to this place once `isDue` holds: in the very moment before what is done there. */
function pauseAt(bakery: BenchOrganization, place: Failpoint, isDue: () => Promise<boolean>): Promise<void> {
  let pausing: Promise<unknown> | null = null;
  return new Promise<void>((resolve) =>
    armFailpoints((name) => {
      if (name !== place) return undefined;
      return (async () => {
        if (!(await isDue())) return;
        await (pausing ??= set(bakery, 'paused').then(() => resolve()));
      })();
    }),
  );
}
const always = (): Promise<boolean> => Promise.resolve(true);
const wrote = (bakery: BenchOrganization) =>
  bench.rows<{ status: string; begun: boolean; taken: boolean }>(
    `select status, started_at is not null as begun, exists (select 1 from platform.messages m where m.answered_by = r.id) as taken
     from platform.runs r where organization_id = $1 order by id`,
    [bakery.id],
  );
const statusesOf = async (bakery: BenchOrganization) => (await wrote(bakery)).map(({ status }) => status);
const answers: [string, string, object?][] = [
  ['start', 'trigger.whatsapp', {}],
  ['step', 'test.gate'],
  ['reply', 'channel.send', { text: '{{ trigger.text }}' }],
];
const said = (bakery: BenchOrganization): string[] =>
  bench.graph
    .sent()
    .filter((request) => request.phoneNumberId === bakery.phoneNumberId)
    .map((request) => (request.body['text'] as { body: string }).body);

test('a pause between the moment in which a run is read and that in which it is claimed holds it back', async () => {
  const bakery = await bench.organization();
  const [id = ''] = await queued(bakery, 1);
  await bench.rows('update platform.runs set admitted_at = now() where id = $1', [id]);
  const paused = pauseAt(bakery, 'claim.commit.before', always);
  await bench.startWorker({ sweepMs: 100 });
  await bench.queues.add('run', { runId: id, organizationId: bakery.id });
  await paused;
  await held([id]);
  expect(bench.gate.waiting).not.toContain(id);
  await set(bakery, 'active');
  await all([id], 'succeeded');
});

test('so it does once the messages that it answers are taken: they wait, and are answered once when the department goes on', async () => {
  const bakery = await bench.organization();
  await bakery.publish(answers, { burstWindowMs: 200 });
  const before = bench.gate.waiting.length;
  const taken = async (): Promise<boolean> => (await wrote(bakery)).some(({ taken: has }) => has);
  const paused = pauseAt(bakery, 'claim.commit.before', taken);
  await bench.startWorker({ sweepMs: 100 });
  await bakery.write('tem pão?');
  await paused;
  const aside = { status: 'canceled', begun: false, taken: false };
  await vi.waitFor(async () => expect(await wrote(bakery)).toEqual([aside]), 60_000);
  await bakery.write('de queijo');
  await set(bakery, 'active');
  await vi.waitFor(() => expect(said(bakery)).toEqual(['tem pão?\nde queijo']), 60_000);
  expect(bench.gate.waiting).toHaveLength(before + 1);
});

test('and once whoever took them is gone: what it had taken is not lost with the run', async () => {
  const bakery = await bench.organization();
  await bakery.publish(answers, { burstWindowMs: 200 });
  let died = false;
  armFailpoints((name) => {
    if (name !== 'claim.commit.before') return undefined;
    return (async () => {
      if (died || !(await wrote(bakery)).some(({ taken }) => taken)) return;
      died = true;
      throw new Error('The worker died');
    })();
  });
  await bench.startWorker({ sweepMs: 100 });
  await bakery.write('tem pão?');
  await vi.waitFor(() => expect(died).toBe(true), 60_000);
  await set(bakery, 'paused');
  await bench.rows(`update platform.runs set admitted_at = now() - interval '1 minute' where organization_id = $1`, [
    bakery.id,
  ]);
  const aside = { status: 'canceled', begun: false, taken: false };
  await vi.waitFor(async () => expect(await wrote(bakery)).toEqual([aside]), 60_000);
  await set(bakery, 'active');
  await vi.waitFor(() => expect(said(bakery)).toEqual(['tem pão?']), 60_000);
});

test('and where it would begin as it is written down: whoever looked before the pause does not begin it after', async () => {
  const bakery = await bench.organization();
  await bakery.publish(answers);
  await set(bakery, 'paused');
  await bench.startWorker();
  await bakery.write('tem pão?');
  const [conversation] = await vi.waitFor(async () => {
    const rows = await bench.rows<{ id: string }>(
      `select conversation_id as id from platform.messages where organization_id = $1`,
      [bakery.id],
    );
    expect(rows).toHaveLength(1);
    return rows;
  }, 60_000);
  await bench.stopWorkers();
  await set(bakery, 'active');
  const { engine } = bench.db;
  const standing = await transaction(engine, (query) => standingOf(query, conversation?.id ?? ''));
  if (!standing) throw new Error('The conversation is gone');
  const claim = { lease: await registerWorker(engine, { id: 'looked-before' }), share: 10 };
  const begin = () =>
    transaction(engine, async (query) => {
      const start = await runToStart(query, createVersions(), standing, { burst: 'now', claim });
      return start?.begin(query) ?? null;
    });
  await set(bakery, 'paused');
  expect(await begin()).toMatchObject({ prepared: null });
  expect(await wrote(bakery)).toEqual([{ status: 'queued', begun: false, taken: false }]);
  await bench.startWorker();
  await vi.waitFor(async () => expect(await statusesOf(bakery)).toEqual(['canceled']), 60_000);
  await set(bakery, 'active');
  await vi.waitFor(() => expect(said(bakery)).toEqual(['tem pão?']), 60_000);
  await claim.lease.release();
});
