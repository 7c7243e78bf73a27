import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { armFailpoints } from '#db/failpoint.js';
import { sketch } from '#tests/support/engine/graph.js';
import { workerBench, type BenchOrganization, type WorkerBench } from '#tests/support/worker.js';

/** A run fails on a customer, who writes on before anybody could be asked to carry on: what they write is that person's. */
let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
});
let go = (): void => {};
afterEach(async () => {
  go();
  armFailpoints(() => undefined);
  await bench.stopWorkers();
});
afterAll(() => bench.close());

const failing: [string, string][] = [
  ['start', 'trigger.whatsapp'],
  ['gate', 'test.gate'],
  ['fail', 'test.fail'],
];
const runsOf = (bakery: BenchOrganization) =>
  bench.rows<{ id: string; status: string }>(
    'select id, status from platform.runs where organization_id = $1 order by id',
    [bakery.id],
  );
const conversation = async (bakery: BenchOrganization) =>
  (
    await bench.rows<{ handler: string; waiting: number; notes: number }>(
      `select c.handler, (select count(*)::int from platform.messages m where m.conversation_id = c.id and m.direction = 'in' and m.answered_by is null) as waiting,
         (select count(*)::int from platform.messages m where m.conversation_id = c.id and m.author = 'system') as notes
       from platform.conversations c where c.organization_id = $1`,
      [bakery.id],
    )
  )[0];
const taken = (bakery: BenchOrganization, count: number) =>
  vi.waitFor(async () => {
    const rows = await bench.rows(
      `select m.id from platform.messages m join platform.inbound_events e on e.id = m.id where m.organization_id = $1 and m.direction = 'in' and e.processed_at is not null`,
      [bakery.id],
    );
    expect(rows).toHaveLength(count);
  }, 60_000);
const handedOver = (bakery: BenchOrganization) =>
  vi.waitFor(
    async () => expect(await conversation(bakery)).toEqual({ handler: 'person', waiting: 0, notes: 1 }),
    60_000,
  );
const sorry = (bakery: BenchOrganization): number =>
  bench.graph.sent().filter((request) => request.phoneNumberId === bakery.phoneNumberId).length;

/** Keeps every run that has come to rest from being looked after, until it is told to go on. */
function holdSettling(): Promise<void> {
  const gone = new Promise<void>((resolve) => (go = resolve));
  return new Promise<void>((resolve) =>
    armFailpoints((name) => {
      if (name !== 'run.settle.before') return undefined;
      resolve();
      return gone;
    }),
  );
}

test.each([1, 3])('%i messages between the failure and the hand-over start no run', async (count) => {
  const bakery = await bench.organization();
  await bakery.publish(failing);
  const settling = holdSettling();
  await bench.startWorker();
  await bakery.write('tem pão?');
  await settling;
  for (let index = 0; index < count; index += 1) await bakery.write(`alô? ${index}`);
  await taken(bakery, 1 + count);
  expect(await runsOf(bakery)).toMatchObject([{ status: 'failed' }]);
  go();
  await handedOver(bakery);
  expect(await runsOf(bakery)).toHaveLength(1);
  expect(sorry(bakery)).toBe(1);
});

test('nor while nobody is there to hand it over: whoever comes does, however late', async () => {
  const bakery = await bench.organization();
  await bakery.publish(failing);
  let died = false;
  armFailpoints((name) => {
    if (name !== 'run.settle.before' || died) return undefined;
    died = true;
    return Promise.reject(new Error('The worker died'));
  });
  await bench.startWorker({ sweepMs: 3_600_000 });
  await bakery.write('tem pão?');
  await vi.waitFor(async () => expect(await runsOf(bakery)).toMatchObject([{ status: 'failed' }]), 60_000);
  await vi.waitFor(() => expect(died).toBe(true), 60_000);
  await bakery.write('alô?');
  await taken(bakery, 2);
  expect(await runsOf(bakery)).toHaveLength(1);
  // After an outage of hours: an apology would only puzzle, and the person is asked all the same.
  await bench.rows(`update platform.runs set finished_at = now() - interval '2 hours' where organization_id = $1`, [
    bakery.id,
  ]);
  await bench.startWorker();
  await handedOver(bakery);
  expect(await runsOf(bakery)).toHaveLength(1);
  expect(sorry(bakery)).toBe(0);
});

test('a run that undoes what it had done has failed: a message that comes then does not begin it anew', async () => {
  const bakery = await bench.organization();
  await bakery.publish(
    sketch(
      [
        'start:trigger.whatsapp',
        ['note:data.set', { config: { values: [] }, compensateWith: 'back' }],
        'fail:test.fail',
        'back:test.gate',
      ],
      'start.message>note note>fail',
    ),
  );
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  await bench.startWorker();
  await bakery.write('tem pão?');
  await vi.waitFor(() => expect(bench.gate.waiting.length).toBe(before + 1), 60_000);
  await bakery.write('alô?');
  await taken(bakery, 2);
  bench.gate.open();
  await handedOver(bakery);
  expect(await runsOf(bakery)).toMatchObject([{ status: 'failed' }]);
  const undone = await bench.rows(
    `select s.status from platform.run_steps s join platform.runs r on r.id = s.run_id where r.organization_id = $1 and s.compensates = 'note'`,
    [bakery.id],
  );
  expect(undone).toEqual([{ status: 'succeeded' }]);
});

test('nor does another run of the conversation that had waited write between the failure and the hand-over', async () => {
  const bakery = await bench.organization();
  await bakery.publish(
    sketch(
      [
        'start:trigger.whatsapp',
        ['if:logic.if', { config: { condition: '{{ trigger.text.contains("bolo") }}' } }],
        ['later:logic.delay', { config: { amount: 1, unit: 'days' } }],
        ['remind:channel.send', { config: { text: 'Seu bolo fica pronto hoje.' } }],
        'fail:test.fail',
      ],
      'start.message>if if.yes>later later>remind if.no>fail',
    ),
  );
  const statuses = async () => (await runsOf(bakery)).map(({ status }) => status);
  await bench.startWorker();
  await bakery.write('quero um bolo');
  await vi.waitFor(async () => expect(await statuses()).toEqual(['waiting']), 60_000);
  const settling = holdSettling();
  await bakery.write('tem pão?');
  await settling;
  await bench.rows('update platform.waits set wake_at = now() where organization_id = $1', [bakery.id]);
  await vi.waitFor(async () => expect(await statuses()).toEqual(['succeeded', 'failed']), 60_000);
  expect(sorry(bakery)).toBe(0);
  go();
  await handedOver(bakery);
  // The one sentence that a person comes.
  expect(sorry(bakery)).toBe(1);
});

test('whatever customers write and whenever, nothing begins after a failure and nobody is left without an answer or a person', async () => {
  const bakery = await bench.organization();
  await bakery.publish(
    sketch(
      [
        'start:trigger.whatsapp',
        ['if:logic.if', { config: { condition: '{{ trigger.text.contains("x") }}' } }],
        'fail:test.fail',
        ['reply:channel.send', { config: { text: '{{ trigger.text }}' } }],
      ],
      'start.message>if if.yes>fail if.no>reply',
    ),
  );
  await bench.startWorker();
  await bench.startWorker();
  const customers = Array.from({ length: 60 }, (_, index) => `55819${60_000_000 + index}`);
  const random = (below: number): number => Math.floor(Math.random() * below);
  const written: string[] = [];
  await Promise.all(
    customers.map(async (from) => {
      for (let count = 1 + random(4); count > 0; count -= 1) {
        const text = `${random(3) === 0 ? 'x' : 'a'}${written.length}`;
        written.push(text);
        await bakery.write(text, { from });
        for (let turns = random(200); turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
      }
    }),
  );
  await taken(bakery, written.length);
  await vi.waitFor(async () => {
    const open = await bench.rows(
      `select id from platform.runs where organization_id = $1 and (status in ('queued', 'running') or unattended)
       union all select id from platform.messages where organization_id = $1 and direction = 'in' and answered_by is null`,
      [bakery.id],
    );
    expect(open).toEqual([]);
  }, 60_000);
  const late = await bench.rows(
    `select r.id from platform.runs f join platform.runs r on r.conversation_id = f.conversation_id and r.created_at > f.finished_at
     where f.organization_id = $1 and f.status = 'failed'`,
    [bakery.id],
  );
  expect(late).toEqual([]);
  const odd = await bench.rows(
    `select c.id from platform.conversations c where c.organization_id = $1 and
       (c.handler = 'person') is distinct from exists (select 1 from platform.runs r where r.conversation_id = c.id and r.status = 'failed')`,
    [bakery.id],
  );
  expect(odd).toEqual([]);
});

test('once it is given back, the team answers again', async () => {
  const bakery = await bench.organization();
  await bakery.publish(failing);
  await bench.startWorker();
  await bakery.write('tem pão?');
  await handedOver(bakery);
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['reply', 'channel.send', { text: 'Tem sim.' }],
  ]);
  await bench.rows(`update platform.conversations set handler = 'team' where organization_id = $1`, [bakery.id]);
  await bakery.write('e agora?');
  await vi.waitFor(
    async () => expect((await runsOf(bakery)).map(({ status }) => status)).toEqual(['failed', 'succeeded']),
    60_000,
  );
});
