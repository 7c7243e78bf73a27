import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { armFailpoints } from '#db/failpoint.js';
import { messagesDelivery, wamid } from '#tests/support/meta/deliveries.js';
import { workerBench, type BenchOrganization, type WorkerBench } from '#tests/support/worker.js';
import { noticeAnswer } from './conversation/resumeRun.js';
import type { RunningWorker } from './main.js';
import { transact, transaction, type TransactionQuery, type WorkQuery } from './query.js';

const A_LONG_TIME = 3_600_000;
const CUSTOMERS = 6;
/** No more than WhatsApp lets us answer one customer at once, should each have an answer of its own. */
const MESSAGES = 10;

let bench: WorkerBench;
let worker: RunningWorker;
beforeAll(async () => {
  bench = await workerBench();
  // Nobody looks for what was forgotten: whatever falls between the end of a run and the next message stays there.
  worker = await bench.startWorker({ sweepMs: A_LONG_TIME });
});
afterEach(() => armFailpoints(() => undefined));
afterAll(() => bench.close());

test('every message that meets the end of a run is answered, once', async () => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['reply', 'channel.send', { text: '{{ trigger.text }}' }],
  ]);
  const customers = Array.from({ length: CUSTOMERS }, (_, index) => `558190000000${index}`);
  const said = customers.map((from) => Array.from({ length: MESSAGES }, (_, index) => `${from} m${index}`));
  // Each is on its way while the answer to those before it ends.
  await Promise.all(
    customers.map(async (from, index) => {
      for (const text of said[index] ?? []) await bakery.write(text, { from });
    }),
  );
  const answered = (): string[] =>
    bench.graph
      .sent()
      .filter((request) => request.phoneNumberId === bakery.phoneNumberId)
      .flatMap((request) => (request.body['text'] as { body: string }).body.split('\n'));
  await vi.waitFor(() => expect(answered().length).toBeGreaterThanOrEqual(CUSTOMERS * MESSAGES), 60_000);
  expect(answered().toSorted()).toEqual(said.flat().toSorted());
}, 90_000);

test('a row of messages longer than one job takes in is taken in to its end, however it is announced', async () => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['gate', 'test.gate'],
    ['reply', 'channel.send', { text: '{{ trigger.text }}' }],
  ]);
  bench.gate.shut();
  const stored: string[] = [];
  for (let index = 0; index < 45; index++) {
    const message = { id: wamid(), type: 'text', text: { body: `m${index}` } };
    stored.push(...(await bench.store(messagesDelivery({ phoneNumberId: bakery.phoneNumberId }, [message]))));
  }
  // Only the last is announced: the others come before it.
  await bench.queues.add('inbound', { eventId: stored.at(-1) ?? '' });
  await vi.waitFor(async () => {
    const open = await bench.rows('select id from platform.inbound_events where processed_at is null');
    expect(open).toEqual([]);
  }, 60_000);
  bench.gate.open();
  const answered = (): string[] =>
    bench.graph
      .sent()
      .filter((request) => request.phoneNumberId === bakery.phoneNumberId)
      .flatMap((request) => (request.body['text'] as { body: string }).body.split('\n'));
  await vi.waitFor(() => expect(answered()).toEqual(stored.map((_, index) => `m${index}`)), 60_000);
}, 150_000);

test('what travels with a commit is kept or undone with it, and what is asked behind it sees it', async () => {
  const { engine } = bench.db;
  const write = 'insert into platform.workers (id, epoch, alive) values ($1, 1, false) returning id';
  const kept = () => bench.rows(`select id from platform.workers where id in ('travels', 'falls', 'hides')`);
  const count = (query: WorkQuery) => query('select 1 from platform.workers where id = any($1)', [['travels']]);

  let answered: unknown[] = [];
  const work = async (query: TransactionQuery): Promise<void> => {
    void query.lastly(write, ['travels']).then((rows) => (answered = rows));
  };
  const { behind } = await transact(engine, work, count);
  expect([answered, (await behind).length]).toEqual([[{ id: 'travels' }], 1]);

  const failing = async (query: TransactionQuery): Promise<void> => {
    await query(write, ['falls']);
    void query.lastly('select 1 / $1::int', [0]);
  };
  await expect(transact(engine, failing, count)).rejects.toThrow('division by zero');
  // Nor does a failure that the work keeps to itself pass for a commit.
  const hiding = async (query: TransactionQuery): Promise<void> => {
    await query(write, ['hides']);
    await query('select 1 / $1::int', [0]).catch(() => {});
  };
  await expect(transact(engine, hiding, count)).rejects.toThrow('had failed');
  expect(await kept()).toEqual([{ id: 'travels' }]);
});

/** Somebody is asked, and what they say is passed on. */
const asking = (trigger: string, of: string, last: [string, string, object]): [string, string, object?][] => [
  ['start', trigger],
  ['ask', 'human.ask', { question: 'Pra quando?', of }],
  last,
];
/** Who is asked in a run, how it starts and how they answer. */
const asked: Record<string, (bakery: BenchOrganization) => Promise<{ readonly answer: () => Promise<unknown> }>> = {
  'a customer': async (bakery) => {
    await bakery.publish(asking('trigger.whatsapp', 'contact', ['reply', 'channel.send', { text: 'Certo.' }]));
    await bakery.write('quero um bolo');
    return { answer: () => bakery.write('sábado') };
  },
  'a member, in a run of no conversation': async (bakery) => {
    const id = uuidv7();
    const values = [{ name: 'said', value: 'yes' }];
    const versionId = await bakery.publish(asking('trigger.manual', 'member', ['last', 'data.set', { values }]));
    await bench.rows(
      `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input) values ($1, $2, $3, $4, 'start', '{}')`,
      [id, bakery.id, bakery.departmentId, versionId],
    );
    worker.admission.wake(bakery.id);
    const answer = async (): Promise<void> => {
      await transaction(bench.db.engine, async (query) => {
        await query(`update platform.waits set answer = '{"text":"x"}', answered_at = now() where run_id = $1`, [id]);
        await noticeAnswer(query, id);
      });
      worker.admission.wake(bakery.id);
    };
    return { answer };
  },
};

test.each(Object.keys(asked))(
  'an answer of %s that comes before the worker has let go of the run that asked wakes it all the same',
  async (who) => {
    const bakery = await bench.organization();
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const resting = new Promise<void>((resolve) =>
      armFailpoints((name) => {
        if (name !== 'run.settle.before') return undefined;
        resolve();
        return held;
      }),
    );
    const runs = () =>
      bench.rows('select status, admitted_at is not null as given from platform.runs where organization_id = $1', [
        bakery.id,
      ]);
    try {
      const { answer } = (await asked[who]?.(bakery)) ?? {};
      await resting;
      expect(await runs()).toEqual([{ status: 'waiting', given: true }]);
      await answer?.();
      // The worker has taken it once more, and has it still.
      await vi.waitFor(async () => expect(await runs()).not.toMatchObject([{ status: 'waiting' }]), 60_000);
      await vi.waitFor(async () => expect(await runs()).toMatchObject([{ given: true }]), 60_000);
      await runs();
    } finally {
      armFailpoints(() => undefined);
      letGo();
    }
    // Long before anybody would look for what was forgotten.
    await vi.waitFor(async () => expect(await runs()).toMatchObject([{ status: 'succeeded' }]), 10_000);
  },
);
