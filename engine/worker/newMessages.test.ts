import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { armFailpoints } from '#db/failpoint.js';
import { messagesDelivery, wamid } from '#tests/support/meta/deliveries.js';
import { unreadable, workerBench, type BenchOrganization, type WorkerBench } from '#tests/support/worker.js';

/** What a customer writes while others of their messages are at every stage of being answered: each is answered, and no one twice. */
let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
  await bench.startWorker({ drainMs: 0 });
  await bench.startWorker({ drainMs: 0 });
});
afterEach(() => armFailpoints(() => undefined));
afterAll(() => bench.close());

const echo = (config: object = {}): [string, string, object?][] => [
  ['start', 'trigger.whatsapp', config],
  ['gate', 'test.gate'],
  ['reply', 'channel.send', { text: '{{ trigger.text }}' }],
];
/** Answers as the channel got them, each a list of the messages that it answers. */
const answers = (bakery: BenchOrganization): string[][] =>
  bench.graph
    .sent()
    .filter((request) => request.phoneNumberId === bakery.phoneNumberId)
    .map((request) => (request.body['text'] as { body: string }).body.split('\n'));
const runsOf = (bakery: BenchOrganization) =>
  bench.rows<{ id: string; status: string; code: string | null; supersededBy: string | null }>(
    `select id, status, error ->> 'code' as code, superseded_by as "supersededBy" from platform.runs where organization_id = $1 order by id`,
    [bakery.id],
  );
const taken = (bakery: BenchOrganization, count: number) =>
  vi.waitFor(async () => {
    const rows = await bench.rows(
      `select m.id from platform.messages m join platform.inbound_events e on e.id = m.id where m.organization_id = $1 and e.processed_at is not null`,
      [bakery.id],
    );
    expect(rows).toHaveLength(count);
  }, 60_000);
const quiet = (bakery: BenchOrganization) =>
  vi.waitFor(async () => {
    const open = await bench.rows(
      `select id::text from platform.inbound_events where processed_at is null
       union all select id::text from platform.runs where organization_id = $1 and status in ('queued', 'running')
       union all select id::text from platform.messages where organization_id = $1 and direction = 'in' and answered_by is null`,
      [bakery.id],
    );
    expect(open).toEqual([]);
  }, 60_000);
const atGate = (runs: number) =>
  vi.waitFor(() => expect(bench.gate.waiting.length).toBeGreaterThanOrEqual(runs), 60_000);
const sendingOf = (bakery: BenchOrganization): number =>
  bench.graph.log.filter((entry) => entry.phoneNumberId === bakery.phoneNumberId && entry.body['type'] === 'text')
    .length;

test('a message that comes while the department thinks is answered together with the one before', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo());
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  await bakery.write('um bolo');
  await atGate(before + 1);
  await bakery.write('de cenoura');
  await atGate(before + 2);
  bench.gate.open();
  await quiet(bakery);
  expect(answers(bakery)).toEqual([['um bolo', 'de cenoura']]);
  const [first, second] = await runsOf(bakery);
  expect(first).toMatchObject({ status: 'canceled', code: 'superseded', supersededBy: second?.id });
  expect(second).toMatchObject({ status: 'succeeded', code: null });
});

test('an answer that workers may be dying of is not begun anew: whoever goes on writing would keep it at that', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo());
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  await bakery.write('um bolo');
  await atGate(before + 1);
  await bench.rows('update platform.runs set deaths = 3 where organization_id = $1', [bakery.id]);
  await bakery.write('de cenoura');
  await taken(bakery, 2);
  expect(await runsOf(bakery)).toMatchObject([{ status: 'running' }]);
  bench.gate.open();
  await quiet(bakery);
  expect(answers(bakery)).toEqual([['um bolo'], ['de cenoura']]);
});

test('a trigger may ask for one answer after the other', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo({ onNewMessage: 'queue' }));
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  await bakery.write('um bolo');
  await atGate(before + 1);
  await bakery.write('de cenoura');
  await taken(bakery, 2);
  bench.gate.open();
  await quiet(bakery);
  expect(answers(bakery)).toEqual([['um bolo'], ['de cenoura']]);
});

test('once the answer is on its way, the next message has one of its own, which knows what was said', async () => {
  const bakery = await bench.organization();
  await bakery.publish([
    ...echo().slice(0, 2),
    ['reply', 'channel.send', { text: '{{ trigger.text }}' }],
    ['look', 'test.history'],
  ]);
  bench.graph.latencyMs = 400;
  const before = bench.seen.length;
  await bakery.write('um bolo');
  await vi.waitFor(() => expect(sendingOf(bakery)).toBe(1), 60_000);
  await bakery.write('de cenoura');
  await taken(bakery, 2);
  bench.graph.latencyMs = 0;
  await quiet(bakery);
  expect(answers(bakery)).toEqual([['um bolo'], ['de cenoura']]);
  expect(bench.seen.slice(before).at(-1)).toEqual(['contact: um bolo', 'team: um bolo']);
});

test('somebody who writes without end is answered all the same', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo());
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  for (let index = 1; index <= 7; index += 1) {
    await bakery.write(`m${index}`);
    await taken(bakery, index);
    await atGate(before + Math.min(index, 4));
  }
  bench.gate.open();
  await quiet(bakery);
  expect(answers(bakery)).toEqual([
    ['m1', 'm2', 'm3', 'm4'],
    ['m5', 'm6', 'm7'],
  ]);
});

test('the second of two quick answers to one question has a run of its own', async () => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['ask', 'human.ask', { question: 'Pra quando?' }],
    ['reply', 'channel.send', { text: 'Anotado: {{ steps.ask.text }}' }],
  ]);
  await bakery.write('quero um bolo');
  await vi.waitFor(async () => expect(await runsOf(bakery)).toMatchObject([{ status: 'waiting' }]), 60_000);
  const now = Math.floor(Date.now() / 1000);
  await Promise.all([
    bakery.write('sábado', { timestamp: now - 1 }),
    bakery.write('sábado à tarde', { timestamp: now }),
  ]);
  await vi.waitFor(() => expect(answers(bakery)).toHaveLength(3), 60_000);
  await vi.waitFor(
    async () => expect((await runsOf(bakery)).map((run) => run.status)).toEqual(['succeeded', 'waiting']),
    60_000,
  );
  const [question, noted, again] = answers(bakery);
  expect([question, again]).toEqual([['Pra quando?'], ['Pra quando?']]);
  expect(noted?.[0]).toMatch(/^Anotado: sábado/);
});

test('what was here before a question was asked is no answer to it, whenever it is taken in', async () => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['gate', 'test.gate'],
    ['ask', 'human.ask', { question: '{{ trigger.text }}: pra quando?' }],
    ['reply', 'channel.send', { text: 'Anotado: {{ steps.ask.text }}' }],
  ]);
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  await bakery.write('um bolo');
  await atGate(before + 1);
  const { phoneNumberId } = bakery;
  const events = await bench.store(
    messagesDelivery({ phoneNumberId }, [{ id: wamid(), type: 'text', text: { body: 'e dez pães' } }]),
  );
  bench.gate.open();
  await vi.waitFor(async () => expect(await runsOf(bakery)).toMatchObject([{ status: 'waiting' }]), 60_000);
  await bench.queues.addMany(
    'inbound',
    events.map((eventId) => ({ eventId })),
  );
  await vi.waitFor(
    async () => expect(await runsOf(bakery)).toMatchObject([{ status: 'waiting' }, { status: 'waiting' }]),
    60_000,
  );
  await bakery.write('sábado');
  await vi.waitFor(
    async () => expect(await runsOf(bakery)).toMatchObject([{ status: 'succeeded' }, { status: 'waiting' }]),
    60_000,
  );
  expect(answers(bakery)).toEqual([['um bolo: pra quando?'], ['e dez pães: pra quando?'], ['Anotado: sábado']]);
});

test('what comes once a question is on its way is the answer to it, also before it is on record that it was asked', async () => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['ask', 'human.ask', { question: '{{ trigger.text }}: pra quando?' }],
    ['reply', 'channel.send', { text: 'Anotado: {{ steps.ask.text }}' }],
  ]);
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  // The channel has the question, and the worker is slow to hear of it.
  armFailpoints((name) => (name === 'outbound.call.after' && sendingOf(bakery) === 1 ? held : undefined));
  await bakery.write('um bolo');
  await vi.waitFor(() => expect(answers(bakery)).toEqual([['um bolo: pra quando?']]), 60_000);
  await bakery.write('sábado');
  await bakery.write('à tarde', { timestamp: Math.floor(Date.now() / 1000) + 1 });
  await taken(bakery, 3);
  letGo();
  await vi.waitFor(
    async () => expect((await runsOf(bakery)).map(({ status }) => status)).toEqual(['succeeded', 'waiting']),
    60_000,
  );
  expect(answers(bakery)).toEqual([['um bolo: pra quando?'], ['Anotado: sábado'], ['à tarde: pra quando?']]);
});

test('what is written while the department is paused is answered when it goes on, unless it is too old by then', async () => {
  const [bakery, other] = [await bench.organization(), await bench.organization()];
  const set = (status: string) =>
    Promise.all(
      [bakery, other].map(({ id }) =>
        bench.db.withOrganization(id, (trx) => trx.raw('update platform.departments set status = ?', [status])),
      ),
    );
  await bakery.publish(echo());
  await other.publish(echo());
  await set('paused');
  await bakery.write('tem pão?');
  await bakery.write('de forma');
  await other.write('tem pão?');
  await taken(bakery, 2);
  await taken(other, 1);
  // Past what the sweeper takes for forgotten, and for one of them past what is still answered.
  await bench.rows(`update platform.messages set created_at = now() - interval '11 hours' where organization_id = $1`, [
    bakery.id,
  ]);
  await bench.rows(`update platform.messages set created_at = now() - interval '13 hours' where organization_id = $1`, [
    other.id,
  ]);
  await set('active');
  await quiet(bakery);
  await quiet(other);
  expect(answers(bakery)).toEqual([['tem pão?', 'de forma']]);
  expect(answers(other)).toEqual([]);
  expect(await bench.rows('select handler from platform.conversations where organization_id = $1', [other.id])).toEqual(
    [{ handler: 'person' }],
  );
});

test('an answer that has not begun when its department is paused is given when it goes on, with what came since', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo({ burstSeconds: 3 }));
  const set = (status: string) =>
    bench.db.withOrganization(bakery.id, (trx) => trx.raw('update platform.departments set status = ?', [status]));
  await bakery.write('tem pão?');
  await taken(bakery, 1);
  await set('paused');
  await bakery.write('de forma');
  await taken(bakery, 2);
  await vi.waitFor(async () => expect(await runsOf(bakery)).toMatchObject([{ status: 'canceled' }]), 60_000);
  expect(answers(bakery)).toEqual([]);
  await set('active');
  // Past what the sweeper takes for forgotten.
  await bench.rows(`update platform.messages set created_at = now() - interval '1 minute' where organization_id = $1`, [
    bakery.id,
  ]);
  await quiet(bakery);
  expect(answers(bakery)).toEqual([['tem pão?', 'de forma']]);
});

test('whichever is announced first, what one customer wrote is taken in as they wrote it', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo({ onNewMessage: 'queue' }));
  const now = Math.floor(Date.now() / 1000) - 10;
  const wrote = (from: string, name: string, at: number) =>
    messagesDelivery({ phoneNumberId: bakery.phoneNumberId, from, timestamp: now + at }, [
      { id: wamid(), type: 'text', text: { body: name } },
    ]);
  const customers = ['5581911110001', '5581911110002', '5581911110003'];
  const ids: string[] = [];
  // Meta delivers the last first; the middle two were written in the same second and come as they were written.
  for (const [name, at] of [
    ['m4', 3],
    ['m2', 2],
    ['m3', 2],
    ['m1', 1],
  ] as const)
    for (const from of customers) ids.push(...(await bench.store(wrote(from, `${from} ${name}`, at))));
  bench.gate.open();
  await bench.queues.addMany(
    'inbound',
    ids.toReversed().map((eventId) => ({ eventId })),
  );
  await quiet(bakery);
  for (const from of customers)
    expect(
      answers(bakery)
        .flat()
        .filter((text) => text.startsWith(from)),
    ).toEqual(['m1', 'm2', 'm3', 'm4'].map((name) => `${from} ${name}`));
  expect(await bench.rows('select 1 from platform.inbound_events where sender_key is not null')).toEqual([]);
});

test('a message that cannot be taken in does not hold up the next one', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo());
  bench.gate.open();
  const message = { id: wamid(), type: 'text', text: { body: 'ilegível' } };
  const [broken] = await bench.store(messagesDelivery({ phoneNumberId: bakery.phoneNumberId }, [message]));
  await bench.rows(`update platform.inbound_events set payload = ${unreadable} where id = $1`, [broken]);
  await bakery.write('oi');
  // Before any sweep, which looks at what is older.
  await vi.waitFor(() => expect(answers(bakery)).toEqual([['oi']]), 4_000);
  const tried = await bench.rows<{ error: string }>(
    `update platform.inbound_events set processed_at = now() where id = $1 returning error`,
    [broken],
  );
  expect(tried[0]?.error).toBeTruthy();
});

const moments = ['at once', 'thinking', 'sending', 'ended'] as const;
const schedules = moments.flatMap((second) => moments.map((third) => [second, third] as const));

test.each(schedules)(
  'the second message %s, the third %s: every one is answered once, in order',
  async (...schedule) => {
    const bakery = await bench.organization();
    await bakery.publish(echo());
    const now = Math.floor(Date.now() / 1000) - 10;
    let written = 0;
    const write = () => bakery.write(`m${++written}`, { timestamp: now + written });
    const reach = async (moment: (typeof moments)[number]): Promise<void> => {
      if (moment === 'at once') return;
      const before = bench.gate.waiting.length;
      if (moment === 'thinking') {
        await taken(bakery, written);
        return void (await vi.waitFor(
          () => expect(Math.max(before, bench.gate.waiting.length)).toBeGreaterThan(0),
          15_000,
        ));
      }
      const sent = sendingOf(bakery);
      if (moment === 'sending') bench.graph.latencyMs = 150;
      bench.gate.open();
      await vi.waitFor(() => expect(sendingOf(bakery) + answers(bakery).length).toBeGreaterThan(sent), 60_000);
      if (moment === 'ended') await quiet(bakery);
      bench.gate.shut();
    };
    bench.gate.shut();
    await write();
    for (const moment of schedule) {
      await reach(moment);
      await write();
    }
    bench.gate.open();
    await quiet(bakery);
    bench.graph.latencyMs = 0;
    expect(answers(bakery).flat()).toEqual(['m1', 'm2', 'm3']);
  },
);

test('whatever the order of messages, thinking, answering and workers that leave, every message is answered once', async () => {
  const step = fc.constantFrom('write', 'write', 'open', 'shut', 'leave', 'settle');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
      const bakery = await bench.organization();
      await bakery.publish(echo(), { burstWindowMs: steps.length % 3 === 0 ? 50 : 0 });
      let written = 0;
      const all: string[] = [];
      const write = async (): Promise<void> => {
        all.push(`m${++written}`);
        await bakery.write(`m${written}`, { timestamp: Math.floor(Date.now() / 1000) - 100 + written });
      };
      await write();
      for (const each of steps) {
        if (each === 'write') await write();
        else if (each === 'open') bench.gate.open();
        else if (each === 'shut') bench.gate.shut();
        else if (each === 'settle') await taken(bakery, written);
        else {
          // At the gate nothing has left yet: whoever goes on may begin anew. The workers put down what they were at.
          await taken(bakery, written);
          await bench.stopWorkers({ gate: 'left' });
          await bench.startWorker({ drainMs: 0 });
          await bench.startWorker({ drainMs: 0 });
        }
      }
      bench.gate.open();
      await quiet(bakery);
      const uncertain = await bench.rows(
        `select 1 from platform.messages where organization_id = $1 and status = 'uncertain'`,
        [bakery.id],
      );
      // A worker that left in the very moment of sending: a person decides, and nothing is said twice.
      if (uncertain.length > 0) return expect(new Set(answers(bakery).flat()).size).toBe(answers(bakery).flat().length);
      expect(answers(bakery).flat().sort()).toEqual(all.sort());
    }),
    { numRuns: 5, endOnFailure: true },
  );
}, 240_000);
