import { afterAll, beforeAll, expect, test, vi } from 'vitest';
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
