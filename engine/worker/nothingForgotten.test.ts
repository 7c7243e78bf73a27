import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { messagesDelivery, wamid } from '#tests/support/meta/deliveries.js';
import { workerBench, type WorkerBench } from '#tests/support/worker.js';

const A_LONG_TIME = 3_600_000;
const CUSTOMERS = 6;
/** No more than WhatsApp lets us answer one customer at once, should each have an answer of its own. */
const MESSAGES = 10;

let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
  // Nobody looks for what was forgotten: whatever falls between the end of a run and the next message stays there.
  await bench.startWorker({ sweepMs: A_LONG_TIME });
});
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
