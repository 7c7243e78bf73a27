import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Json } from '#nodes/sdk/json.js';
import { messagesDelivery, textDelivery, wamid } from '#tests/support/meta/deliveries.js';
import { workerBench, type BenchOrganization, type WorkerBench } from '#tests/support/worker.js';

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
  }, 60_000);

/** Long enough for what comes in one breath, however busy the machine is; `breathIsOver` ends it. */
const breath = { burstWindowMs: 60_000 };
/** Resolves when so many messages were taken in, and what waits for more waits no longer. */
async function breathIsOver(bakery: BenchOrganization, messages: number): Promise<void> {
  const took = `select 1 from platform.messages where organization_id = $1 and direction = 'in'`;
  await vi.waitFor(async () => expect(await bench.rows(took, [bakery.id])).toHaveLength(messages), 60_000);
  await bench.rows(`update platform.runs set not_before = now() where organization_id = $1 and status = 'queued'`, [
    bakery.id,
  ]);
}

test('the same delivery five times gives one run and one answer', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  const body = textDelivery({ phoneNumberId: bakery.phoneNumberId }, 'Tem pão?', wamid());
  await Promise.all(Array.from({ length: 5 }, () => bench.deliver(body)));
  await vi.waitFor(() => expect(texts(bakery.phoneNumberId)).toEqual(['Você disse: Tem pão?']), 60_000);
  await quiet(bakery.id);
  expect(await runs(bakery.id)).toMatchObject([{ status: 'succeeded' }]);
  expect(texts(bakery.phoneNumberId)).toHaveLength(1);
  expect(bench.graph.log.flatMap((request) => request.violations)).toEqual([]);
});

test('an image goes out beside its words, by its link, and is kept with the message', async () => {
  const bakery = await bench.organization();
  const link = 'https://pao.example.com/{{ trigger.text }}.jpg';
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['reply', 'channel.send', { text: 'É este?', media: { link } }],
  ]);
  await bakery.write('bolo');
  await quiet(bakery.id);
  const image = { link: 'https://pao.example.com/bolo.jpg', caption: 'É este?' };
  const sent = bench.graph.sent().filter((request) => request.phoneNumberId === bakery.phoneNumberId);
  expect(sent.map(({ body, violations }) => [body['type'], body['image'], violations])).toEqual([['image', image, []]]);
  const kept = await bench.rows<{ kind: string; payload: string }>(
    `select kind, payload::text as payload from platform.messages where organization_id = $1 and direction = 'out'`,
    [bakery.id],
  );
  expect(kept.map(({ kind }) => kind)).toEqual(['image']);
  // Sealed like the words: whose picture it is is nobody else's.
  expect(kept[0]?.payload).not.toContain('pao.example.com');
});

test('messages of one breath are answered together, in the order in which they were written', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo, breath);
  const now = Math.floor(Date.now() / 1000);
  await bakery.write('um bolo', { timestamp: now - 5 });
  await bakery.write('de cenoura', { timestamp: now - 3 });
  const last = await bakery.write('pra sábado', { timestamp: now - 1 });
  await bakery.write('queria', { timestamp: now - 9 });
  await breathIsOver(bakery, 4);
  await vi.waitFor(
    () => expect(texts(bakery.phoneNumberId)).toEqual(['Você disse: queria\num bolo\nde cenoura\npra sábado']),
    60_000,
  );
  await quiet(bakery.id);
  const stored = await bench.rows<{ input: Json }>('select input from platform.runs where organization_id = $1', [
    bakery.id,
  ]);
  const newest = await bench.rows<{ id: string }>('select id from platform.messages where external_id = $1', [last]);
  const vault = await bench.vaultOf(bakery.id);
  expect(stored.map(({ input }) => vault.openJson(input))).toMatchObject([
    { kind: 'text', message: { id: newest[0]?.id } },
  ]);
});

test('what is written while the team works is answered next, by one run', async () => {
  const bakery = await bench.organization();
  const [, ...rest] = echo;
  await bakery.publish([['start', 'trigger.whatsapp', { onNewMessage: 'queue' }], ...rest]);
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  await bakery.write('primeira');
  await vi.waitFor(() => expect(bench.gate.waiting.length).toBe(before + 1), 60_000);
  await bakery.write('segunda', { timestamp: Math.floor(Date.now() / 1000) - 2 });
  await bakery.write('terceira');
  await vi.waitFor(
    async () =>
      expect(await bench.rows('select id from platform.inbound_events where processed_at is null')).toEqual([]),
    10_000,
  );
  expect(await runs(bakery.id)).toMatchObject([{ status: 'running' }]);
  bench.gate.open();
  await vi.waitFor(
    () => expect(texts(bakery.phoneNumberId)).toEqual(['Você disse: primeira', 'Você disse: segunda\nterceira']),
    10_000,
  );
  await quiet(bakery.id);
  expect(await runs(bakery.id)).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
});

test('messages of different customers do not wait for each other', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  await bakery.write('oi', { from: '5581911110001' });
  await bakery.write('oi', { from: '5581911110002' });
  await vi.waitFor(() => expect(bench.gate.waiting.length).toBe(before + 2), 60_000);
  bench.gate.open();
  await quiet(bakery.id);
});

test('once a person has the conversation the team is quiet, and starts no run', async () => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['person', 'human.handoff', { message: 'Já chamo a Lúcia.' }],
    ['more', 'channel.send', { text: 'E mais isto.' }],
  ]);
  await bakery.write('quero falar com uma pessoa');
  await quiet(bakery.id);
  await bakery.write('alguém aí?');
  await quiet(bakery.id);
  expect(texts(bakery.phoneNumberId)).toEqual(['Já chamo a Lúcia.']);
  expect(await runs(bakery.id)).toHaveLength(1);
  expect(
    await bench.rows('select handler from platform.conversations where organization_id = $1', [bakery.id]),
  ).toEqual([{ handler: 'person' }]);
  const handoffs = bench.events.filter(
    ({ organizationId, event }) => organizationId === bakery.id && event.type === 'conversation',
  );
  expect(handoffs).toMatchObject([{ event: { conversation: { handler: 'person' } } }]);
});

test('a person who takes over while the team works is not talked over', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  await bakery.write('oi');
  await vi.waitFor(() => expect(bench.gate.waiting.length).toBe(before + 1), 60_000);
  await bench.rows(`update platform.conversations set handler = 'person' where organization_id = $1`, [bakery.id]);
  bench.gate.open();
  await quiet(bakery.id);
  expect(await runs(bakery.id)).toMatchObject([{ status: 'succeeded' }]);
  expect(texts(bakery.phoneNumberId)).toEqual([]);
});

test('reports move a message only forward, in whatever order they come', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  await bakery.write('oi');
  await vi.waitFor(() => expect(texts(bakery.phoneNumberId)).toHaveLength(1), 60_000);
  await quiet(bakery.id);
  const id = bench.graph.sent().find((request) => request.phoneNumberId === bakery.phoneNumberId)?.messageId ?? '';
  const status = async () =>
    (await bench.rows<{ status: string }>('select status from platform.messages where external_id = $1', [id]))[0]
      ?.status;
  for (const [reported, expected] of [
    ['read', 'read'],
    ['sent', 'read'],
    ['delivered', 'read'],
    ['failed', 'read'],
    ['played', 'played'],
  ] as const) {
    await bakery.report(id, reported);
    await quiet(bakery.id);
    expect(await status()).toBe(expected);
  }
});

test('that a message failed after all is shown to whoever looks, with the reason', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  await bakery.write('oi');
  await vi.waitFor(() => expect(texts(bakery.phoneNumberId)).toHaveLength(1), 60_000);
  await quiet(bakery.id);
  const id = bench.graph.sent().find((request) => request.phoneNumberId === bakery.phoneNumberId)?.messageId ?? '';
  const shown = () =>
    bench.events.flatMap(({ organizationId, event }) =>
      organizationId === bakery.id && event.type === 'message' && event.message.direction === 'out'
        ? [[event.message.status, event.message.error]]
        : [],
    );
  await vi.waitFor(() => expect(shown().at(-1)).toEqual(['sent', null]), 60_000);
  await bakery.report(id, 'failed', { errors: [{ code: 131_026, title: 'Message undeliverable' }] });
  await vi.waitFor(
    () => expect(shown().at(-1)).toEqual(['failed', expect.stringContaining('Message undeliverable')]),
    20_000,
  );
});

test('a report that overtakes our own record is matched by what the channel echoes', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  // The connection breaks after the message was taken, so its id never reaches us.
  bench.graph.faults.push({ kind: 'drop' });
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  await bakery.write('oi');
  await vi.waitFor(() => expect(bench.gate.waiting.length).toBe(before + 1), 60_000);
  // Marking as read has met the fault by now or will; one more stands ready for the answer.
  bench.graph.faults.push({ kind: 'drop' });
  bench.gate.open();
  await quiet(bakery.id);
  bench.graph.faults.length = 0;
  const sent = bench.graph
    .sent()
    .find((request) => request.phoneNumberId === bakery.phoneNumberId && request.body['type'] === 'text');
  const opaque = String(sent?.body['biz_opaque_callback_data']);
  await bakery.report(sent?.messageId ?? '', 'delivered', { biz_opaque_callback_data: opaque });
  await quiet(bakery.id);
  const stored = await bench.rows(`select status, external_id from platform.messages where payload ->> 'opaque' = $1`, [
    opaque,
  ]);
  expect(stored).toEqual([{ status: 'delivered', external_id: sent?.messageId }]);
});

test('a report that settles what a run had left open is shown to whoever looks at the run, also once that has ended', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  await bakery.write('oi');
  await vi.waitFor(() => expect(bench.gate.waiting.length).toBe(before + 1), 60_000);
  const ofRead = ({ phoneNumberId, body }: (typeof bench.graph.log)[number]) =>
    phoneNumberId === bakery.phoneNumberId && body['status'] === 'read';
  await vi.waitFor(() => expect(bench.graph.log.some(ofRead)).toBe(true), 60_000);
  bench.graph.faults.push({ kind: 'drop' });
  bench.gate.open();
  const [run] = await vi.waitFor(async () => {
    const rows = await bench.rows<{ id: string }>(
      `select id from platform.runs where organization_id = $1 and status = 'waiting'`,
      [bakery.id],
    );
    expect(rows).toHaveLength(1);
    return rows;
  }, 60_000);
  await bench.rows(`update platform.runs set status = 'canceled', finished_at = now() where id = $1`, [run?.id]);
  const shown = () =>
    bench.events.flatMap(({ event }) => (event.type === 'run' && event.run.id === run?.id ? [event.run.status] : []));
  const told = shown().length;
  const sent = bench.graph
    .sent()
    .find((request) => request.phoneNumberId === bakery.phoneNumberId && request.body['type'] === 'text');
  const opaque = String(sent?.body['biz_opaque_callback_data']);
  await bakery.report(sent?.messageId ?? '', 'delivered', { biz_opaque_callback_data: opaque });
  await vi.waitFor(() => expect(shown().slice(told)).toEqual(['canceled']), 60_000);
});

test.each([
  ['pt-BR', 'Oi, vocês têm bolo de cenoura?', /^Desculpa/],
  ['en', 'Hello, do you have carrot cake?', /^Sorry/],
])('a run that fails says one sentence in %s, calls a person and keeps its error', async (_, text, apology) => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['broken', 'test.fail'],
  ]);
  await bakery.write(text);
  await vi.waitFor(() => expect(texts(bakery.phoneNumberId)).toHaveLength(1), 60_000);
  await quiet(bakery.id);
  expect(texts(bakery.phoneNumberId)).toEqual([expect.stringMatching(apology)]);
  expect(await runs(bakery.id)).toMatchObject([{ status: 'failed', error: { code: 'cold_oven' } }]);
  await vi.waitFor(async () => {
    const [conversation] = await bench.rows<{ handler: string; summary: string }>(
      'select handler, handoff_summary as summary from platform.conversations where organization_id = $1',
      [bakery.id],
    );
    expect(conversation?.handler).toBe('person');
    expect(await bench.openText(bakery.id, conversation?.summary ?? '')).toBe('The oven is cold.');
  }, 60_000);
});

test('a person who has the conversation is told of a run that failed there, and may give it back for good', async () => {
  const [bakery, other] = [await bench.organization(), await bench.organization()];
  for (const { publish } of [bakery, other])
    await publish([
      ['start', 'trigger.whatsapp'],
      ['gate', 'test.gate'],
      ['broken', 'test.fail'],
    ]);
  const handlerOf = async ({ id }: { id: string }) =>
    (await bench.rows('select handler from platform.conversations where organization_id = $1', [id]))[0]?.['handler'];
  const told = ({ id }: { id: string }) =>
    bench.rows(`select run_id from platform.messages where organization_id = $1 and author = 'system'`, [id]);
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  await bakery.write('oi');
  await vi.waitFor(() => expect(bench.gate.waiting.length).toBe(before + 1), 60_000);
  await bench.rows(`update platform.conversations set handler = 'person' where organization_id = $1`, [bakery.id]);
  bench.gate.open();
  await other.write('oi');
  for (const one of [bakery, other]) {
    await quiet(one.id);
    const [run] = await runs(one.id);
    expect(run).toMatchObject({ status: 'failed' });
    await vi.waitFor(async () => expect(await told(one)).toEqual([{ run_id: run?.id }]), 60_000);
  }
  expect(texts(bakery.phoneNumberId)).toEqual([]);
  // A minute later both are the team's again; of the one, nobody had seen to the customer.
  await bench.rows('update platform.runs set unattended = true where organization_id = $1', [other.id]);
  const both = [[bakery.id, other.id]];
  await bench.rows(
    `update platform.runs set finished_at = now() - interval '1 minute' where organization_id = any($1)`,
    both,
  );
  await bench.rows(`update platform.conversations set handler = 'team' where organization_id = any($1)`, both);
  await vi.waitFor(async () => expect(await handlerOf(other)).toBe('person'), 60_000);
  expect(await handlerOf(bakery)).toBe('team');
});

test('a run that hangs is stopped, and the customer is told as if it had failed', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo, { timeoutSeconds: 0.5 });
  bench.gate.shut();
  await bakery.write('oi, tudo bem?');
  await vi.waitFor(() => expect(texts(bakery.phoneNumberId)).toEqual([expect.stringMatching(/^Desculpa/)]), 60_000);
  bench.gate.open();
  expect(await runs(bakery.id)).toMatchObject([{ status: 'failed', error: { code: 'run_timeout' } }]);
});

test('whoever writes to a department that was let go, or does not listen to messages, is a person’s', async () => {
  const [gone, deaf] = [await bench.organization(), await bench.organization()];
  for (const bakery of [gone, deaf]) await bakery.publish(echo);
  await bench.db.withOrganization(gone.id, (trx) =>
    trx.raw(`update platform.departments set status = 'paused', dismissed_at = now()`),
  );
  await deaf.publish([['start', 'trigger.manual']]);
  for (const bakery of [gone, deaf]) {
    await bakery.write('oi?');
    const handlers = () =>
      bench.rows('select handler from platform.conversations where organization_id = $1', [bakery.id]);
    await vi.waitFor(async () => expect(await handlers()).toEqual([{ handler: 'person' }]), 60_000);
    const told = () =>
      bench.events.flatMap(({ organizationId, event }) => (organizationId === bakery.id ? [event.type] : []));
    await vi.waitFor(() => expect(told()).toContain('conversation'), 30_000);
    expect(await runs(bakery.id)).toEqual([]);
    expect(texts(bakery.phoneNumberId)).toEqual([]);
  }
});

test('a reaction is kept and answered by nobody', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  const reaction = { id: wamid(), type: 'reaction', reaction: { message_id: wamid(), emoji: '❤️' } };
  await bench.deliver(messagesDelivery({ phoneNumberId: bakery.phoneNumberId }, [reaction]));
  await quiet(bakery.id);
  const [kept] = await bench.rows<{ kind: string; text: string }>(
    'select kind, text from platform.messages where organization_id = $1',
    [bakery.id],
  );
  expect([kept?.kind, await bench.openText(bakery.id, kept?.text ?? '')]).toEqual(['reaction', '❤️']);
  expect(await runs(bakery.id)).toEqual([]);
});

test('a question to the customer is answered by their next message, not by a new run', async () => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['ask', 'human.ask', { question: 'Pra quando?' }],
    ['reply', 'channel.send', { text: 'Anotado: {{ steps.ask.text }}' }],
  ]);
  await bakery.write('quero um bolo');
  await vi.waitFor(async () => expect(await runs(bakery.id)).toMatchObject([{ status: 'waiting' }]), 60_000);
  await bakery.write('sábado');
  await vi.waitFor(() => expect(texts(bakery.phoneNumberId)).toEqual(['Pra quando?', 'Anotado: sábado']), 60_000);
  await quiet(bakery.id);
  expect(await runs(bakery.id)).toMatchObject([{ status: 'succeeded' }]);
});

test('a photo without a word answers no question; with one it does', async () => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['ask', 'human.ask', { question: 'Pra quando?' }],
    ['reply', 'channel.send', { text: 'Anotado: {{ steps.ask.text }}' }],
  ]);
  const photo = (caption?: string) =>
    bench.deliver(
      messagesDelivery({ phoneNumberId: bakery.phoneNumberId }, [
        { id: wamid(), type: 'image', image: { id: '1', mime_type: 'image/jpeg', ...(caption && { caption }) } },
      ]),
    );
  await bakery.write('quero um bolo');
  await vi.waitFor(async () => expect(await runs(bakery.id)).toMatchObject([{ status: 'waiting' }]), 15_000);
  await photo();
  // It is a message like any other, which this department has no way on for; the question stays open.
  await vi.waitFor(
    async () => expect(await runs(bakery.id)).toMatchObject([{ status: 'waiting' }, { status: 'succeeded' }]),
    15_000,
  );
  await photo('pra sábado, assim');
  await vi.waitFor(
    async () => expect(await runs(bakery.id)).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]),
    15_000,
  );
  expect(texts(bakery.phoneNumberId)).toEqual(['Pra quando?', 'Anotado: pra sábado, assim']);
});

test("a person's message goes out once, however often it is announced", async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  await bakery.write('oi');
  await quiet(bakery.id);
  const [conversation] = await bench.rows<{ id: string }>(
    'select id from platform.conversations where organization_id = $1',
    [bakery.id],
  );
  const messageId = uuidv7();
  await bench.rows(
    `insert into platform.messages (id, organization_id, conversation_id, direction, author, kind, text, status, sent_at) values ($1, $2, $3, 'out', 'person', 'text', 'Oi, é a Lúcia!', 'queued', now())`,
    [messageId, bakery.id, conversation?.id],
  );
  for (let again = 0; again < 3; again += 1)
    await bench.queues.add('deliver', { messageId, organizationId: bakery.id }, { jobId: `d${again}_${messageId}` });
  await vi.waitFor(() => expect(texts(bakery.phoneNumberId)).toEqual(['Você disse: oi', 'Oi, é a Lúcia!']), 60_000);
  await vi.waitFor(
    async () =>
      expect(await bench.rows('select status from platform.messages where id = $1', [messageId])).toEqual([
        { status: 'sent' },
      ]),
    60_000,
  );
  expect(texts(bakery.phoneNumberId)).toHaveLength(2);
});

test('a run whose conversation was deleted meanwhile ends without working for nobody', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo, breath);
  await bakery.write('oi');
  await vi.waitFor(async () => expect(await runs(bakery.id)).toMatchObject([{ status: 'queued' }]), 60_000);
  await bench.db.withOrganization(bakery.id, (trx) => trx.raw('delete from platform.channels'));
  await bench.rows(`update platform.runs set not_before = now() where organization_id = $1`, [bakery.id]);
  await vi.waitFor(async () => expect(await runs(bakery.id)).toMatchObject([{ status: 'canceled' }]), 60_000);
  expect(texts(bakery.phoneNumberId)).toEqual([]);
});

test('events of a run are heard in order, the answer among them', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  await bakery.write('oi');
  await vi.waitFor(() => expect(texts(bakery.phoneNumberId)).toHaveLength(1), 60_000);
  await quiet(bakery.id);
  const heard = bench.events.flatMap(({ organizationId, event }) => {
    if (organizationId !== bakery.id) return [];
    if (event.type === 'message') return [`${event.message.author} ${event.message.status}`];
    if (event.type === 'run') return [event.run.status];
    if (event.type === 'step' && event.step.status === 'succeeded') return [event.step.nodeId];
    return [];
  });
  expect(heard).toEqual([
    'contact received',
    'running',
    'start',
    'gate',
    'team queued',
    'team sent',
    'reply',
    'succeeded',
  ]);
});

test('a question is answered also when a photo follows it', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo, breath);
  const now = Math.floor(Date.now() / 1000);
  await bakery.write('Tem bolo?', { timestamp: now - 2 });
  await bench.deliver(
    messagesDelivery({ phoneNumberId: bakery.phoneNumberId, timestamp: now }, [
      { id: wamid(), type: 'image', image: { id: '1', mime_type: 'image/jpeg' } },
    ]),
  );
  await breathIsOver(bakery, 2);
  await vi.waitFor(() => expect(texts(bakery.phoneNumberId)).toEqual(['Você disse: Tem bolo?']), 60_000);
});

test('what the channel surely did not take is tried again without being told to', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  bench.graph.faults.push({ kind: 'error', status: 500, code: 131016 });
  await bakery.write('Oi');
  await vi.waitFor(() => expect(texts(bakery.phoneNumberId)).toEqual(['Você disse: Oi']), 60_000);
  await quiet(bakery.id);
  expect(await runs(bakery.id)).toMatchObject([{ status: 'succeeded' }]);
});

test('after 24 hours nothing is sent: a person gets the conversation', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  const before = bench.graph.log.filter(({ body }) => body['type']).length;
  await bakery.write('Chegou tarde', { timestamp: Math.floor(Date.now() / 1000) - 25 * 3_600 });
  await vi.waitFor(
    async () => expect(await runs(bakery.id)).toMatchObject([{ status: 'failed', error: { code: 'window_closed' } }]),
    10_000,
  );
  const handler = () =>
    bench.rows('select handler from platform.conversations where organization_id = $1', [bakery.id]);
  await vi.waitFor(async () => expect(await handler()).toEqual([{ handler: 'person' }]), 60_000);
  expect(bench.graph.log.filter(({ body }) => body['type'])).toHaveLength(before);
});
