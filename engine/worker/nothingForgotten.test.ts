import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { workerBench, type WorkerBench } from '#tests/support/worker.js';

const A_LONG_TIME = 3_600_000;
const MESSAGES = 60;

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
  const said = Array.from({ length: MESSAGES }, (_, index) => `m${index}`);
  // Each is on its way while the answer to those before it ends.
  for (const text of said) await bakery.write(text);
  const answered = (): string[] =>
    bench.graph
      .sent()
      .filter((request) => request.phoneNumberId === bakery.phoneNumberId)
      .flatMap((request) => (request.body['text'] as { body: string }).body.split('\n'));
  await vi.waitFor(() => expect(answered().length).toBeGreaterThanOrEqual(MESSAGES), 60_000);
  expect(answered().toSorted()).toEqual(said.toSorted());
}, 60_000);
