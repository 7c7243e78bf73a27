import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { textDelivery, wamid } from '#tests/support/meta/deliveries.js';
import { workerBench, type WorkerBench } from '#tests/support/worker.js';

let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
  await bench.startWorker();
});
afterAll(() => bench.close());

const echo: [string, string, object?][] = [
  ['start', 'trigger.whatsapp'],
  ['gate', 'test.gate'],
  ['reply', 'channel.send', { text: 'Você disse: {{ trigger.text }}' }],
];
const texts = (to: string): unknown[] =>
  bench.graph
    .sent()
    .filter((request) => request.phoneNumberId === to)
    .map((request) => (request.body['text'] as { body: string }).body);
const runs = (organizationId: string) =>
  bench.rows<{ id: string; status: string; error: { code: string } | null }>(
    'select id, status, error from platform.runs where organization_id = $1 order by id',
    [organizationId],
  );
const quiet = (organizationId: string) =>
  vi.waitFor(async () => {
    const open = await bench.rows(
      `select id from platform.inbound_events where processed_at is null union all select id from platform.runs where organization_id = $1 and status in ('queued', 'running')`,
      [organizationId],
    );
    expect(open).toEqual([]);
  }, 10_000);

test('the same delivery five times gives one run and one answer', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  const body = textDelivery({ phoneNumberId: bakery.phoneNumberId }, 'Tem pão?', wamid());
  await Promise.all(Array.from({ length: 5 }, () => bench.deliver(body)));
  await vi.waitFor(() => expect(texts(bakery.phoneNumberId)).toEqual(['Você disse: Tem pão?']), 10_000);
  await quiet(bakery.id);
  expect(await runs(bakery.id)).toMatchObject([{ status: 'succeeded' }]);
  expect(texts(bakery.phoneNumberId)).toHaveLength(1);
  expect(bench.graph.log.flatMap((request) => request.violations)).toEqual([]);
});
