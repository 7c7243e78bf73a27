import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { messagesDelivery, wamid } from '#tests/support/meta/deliveries.js';
import type { GraphFault } from '#tests/support/meta/graphApi.js';
import { chain, workerBench, type BenchOrganization, type WorkerBench } from '#tests/support/worker.js';

/** Which question a customer answers: one of which nobody knows yet whether it reached them, one of several, one that was asked again. */
let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
});
afterEach(() => bench.stopWorkers());
afterAll(() => bench.close());

const options = [
  { value: 'today', title: 'Hoje' },
  { value: 'tomorrow', title: 'Amanhã' },
];
const asking = (config: object = {}, trigger: object = {}): [string, string, object?][] => [
  ['start', 'trigger.whatsapp', trigger],
  ['gate', 'test.gate'],
  ['ask', 'human.ask', { question: 'Pra quando?', ...config }],
  ['reply', 'channel.send', { text: 'Anotado: {{ steps.ask.text }}' }],
];
const statuses = async (bakery: BenchOrganization): Promise<string[]> =>
  (
    await bench.rows<{ status: string }>('select status from platform.runs where organization_id = $1 order by id', [
      bakery.id,
    ])
  ).map(({ status }) => status);
const taken = (bakery: BenchOrganization, count: number) =>
  vi.waitFor(
    async () =>
      expect(
        await bench.rows(
          `select e.id from platform.messages m join platform.inbound_events e on e.id = m.id where m.organization_id = $1 and e.processed_at is not null`,
          [bakery.id],
        ),
      ).toHaveLength(count),
    60_000,
  );
const sentTo = (bakery: BenchOrganization) =>
  bench.graph.sent().filter((request) => request.phoneNumberId === bakery.phoneNumberId);
const texts = (bakery: BenchOrganization) =>
  sentTo(bakery).map(({ body }) => {
    const { text, interactive } = body as { text?: { body: string }; interactive?: { body: { text: string } } };
    return text?.body ?? interactive?.body.text;
  });

/** A department whose first question meets this. Reading was told of before, which would meet it otherwise. */
async function meeting(fault: GraphFault, config?: object, trigger?: object): Promise<BenchOrganization> {
  const bakery = await bench.organization();
  await bakery.publish(asking(config, trigger));
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  await bench.startWorker();
  await bakery.write('um bolo');
  await vi.waitFor(() => expect(bench.gate.waiting).toHaveLength(before + 1), 60_000);
  await vi.waitFor(
    () => expect(bench.graph.log.some(({ phoneNumberId }) => phoneNumberId === bakery.phoneNumberId)).toBe(true),
    60_000,
  );
  bench.graph.faults.push(fault);
  bench.gate.open();
  return bakery;
}

/** A question that the channel has taken, and of which it said nothing. */
async function inDoubt(config?: object): Promise<BenchOrganization> {
  const bakery = await meeting({ kind: 'drop' }, config);
  await vi.waitFor(async () => expect(await statuses(bakery)).toEqual(['waiting']), 60_000);
  expect(await bench.rows(`select state from platform.effects where organization_id = $1`, [bakery.id])).toEqual([
    { state: 'uncertain' },
  ]);
  return bakery;
}
const report = (bakery: BenchOrganization) => {
  const [question] = sentTo(bakery);
  const biz_opaque_callback_data = question?.body['biz_opaque_callback_data'];
  return bakery.report(String(question?.messageId), 'sent', { biz_opaque_callback_data });
};

test('what they write before the channel has reported on it is the answer once it does', async () => {
  const bakery = await inDoubt();
  await bakery.write('sábado');
  await taken(bakery, 2);
  expect(await statuses(bakery)).toEqual(['waiting']);
  await report(bakery);
  await vi.waitFor(async () => expect(await statuses(bakery)).toEqual(['succeeded']), 60_000);
  expect(texts(bakery)).toEqual(['Pra quando?', 'Anotado: sábado']);
});

test('of several messages the first is the answer, and the others are answered after it', async () => {
  const bakery = await inDoubt();
  const now = Math.floor(Date.now() / 1000);
  await bakery.write('sábado', { timestamp: now - 1 });
  await bakery.write('e dez pães', { timestamp: now });
  await taken(bakery, 3);
  await report(bakery);
  await vi.waitFor(async () => expect(await statuses(bakery)).toEqual(['succeeded', 'waiting']), 60_000);
  expect(texts(bakery)).toEqual(['Pra quando?', 'Anotado: sábado', 'Pra quando?']);
});

test('a tap on one of its choices says that it reached them, without any report', async () => {
  const bakery = await inDoubt({ options });
  await bench.deliver(
    messagesDelivery({ phoneNumberId: bakery.phoneNumberId }, [
      {
        id: wamid(),
        type: 'interactive',
        interactive: { type: 'button_reply', button_reply: { id: 'tomorrow', title: 'Amanhã' } },
      },
    ]),
  );
  await vi.waitFor(async () => expect(await statuses(bakery)).toEqual(['succeeded']), 60_000);
  expect(texts(bakery)).toEqual(['Pra quando?', 'Anotado: Amanhã']);
  expect(
    await bench.rows(
      `select status from platform.messages where organization_id = $1 and direction = 'out' order by id`,
      [bakery.id],
    ),
  ).toMatchObject([{ status: 'read' }, {}]);
});

test('a tap on something else says nothing of it', async () => {
  const bakery = await inDoubt({ options });
  await bench.deliver(
    messagesDelivery({ phoneNumberId: bakery.phoneNumberId }, [
      {
        id: wamid(),
        type: 'interactive',
        interactive: { type: 'button_reply', button_reply: { id: 'menu', title: 'Cardápio' } },
      },
    ]),
  );
  await taken(bakery, 2);
  expect(await bench.rows(`select state from platform.effects where organization_id = $1`, [bakery.id])).toEqual([
    { state: 'uncertain' },
  ]);
  expect(await statuses(bakery)).toEqual(['waiting']);
});

test('nobody waits for a report that does not come: they are answered when a person is asked about it', async () => {
  const bakery = await inDoubt();
  await bakery.write('sábado');
  await taken(bakery, 2);
  await bench.rows(`update platform.effects set updated_at = now() - interval '2 minutes' where organization_id = $1`, [
    bakery.id,
  ]);
  await bench.rows(
    `update platform.messages set created_at = now() - interval '2 minutes' where organization_id = $1`,
    [bakery.id],
  );
  await vi.waitFor(async () => expect(await statuses(bakery)).toEqual(['waiting', 'waiting']), 60_000);
  expect(texts(bakery)).toEqual(['Pra quando?', 'Pra quando?']);
});

test('what they write between two tries of a question is no answer to it', async () => {
  // It asks for longer than a worker sleeps: the run goes back to its place.
  const bakery = await meeting({ kind: 'error', status: 400, code: 130429 }, {}, { onNewMessage: 'queue' });
  await vi.waitFor(async () => expect(await statuses(bakery)).toEqual(['queued']), 60_000);
  await bakery.write('oi?');
  await taken(bakery, 2);
  await vi.waitFor(async () => expect(await statuses(bakery)).toEqual(['waiting', 'waiting']), 60_000);
  await bakery.write('sábado');
  await vi.waitFor(async () => expect(await statuses(bakery)).toEqual(['succeeded', 'waiting']), 60_000);
  expect(texts(bakery)).toEqual(['Pra quando?', 'Pra quando?', 'Anotado: sábado']);
});

/** Two questions that are open at once, in the order in which they were asked. */
async function twoQuestions(): Promise<BenchOrganization> {
  const bakery = await bench.organization();
  const nodes = asking()
    .slice(0, 1)
    .concat([
      ['when', 'human.ask', { question: 'Pra quando?' }],
      ['how', 'human.ask', { question: 'Como?', options }],
      ['all', 'logic.join'],
      ['reply', 'channel.send', { text: '{{ steps.when.text }}, {{ steps.how.text }}' }],
    ]);
  const { nodes: drawn } = chain(nodes);
  const edge = (from: string, port: string, to: string) => ({
    id: `${from}>${to}`,
    from: { node: from, port },
    to: { node: to, port: 'in' },
  });
  await bakery.publish({
    format: 1,
    nodes: drawn,
    edges: [
      edge('start', 'message', 'when'),
      edge('start', 'message', 'how'),
      edge('when', 'answered', 'all'),
      edge('how', 'answered', 'all'),
      edge('all', 'out', 'reply'),
    ],
    settings: {},
  });
  await bench.startWorker();
  await bakery.write('um bolo');
  await vi.waitFor(async () => expect(await statuses(bakery)).toEqual(['waiting']), 60_000);
  return bakery;
}
const say = ({ phoneNumberId }: BenchOrganization, message: object) =>
  bench.deliver(messagesDelivery({ phoneNumberId }, [{ id: wamid(), ...message }]));
const tap = (id: string, title: string, context?: object) => ({
  type: 'interactive',
  ...(context && { context }),
  interactive: { type: 'button_reply', button_reply: { id, title } },
});

test('of two questions the one whose choice is tapped has its answer, whichever was asked first', async () => {
  const bakery = await twoQuestions();
  await say(bakery, tap('tomorrow', 'Amanhã'));
  await taken(bakery, 2);
  await bakery.write('sábado');
  await vi.waitFor(async () => expect(await statuses(bakery)).toEqual(['succeeded']), 60_000);
  expect(texts(bakery).at(-1)).toBe('sábado, Amanhã');
});

test('of two questions the one that is quoted has its answer', async () => {
  const bakery = await twoQuestions();
  const quote = (question: string) => ({
    context: { from: '5581999990000', id: sentTo(bakery)[texts(bakery).indexOf(question)]?.messageId },
  });
  await say(bakery, { type: 'text', text: { body: 'entrega' }, ...quote('Como?') });
  await taken(bakery, 2);
  await say(bakery, { type: 'text', text: { body: 'sábado' }, ...quote('Pra quando?') });
  await vi.waitFor(async () => expect(await statuses(bakery)).toEqual(['succeeded']), 60_000);
  expect(texts(bakery).at(-1)).toBe('sábado, entrega');
});
