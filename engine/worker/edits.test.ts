import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { armFailpoints } from '#db/failpoint.js';
import { editDelivery, messagesDelivery, revokeDelivery, wamid } from '#tests/support/meta/deliveries.js';
import { messageColumns, messageView, openMessage, type StoredMessage } from './conversation/messageView.js';
import { unreadable, workerBench, type BenchOrganization, type WorkerBench } from '#tests/support/worker.js';

/** A customer writes a message otherwise, or takes it back, at every stage of its being answered: what is answered is what it says then. */
let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
  await bench.startWorker({ drainMs: 0 });
  await bench.startWorker({ drainMs: 0 });
});
afterEach(() => armFailpoints(() => undefined));
afterAll(() => bench.close());

const echo: [string, string, object?][] = [
  ['start', 'trigger.whatsapp', {}],
  ['gate', 'test.gate'],
  ['reply', 'channel.send', { text: '{{ trigger.text }}' }],
];
const answers = (bakery: BenchOrganization): string[] =>
  bench.graph
    .sent()
    .filter((request) => request.phoneNumberId === bakery.phoneNumberId)
    .map((request) => (request.body['text'] as { body: string }).body);
const statuses = async (bakery: BenchOrganization): Promise<string[]> =>
  (
    await bench.rows<{ status: string }>('select status from platform.runs where organization_id = $1 order by id', [
      bakery.id,
    ])
  ).map(({ status }) => status);
/** Nothing is open, but for so many changes of messages that have not come. */
const quiet = (bakery: BenchOrganization, aside = 0) =>
  vi.waitFor(async () => {
    const open = await bench.rows(
      `select id::text from platform.inbound_events where processed_at is null and (sender_key is not null or editor_key is null)
       union all select 'aside' from platform.inbound_events where processed_at is null and editor_key is not null having count(*) <> $2
       union all select id::text from platform.runs where organization_id = $1 and status in ('queued', 'running')
       union all select id::text from platform.messages where organization_id = $1 and direction = 'in' and answered_by is null`,
      [bakery.id, aside],
    );
    expect(open).toEqual([]);
  }, 60_000);
/** So many changes of messages that have not come wait beside what their sender writes. */
const standsAside = ({ phoneNumberId }: BenchOrganization, count: number) =>
  vi.waitFor(
    async () =>
      expect(
        await bench.rows(
          `select 1 from platform.inbound_events where processed_at is null and channel_external_id = $1 and sender_key is null and editor_key is not null`,
          [phoneNumberId],
        ),
      ).toHaveLength(count),
    60_000,
  );
const atGate = (runs: number) =>
  vi.waitFor(() => expect(bench.gate.waiting.length).toBeGreaterThanOrEqual(runs), 60_000);
const taken = (bakery: BenchOrganization, count: number) =>
  vi.waitFor(async () => {
    const done = await bench.rows(
      'select 1 from platform.inbound_events where organization_id = $1 and processed_at is not null',
      [bakery.id],
    );
    expect(done).toHaveLength(count);
  }, 60_000);
/** What a customer wrote, as the house sees it. */
const read = async ({ id }: BenchOrganization): Promise<{ text: string; changed: string | null }[]> => {
  const vault = await bench.vaultOf(id);
  const rows = await bench.rows<StoredMessage>(
    `select ${messageColumns} from platform.messages where organization_id = $1 and direction = 'in' order by id`,
    [id],
  );
  return rows.map((row) => messageView(openMessage(vault, row))).map(({ text, changed }) => ({ text, changed }));
};
const edit = ({ phoneNumberId }: BenchOrganization, id: string, text: string, timestamp?: number) =>
  bench.deliver(editDelivery({ phoneNumberId, ...(timestamp && { timestamp }) }, id, text));
const revoke = ({ phoneNumberId }: BenchOrganization, id: string, timestamp?: number) =>
  bench.deliver(revokeDelivery({ phoneNumberId, ...(timestamp && { timestamp }) }, id));
/** The burst window of the run that waits for more is over at once, however long it would have been. */
const closeWindow = ({ id }: BenchOrganization) =>
  vi.waitFor(
    async () =>
      expect(
        await bench.rows(
          `update platform.runs set not_before = now() where organization_id = $1 and status = 'queued' returning id`,
          [id],
        ),
      ).toHaveLength(1),
    60_000,
  );
const opened = async (burstWindowMs = 0, nodes = echo): Promise<BenchOrganization> => {
  const bakery = await bench.organization();
  await bakery.publish(nodes, { burstWindowMs });
  return bakery;
};
const asking: typeof echo = [
  ['start', 'trigger.whatsapp', {}],
  ['ask', 'human.ask', { question: '{{ trigger.text }}: pra quando?' }],
  ['gate', 'test.gate'],
  ['reply', 'channel.send', { text: '{{ steps.ask.text }}' }],
];
const oneAfterTheOther: typeof echo = [['start', 'trigger.whatsapp', { onNewMessage: 'queue' }], ...echo.slice(1)];

test('an edit while the department thinks begins the answer anew, with what the message says now', async () => {
  const bakery = await opened();
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  const id = wamid();
  await bakery.write('quero 10 coxinhas', { id });
  await atGate(before + 1);
  await edit(bakery, id, 'quero 100 coxinhas');
  await atGate(before + 2);
  bench.gate.open();
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['quero 100 coxinhas']);
  expect(await statuses(bakery)).toEqual(['canceled', 'succeeded']);
});

test('where one answer comes after the other, an edit is answered after the one under way: once, however often it is edited', async () => {
  const bakery = await opened(0, oneAfterTheOther);
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  const id = wamid();
  await bakery.write('quero 10', { id });
  await atGate(before + 1);
  const now = Math.floor(Date.now() / 1000);
  await edit(bakery, id, 'quero 50', now + 1);
  await edit(bakery, id, 'quero 100', now + 2);
  await bakery.write('e um bolo', { timestamp: now + 3 });
  await taken(bakery, 4);
  bench.gate.open();
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['quero 10', 'quero 100\ne um bolo']);
  expect(await statuses(bakery)).toEqual(['succeeded', 'succeeded']);
});

test('so it is once the answer has been begun anew as often as it may be', async () => {
  const bakery = await opened();
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  const id = wamid();
  const now = Math.floor(Date.now() / 1000) - 10;
  await bakery.write('quero 0', { id, timestamp: now });
  await atGate(before + 1);
  for (const [index, times] of [1, 2, 3].entries()) {
    await edit(bakery, id, `quero ${times}`, now + times);
    await atGate(before + 2 + index);
  }
  await edit(bakery, id, 'quero 4', now + 4);
  await taken(bakery, 5);
  bench.gate.open();
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['quero 3', 'quero 4']);
  expect(await statuses(bakery)).toEqual(['canceled', 'canceled', 'canceled', 'succeeded', 'succeeded']);
});

test('and once something was done that can be felt, while its answer is yet to be given', async () => {
  const bakery = await opened(0, [
    ['start', 'trigger.whatsapp', {}],
    ['wait', 'channel.send', { text: 'Só um momento' }],
    ...echo.slice(1),
  ]);
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  const id = wamid();
  await bakery.write('quero 10', { id });
  await atGate(before + 1);
  await edit(bakery, id, 'quero 100');
  await taken(bakery, 2);
  bench.gate.open();
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['Só um momento', 'quero 10', 'Só um momento', 'quero 100']);
});

test('and while its department is paused: when that goes on', async () => {
  const bakery = await opened();
  const set = (status: string) =>
    bench.db.withOrganization(bakery.id, (trx) => trx.raw('update platform.departments set status = ?', [status]));
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  const id = wamid();
  await bakery.write('quero 10', { id });
  await atGate(before + 1);
  await set('paused');
  await edit(bakery, id, 'quero 100');
  await taken(bakery, 2);
  bench.gate.open();
  await vi.waitFor(async () => expect(await statuses(bakery)).toEqual(['succeeded']), 60_000);
  expect(answers(bakery)).toEqual(['quero 10']);
  await set('active');
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['quero 10', 'quero 100']);
});

test('but not by the department when a person has taken the conversation: they have the edit', async () => {
  const bakery = await opened(0, oneAfterTheOther);
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  const id = wamid();
  await bakery.write('quero 10', { id });
  await atGate(before + 1);
  const give = (handler: string) =>
    bench.rows('update platform.conversations set handler = $2 where organization_id = $1', [bakery.id, handler]);
  await give('person');
  await edit(bakery, id, 'quero 100');
  await taken(bakery, 2);
  await give('team');
  bench.gate.open();
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['quero 10']);
});

test('an edit before the answer is begun is what is answered, and so is the later of two, whichever comes first', async () => {
  const bakery = await opened(60_000);
  bench.gate.open();
  const id = wamid();
  const now = Math.floor(Date.now() / 1000) - 10;
  await bakery.write('10', { id, timestamp: now });
  await edit(bakery, id, '1000', now + 2);
  await edit(bakery, id, '100', now + 1);
  await taken(bakery, 3);
  await closeWindow(bakery);
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['1000']);
  expect(await statuses(bakery)).toEqual(['succeeded']);
});

test('an edit that overtakes its message waits for it, and is what is answered', async () => {
  const bakery = await opened();
  bench.gate.open();
  const id = wamid();
  await edit(bakery, id, 'quero 100');
  await standsAside(bakery, 1);
  await bakery.write('quero 10', { id });
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['quero 100']);
  expect(await read(bakery)).toEqual([{ text: 'quero 100', changed: 'edited' }]);
  expect(await statuses(bakery)).toEqual(['succeeded']);
});

test('of what was changed before its message came, the last holds, and what was taken back stays so', async () => {
  const bakery = await opened();
  bench.gate.open();
  const [first, second] = [wamid(), wamid()];
  const now = Math.floor(Date.now() / 1000) - 10;
  await edit(bakery, first, '1000', now + 2);
  await edit(bakery, first, '100', now + 1);
  await edit(bakery, second, 'dois bolos', now + 3);
  await revoke(bakery, second, now + 3);
  await edit(bakery, second, 'três bolos', now + 3);
  await standsAside(bakery, 5);
  await bakery.write('10', { id: first, timestamp: now });
  await quiet(bakery, 3);
  await bakery.write('um bolo', { id: second, timestamp: now });
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['1000']);
  expect(await read(bakery)).toEqual([
    { text: '1000', changed: 'edited' },
    { text: '', changed: 'deleted' },
  ]);
});

test('an edit that is looked at before its message, which has come, is taken in with it', async () => {
  const bakery = await opened();
  bench.gate.open();
  const id = wamid();
  const now = Math.floor(Date.now() / 1000) - 10;
  const { phoneNumberId } = bakery;
  await bench.store(
    messagesDelivery({ phoneNumberId, timestamp: now }, [{ id, type: 'text', text: { body: 'quero 10' } }]),
  );
  // Meta tells of it last, and its job comes first.
  await edit(bakery, id, 'quero 100', now + 1);
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['quero 100']);
  expect(await statuses(bakery)).toEqual(['succeeded']);
});

test('what was changed long before its message comes is what is answered, and what was taken back is not', async () => {
  const bakery = await opened();
  bench.gate.open();
  const [first, second] = [wamid(), wamid()];
  await edit(bakery, first, 'quero 100');
  await revoke(bakery, second);
  await standsAside(bakery, 2);
  await bench.rows(
    `update platform.inbound_events set received_at = now() - interval '3 minutes' where processed_at is null`,
  );
  await quiet(bakery);
  await bakery.write('quero 10', { id: first });
  await bakery.write('meu cartão é 4111', { id: second });
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['quero 100']);
  expect(await read(bakery)).toEqual([
    { text: 'quero 100', changed: 'edited' },
    { text: '', changed: 'deleted' },
  ]);
  expect(
    await bench.rows(
      'select 1 from platform.inbound_events where editor_key is not null and channel_external_id = $1',
      [bakery.phoneNumberId],
    ),
  ).toEqual([]);
});

test('a change that cannot be read holds up no message', async () => {
  const bakery = await opened();
  bench.gate.open();
  const id = wamid();
  await edit(bakery, wamid(), 'quero 100');
  await standsAside(bakery, 1);
  // Looked at by itself it would get an error of its own, and be in nobody's way any more: no sweep finds what is so young.
  const [broken] = await bench.rows<{ id: string }>(
    `update platform.inbound_events set payload = ${unreadable}, received_at = now() + interval '1 hour' where processed_at is null and channel_external_id = $1 returning id`,
    [bakery.phoneNumberId],
  );
  await bakery.write('bom dia', { id });
  await vi.waitFor(() => expect(answers(bakery)).toEqual(['bom dia']), 30_000);
  const failed = await bench.rows(
    `update platform.inbound_events set processed_at = now() where channel_external_id = $1 and (id = $2 or error is not null) returning id`,
    [bakery.phoneNumberId, broken?.id],
  );
  expect(failed).toEqual([broken]);
  await quiet(bakery);
});

test('an edit of a message that never comes holds up nobody', async () => {
  const bakery = await opened();
  bench.gate.open();
  const now = Math.floor(Date.now() / 1000) - 10;
  await edit(bakery, wamid(), 'quero 100', now);
  await bakery.write('bom dia', { timestamp: now + 1 });
  await vi.waitFor(() => expect(answers(bakery)).toEqual(['bom dia']), 4_000);
  await standsAside(bakery, 1);
  await quiet(bakery, 1);
  // It is given up for good when it is old enough: nothing of it is left open.
  await bench.rows(
    `update platform.inbound_events set received_at = now() - interval '3 minutes' where processed_at is null`,
  );
  await quiet(bakery);
});

test('an edit of what was answered is kept, and not answered once more', async () => {
  const bakery = await opened();
  bench.gate.open();
  const id = wamid();
  await bakery.write('bom dai', { id });
  await quiet(bakery);
  await edit(bakery, id, 'bom dia');
  await taken(bakery, 2);
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['bom dai']);
  expect(await read(bakery)).toEqual([{ text: 'bom dia', changed: 'edited' }]);
  expect(await statuses(bakery)).toEqual(['succeeded']);
});

test('nor is it while its department goes on with what it has asked since, for the question was the answer to it', async () => {
  const bakery = await opened(0, asking);
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  const [first, second] = [wamid(), wamid()];
  await bakery.write('quero 10', { id: first });
  await vi.waitFor(async () => expect(await statuses(bakery)).toEqual(['waiting']), 60_000);
  await bakery.write('sabado', { id: second });
  await atGate(before + 1);
  await edit(bakery, first, 'quero 100');
  await taken(bakery, 3);
  bench.gate.open();
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['quero 10: pra quando?', 'sabado']);
  expect(await statuses(bakery)).toEqual(['succeeded']);
});

test('an edit of what was told in answer to a question is answered, also when that came before the question was on record', async () => {
  const bakery = await opened(0, asking);
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  armFailpoints((name) => (name === 'outbound.call.after' && answers(bakery).length === 1 ? held : undefined));
  const id = wamid();
  await bakery.write('quero 10');
  await vi.waitFor(() => expect(answers(bakery)).toHaveLength(1), 60_000);
  await bakery.write('sabado', { id });
  await taken(bakery, 2);
  letGo();
  await atGate(before + 1);
  await edit(bakery, id, 'domingo');
  await taken(bakery, 3);
  bench.gate.open();
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['quero 10: pra quando?', 'sabado', 'domingo: pra quando?']);
});

test.each([
  ['while the department thinks', 0],
  ['before it began', 1_500],
] as const)('a message taken back %s is answered by nobody, and nothing of it is left', async (_, burstWindowMs) => {
  const bakery = await opened(burstWindowMs);
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  const id = wamid();
  await bakery.write('meu cartão é 4111', { id });
  if (burstWindowMs === 0) await atGate(before + 1);
  else await taken(bakery, 1);
  await revoke(bakery, id);
  await taken(bakery, 2);
  bench.gate.open();
  await quiet(bakery);
  expect(answers(bakery)).toEqual([]);
  expect(await statuses(bakery)).toEqual(['canceled']);
  expect(await read(bakery)).toEqual([{ text: '', changed: 'deleted' }]);
});

test('nor is it where one answer comes after the other, or one has been begun anew as often as it may be', async () => {
  const bakery = await opened(0, oneAfterTheOther);
  const tired = await opened();
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  const [id, other] = [wamid(), wamid()];
  await bakery.write('meu cartão é 4111', { id });
  await tired.write('meu cartão é 4111', { id: other });
  await atGate(before + 2);
  const now = Math.floor(Date.now() / 1000);
  for (const times of [1, 2, 3]) {
    await edit(tired, other, `meu cartão é 4111 ${times}`, now + times);
    await atGate(before + 2 + times);
  }
  await revoke(bakery, id);
  await revoke(tired, other, now + 4);
  await taken(bakery, 2);
  await taken(tired, 5);
  bench.gate.open();
  for (const each of [bakery, tired]) {
    await quiet(each);
    expect(answers(each)).toEqual([]);
  }
});

test.each([
  ['', echo],
  [', also where one answer comes after the other', oneAfterTheOther],
] as const)('of two messages of which one is taken back, the other is answered%s', async (_, nodes) => {
  const bakery = await opened(0, [...nodes]);
  bench.gate.shut();
  const before = bench.gate.waiting.length;
  const id = wamid();
  await bench.deliver(
    messagesDelivery({ phoneNumberId: bakery.phoneNumberId }, [
      { id: wamid(), type: 'text', text: { body: 'um bolo' } },
      { id, type: 'text', text: { body: 'não, dois' } },
    ]),
  );
  await taken(bakery, 2);
  await atGate(before + 1);
  await revoke(bakery, id);
  await taken(bakery, 3);
  bench.gate.open();
  await quiet(bakery);
  expect(answers(bakery)).toEqual(['um bolo']);
});
