import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Json } from '#nodes/sdk/json.js';
import { workerBench, type BenchOrganization, type WorkerBench } from '#tests/support/worker.js';

let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
  await bench.startWorker();
});
afterAll(() => bench.close());

const echo: [string, string, object?][] = [
  ['start', 'trigger.whatsapp'],
  ['reply', 'channel.send', { text: 'Você disse: {{ trigger.text }}' }],
];
const sentBy = (bakery: BenchOrganization) =>
  bench.graph.sent().filter((request) => request.phoneNumberId === bakery.phoneNumberId);
const runsOf = (bakery: BenchOrganization) =>
  bench.rows<{ status: string; code: string | null; later: boolean; attempts: number }>(
    `select status, error ->> 'code' as code, coalesce(not_before > now(), false) as later, attempts from platform.runs where organization_id = $1 order by id`,
    [bakery.id],
  );
const quiet = (bakery: BenchOrganization) =>
  vi.waitFor(async () => {
    const open = await bench.rows(
      `select id::text from platform.inbound_events where processed_at is null
       union all select id::text from platform.runs where organization_id = $1 and status in ('queued', 'running')`,
      [bakery.id],
    );
    expect(open).toEqual([]);
  }, 90_000);
const allow = (bakery: BenchOrganization, replies: number) =>
  bench.db.withOrganization(bakery.id, (trx) =>
    trx.raw('update platform.organizations set replies_per_minute = ?', [replies]),
  );
const handlerOf = (bakery: BenchOrganization) =>
  bench.rows<{ handler: string; handoff_summary: string }>(
    'select handler, handoff_summary from platform.conversations where organization_id = $1',
    [bakery.id],
  );

test('two machines that answer each other stop, and a person takes over', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  await allow(bakery, 4);
  await bakery.write('oi');
  // The other machine answers every answer at once.
  for (let answered = 0; answered < 8; answered += 1) {
    await vi.waitFor(async () => {
      const handler = (await handlerOf(bakery))[0]?.handler;
      expect(sentBy(bakery).length > answered || handler === 'person').toBe(true);
    }, 60_000);
    if ((await handlerOf(bakery))[0]?.handler === 'person') break;
    await bakery.write(`resposta automática ${answered}`);
  }
  await quiet(bakery);
  expect(sentBy(bakery)).toHaveLength(4);
  expect((await runsOf(bakery)).at(-1)).toMatchObject({ status: 'failed', code: 'too_many_replies' });
  const [conversation] = await handlerOf(bakery);
  expect(conversation?.handler).toBe('person');
  expect(await bench.openText(bakery.id, conversation?.handoff_summary ?? '')).toContain('robô');
});

test('a run that sends more than a minute may have is stopped in the middle, whatever it does at once', async () => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ...Array.from({ length: 6 }, (_, index): [string, string, object] => [
      `s${index}`,
      'channel.send',
      { text: `parte ${index}` },
    ]),
  ]);
  await allow(bakery, 3);
  await bakery.write('oi');
  await vi.waitFor(
    async () => expect(await runsOf(bakery)).toMatchObject([{ status: 'failed', code: 'too_many_replies' }]),
    15_000,
  );
  await quiet(bakery);
  expect(sentBy(bakery)).toHaveLength(3);
});

test('what WhatsApp puts off is put back, holds nobody, and goes out once', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  bench.gate.open();
  // The read receipt meets the first, the answer the second.
  const throttled = { kind: 'error', status: 400, code: 131056, retryAfter: 3 } as const;
  bench.graph.faults.push(throttled, throttled);
  await bakery.write('oi');
  await vi.waitFor(async () => expect(await runsOf(bakery)).toMatchObject([{ status: 'queued', later: true }]), 60_000);
  bench.graph.faults.length = 0;
  await vi.waitFor(() => expect(sentBy(bakery)).toHaveLength(1), 60_000);
  await quiet(bakery);
  const [run] = await runsOf(bakery);
  expect(run).toMatchObject({ status: 'succeeded' });
  expect(run?.attempts).toBeGreaterThan(1);
  expect(
    bench.graph.log.filter((entry) => entry.phoneNumberId === bakery.phoneNumberId && entry.body['type'] === 'text')
      .length,
  ).toBeLessThan(4);
});

test('what WhatsApp puts off by one moment after the other, longer than there are tries, goes out once all the same', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  bench.gate.open();
  // The read receipt meets one, the answer more than it has tries.
  bench.graph.faults.push(
    ...Array.from({ length: 7 }, () => ({ kind: 'error', status: 400, code: 130429, retryAfter: 1 }) as const),
  );
  await bakery.write('oi');
  await vi.waitFor(() => expect(sentBy(bakery)).toHaveLength(1), 90_000);
  await quiet(bakery);
  expect(await runsOf(bakery)).toMatchObject([{ status: 'succeeded' }]);
  expect(bench.graph.faults).toEqual([]);
});

test('however many messages come from one number, they are kept, answered by few runs, and stop the department at last', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  await allow(bakery, 5);
  await Promise.all(Array.from({ length: 80 }, (_, index) => bakery.write(`${index} `.repeat(300))));
  await quiet(bakery);
  const runs = await runsOf(bakery);
  expect(runs.length).toBeLessThan(60);
  expect(sentBy(bakery).length).toBeLessThanOrEqual(5);
  const [kept] = await bench.rows<{ messages: number }>(
    `select count(*)::int as messages from platform.messages where organization_id = $1 and direction = 'in'`,
    [bakery.id],
  );
  expect(kept?.messages).toBe(80);
  const inputs = await bench.rows<{ input: Json }>('select input from platform.runs where organization_id = $1', [
    bakery.id,
  ]);
  const vault = await bench.vaultOf(bakery.id);
  const lengths = inputs.map(({ input }) => (vault.openJson(input) as { text: string }).text.length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(20_000);
}, 90_000);
