import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { connect } from '#db/connect.js';
import { armFailpoints } from '#db/failpoint.js';
import { lineTo } from '#tests/support/outage.js';
import { workerBench, type BenchOrganization, type WorkerBench } from '#tests/support/worker.js';
import { createAdmission } from './admission.js';
import { openBackend } from './backend.js';

let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
});
afterEach(() => bench.stopWorkers());
afterAll(() => bench.close());

const echo: [string, string, object?][] = [
  ['start', 'trigger.whatsapp'],
  ['first', 'channel.send', { text: 'Um momento.' }],
  ['gate', 'test.gate'],
  ['reply', 'channel.send', { text: 'Você disse: {{ trigger.text }}' }],
];
const answers = ['Um momento.', 'Você disse: oi'];
const texts = (bakery: BenchOrganization): unknown[] =>
  bench.graph
    .sent()
    .filter((request) => request.phoneNumberId === bakery.phoneNumberId)
    .map((request) => (request.body['text'] as { body: string }).body);
/** Resolves when a run of the bakery stands at the gate. */
const atGate = (bakery: BenchOrganization) =>
  vi.waitFor(async () => {
    const working = await bench.rows<{ id: string }>(
      `select id from platform.runs where organization_id = $1 and status = 'running'`,
      [bakery.id],
    );
    expect(bench.gate.waiting).toContain(working[0]?.id);
  }, 60_000);
const statuses = async (bakery: BenchOrganization): Promise<string[]> =>
  (
    await bench.rows<{ status: string }>('select status from platform.runs where organization_id = $1 order by id', [
      bakery.id,
    ])
  ).map((run) => run.status);
const settled = (bakery: BenchOrganization, expected: string[]) =>
  vi.waitFor(async () => expect(await statuses(bakery)).toEqual(expected), 60_000);

/** A worker in a process of its own, ready to work; its clock may be minutes off. */
async function startProcess(leaseMs = 1_500, hold?: object, minutesOff = 0): Promise<ChildProcess> {
  const options = {
    hold,
    queue: bench.queue,
    graphUrl: bench.graph.url,
    masterKey: bench.masterKey.toString('base64'),
    leaseMs,
    minutesOff,
  };
  const script = join(import.meta.dirname, '../../tests/support/workerProcess.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

test('a run whose worker is killed is finished by another, and nothing is sent twice', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  // Far longer than this test: that its process is gone is seen without it.
  const leaseMs = existsSync('/proc/self/ns/pid') ? 600_000 : 1_500;
  const doomed = await startProcess(leaseMs);
  try {
    await bakery.write('oi');
    await vi.waitFor(() => expect(texts(bakery)).toEqual(['Um momento.']), 60_000);
    await vi.waitFor(
      async () =>
        expect(await bench.rows(`select state from platform.effects where organization_id = $1`, [bakery.id])).toEqual([
          { state: 'done' },
        ]),
      60_000,
    );
  } finally {
    doomed.kill('SIGKILL');
  }
  await bench.startWorker({ leaseMs });
  await settled(bakery, ['succeeded']);
  expect(texts(bakery)).toEqual(answers);
});

test.each([
  ['its report settles it, or a person', false],
  ['its report settles it even when a person has just said that it did not go out', true],
])('a message whose worker is killed between the channel and our record is not sent again: %s', async (_, denied) => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  const doomed = await startProcess();
  bench.graph.latencyMs = 60_000;
  try {
    await bakery.write('oi');
    const asked = () =>
      bench.graph.log.filter(
        (request) => request.phoneNumberId === bakery.phoneNumberId && request.body['type'] === 'text',
      );
    await vi.waitFor(() => expect(asked()).toHaveLength(1), 60_000);
  } finally {
    doomed.kill('SIGKILL');
    bench.graph.latencyMs = 0;
  }
  await bench.startWorker({ leaseMs: 1_500 });
  await settled(bakery, ['waiting']);
  const mine = bench.graph.log.filter(
    (request) => request.phoneNumberId === bakery.phoneNumberId && request.body['type'] === 'text',
  );
  expect(mine).toHaveLength(1);
  expect(
    await bench.rows(`select status from platform.messages where organization_id = $1 and author = 'team'`, [
      bakery.id,
    ]),
  ).toEqual([{ status: 'uncertain' }]);
  // The channel had its time to report: a person is asked, once.
  await bench.rows(`update platform.effects set updated_at = now() - interval '2 minutes' where organization_id = $1`, [
    bakery.id,
  ]);
  const alerts = () =>
    bench.events.filter(({ organizationId, event }) => organizationId === bakery.id && event.type === 'alert');
  await vi.waitFor(
    () =>
      expect(alerts()).toMatchObject([{ event: { alert: { code: 'effect_uncertain', runId: expect.any(String) } } }]),
    10_000,
  );
  if (denied) {
    for (const [table, status] of [
      ['effects', `state = 'not_done', settled_by = 'person'`],
      ['messages', `status = 'failed'`],
    ])
      await bench.rows(
        `update platform.${table} set ${status} where organization_id = $1 and ${table === 'effects' ? 'state' : 'status'} = 'uncertain'`,
        [bakery.id],
      );
  }
  // It reports after all: the run goes on, and only what had not been sent is sent.
  const echoed = String(mine[0]?.body['biz_opaque_callback_data']);
  await bakery.report('wamid.late', 'delivered', { biz_opaque_callback_data: echoed });
  await settled(bakery, ['succeeded']);
  expect(texts(bakery)).toEqual(['Você disse: oi']);
  expect(
    await bench.rows(
      `select state, settled_by, attempts from platform.effects where organization_id = $1 order by created_at`,
      [bakery.id],
    ),
  ).toEqual([
    { state: 'done', settled_by: 'provider', attempts: 1 },
    { state: 'done', settled_by: 'worker', attempts: 1 },
  ]);
  expect(alerts()).toHaveLength(1);
});

/** A worker that has put down what it is about to send, and stands right before it, however that is. */
const stands = ['killed', 'stopped', 'blocked'] as const;
test.each(stands)(
  'a worker %s right before a message leaves sends nothing any more: a person says so, and it goes out once',
  async (how) => {
    const bakery = await bench.organization();
    await bakery.publish(echo);
    const folder = mkdtempSync(join(tmpdir(), 'held-'));
    const until = join(folder, 'go');
    const doomed = await startProcess(1_500, {
      at: 'outbound.call.before',
      until,
      how: how === 'blocked' ? 'blocked' : 'waiting',
    });
    const ended = once(doomed, 'exit');
    const calls = () =>
      bench.graph.log.filter(
        (request) => request.phoneNumberId === bakery.phoneNumberId && request.body['type'] === 'text',
      );
    try {
      const held = once(doomed.stdout as Readable, 'data');
      await bakery.write('oi');
      await held;
      if (how === 'killed') doomed.kill('SIGKILL');
      if (how === 'stopped') doomed.kill('SIGSTOP');
      // Another takes the run: that the message was to be sent is on record, and nothing says whether it was.
      await bench.startWorker({ leaseMs: 1_500 });
      await settled(bakery, ['waiting']);
      writeFileSync(until, '');
      doomed.kill('SIGCONT');
      if (how !== 'killed') {
        // Past the place where it stood, it has heard that it is taken for dead and begun another life.
        const [name] = await bench.rows<{ id: string }>(`select id from platform.workers where id like $1`, [
          `%/${doomed.pid}/%`,
        ]);
        await vi.waitFor(async () => {
          const [again] = await bench.rows<{ epoch: number }>('select epoch from platform.workers where id = $1', [
            name?.id,
          ]);
          expect(again?.epoch).toBeGreaterThan(1);
        }, 20_000);
      }
      doomed.kill('SIGKILL');
      await ended;
      expect(calls()).toEqual([]);
      expect(await statuses(bakery)).toEqual(['waiting']);
      await bench.rows(
        `update platform.effects set state = 'not_done', settled_by = 'person' where organization_id = $1 and state = 'uncertain'`,
        [bakery.id],
      );
      await bench.rows(
        `update platform.runs set status = 'queued', admitted_at = null where organization_id = $1 and status = 'waiting'`,
        [bakery.id],
      );
      await settled(bakery, ['succeeded']);
      expect(texts(bakery)).toEqual(answers);
    } finally {
      doomed.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  },
);

test('a worker that is told to stop puts its runs down for the next one', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  bench.gate.shut();
  const first = await bench.startWorker({ drainMs: 50 });
  await bakery.write('oi');
  await atGate(bakery);
  await first.close();
  expect(await statuses(bakery)).toEqual(['queued']);
  bench.gate.open();
  await bench.startWorker();
  await settled(bakery, ['succeeded']);
  expect(texts(bakery)).toEqual(answers);
});

test('a schedule fires once, however many workers look', async () => {
  const bakery = await bench.organization();
  const versionId = await bakery.publish([
    ['alarm', 'trigger.schedule', { cron: '0 8 * * *', timezone: 'America/Recife' }],
  ]);
  const at = '2026-01-05T11:00:00.000Z';
  await bench.db.withOrganization(bakery.id, (trx) =>
    trx.raw(
      `insert into platform.schedules (id, organization_id, department_id, node_id, cron, timezone, next_at) values (?, ?, ?, 'alarm', '0 8 * * *', 'America/Recife', ?)`,
      [uuidv7(), bakery.id, bakery.departmentId, at],
    ),
  );
  await Promise.all([bench.startWorker(), bench.startWorker()]);
  await settled(bakery, ['succeeded']);
  const [schedule] = await bench.rows<{ next_at: Date }>(
    'select next_at from platform.schedules where organization_id = $1',
    [bakery.id],
  );
  expect(schedule?.next_at.getTime()).toBeGreaterThan(Date.now());
  // 8 a.m. in Recife, three hours behind UTC and without summer time.
  expect(schedule?.next_at.toISOString()).toMatch(/T11:00:00/);
  expect(
    await bench.rows('select version_id, trigger_node, input from platform.runs where organization_id = $1', [
      bakery.id,
    ]),
  ).toEqual([{ version_id: versionId, trigger_node: 'alarm', input: { at } }]);
});

test('a wait whose time has come goes on', async () => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['ask', 'human.ask', { question: 'Pra quando?', timeoutMinutes: 60 }],
  ]);
  await bench.startWorker();
  await bakery.write('oi');
  await settled(bakery, ['waiting']);
  await bench.rows(`update platform.waits set wake_at = now() where organization_id = $1`, [bakery.id]);
  await settled(bakery, ['succeeded']);
  const [ended] = await bench.rows<{ output: unknown }>(`select output from platform.runs where organization_id = $1`, [
    bakery.id,
  ]);
  expect((await bench.vaultOf(bakery.id)).openJson(ended?.output)).toBeNull();
});

test('a run that waits for nothing is found by the sweeper, and asks again', async () => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['ask', 'human.ask', { question: 'Pra quando?' }],
    ['reply', 'channel.send', { text: 'Fica pra {{ steps.ask.text }}.' }],
  ]);
  const open = () =>
    bench.rows('select path from platform.waits where organization_id = $1 and answered_at is null', [bakery.id]);
  const first = await bench.startWorker();
  await bakery.write('quero um bolo');
  await settled(bakery, ['waiting']);
  await first.close();
  await bench.rows('delete from platform.waits where organization_id = $1', [bakery.id]);
  await bench.startWorker();
  await vi.waitFor(async () => expect(await open()).toEqual([{ path: 'ask' }]), 60_000);
  await settled(bakery, ['waiting']);
  await bakery.write('sábado');
  await settled(bakery, ['succeeded']);
  // The question was on its way once, whatever became of the wait.
  expect(texts(bakery)).toEqual(['Pra quando?', 'Fica pra sábado.']);
});

test('a queue that has forgotten everything is filled again', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  bench.gate.shut();
  const first = await bench.startWorker({ drainMs: 0 });
  await bakery.write('oi');
  await atGate(bakery);
  await first.close();
  bench.gate.open();
  const admission = createAdmission({ engine: bench.db.engine, queues: bench.queues, share: 10, refillAfterMs: 0 });
  await admission.sweep();
  await admission.close();
  const backend = await openBackend(bench.queue);
  const queue = backend.queue('first-runs') as ReturnType<typeof backend.queue> & {
    obliterate(options: { force: boolean }): Promise<void>;
  };
  await vi.waitFor(async () => expect(await queue.getJobCounts()).not.toMatchObject({ waiting: 0, active: 0 }), 60_000);
  await queue.obliterate({ force: true });
  await queue.close();
  await backend.close();
  expect(
    await bench.rows(`select 1 from platform.runs where status = 'queued' and admitted_at is not null`),
  ).toHaveLength(1);
  await bench.rows(`update platform.runs set admitted_at = now() - interval '1 minute'`);
  await bench.startWorker();
  await settled(bakery, ['succeeded']);
  expect(texts(bakery)).toEqual(answers);
});

test('what was stored and never announced is handled all the same', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  await bakery.write('oi');
  const backend = await openBackend(bench.queue);
  for (const name of ['inbound', 'first-inbound']) {
    const queue = backend.queue(name) as ReturnType<typeof backend.queue> & {
      obliterate(options: { force: boolean }): Promise<void>;
    };
    await queue.obliterate({ force: true });
    await queue.close();
  }
  await backend.close();
  await bench.rows(`update platform.inbound_events set received_at = now() - interval '10 seconds'`);
  await bench.startWorker();
  await settled(bakery, ['succeeded']);
  expect(texts(bakery)).toEqual(answers);
});

test('while the database is away the worker waits, and then goes on without losing or repeating anything', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  const line = await lineTo(bench.queue.databaseUrl);
  const database = connect(line.url);
  try {
    bench.gate.shut();
    await bench.startWorker({ leaseMs: 1_000 }, { database, queue: { ...bench.queue, databaseUrl: line.url } });
    await bakery.write('oi');
    await atGate(bakery);
    // Else nobody would know whether the first message left, and a person be asked.
    const onRecord = `select 1 from platform.effects where organization_id = $1 and state = 'done'`;
    await vi.waitFor(async () => expect(await bench.rows(onRecord, [bakery.id])).toHaveLength(1), 60_000);
    line.cut();
    bench.gate.open();
    // Longer than the lease, so that the worker must assume that others have taken its runs.
    const silent = `select 1 from platform.workers where alive and seen_at < now() - interval '2 seconds'`;
    await vi.waitFor(async () => expect(await bench.rows(silent)).toHaveLength(1), 60_000);
    expect(texts(bakery)).toEqual(['Um momento.']);
    line.mend();
    await settled(bakery, ['succeeded']);
    expect(texts(bakery)).toEqual(answers);
    await bakery.write('oi', { from: '5581933330000' });
    await settled(bakery, ['succeeded', 'succeeded']);
  } finally {
    line.mend();
    await bench.stopWorkers();
    await database.close();
    await line.close();
  }
});

test.each([
  ['that was alone', 1],
  ['and of others', 3],
] as const)(
  'a database that is away for longer than the lease is not held against the runs of a worker %s',
  async (_, many) => {
    const bakery = await bench.organization();
    await bakery.publish(echo.filter(([id]) => id !== 'first'));
    const line = await lineTo(bench.queue.databaseUrl);
    const databases = Array.from({ length: many }, () => connect(line.url));
    try {
      bench.gate.shut();
      for (const database of databases)
        await bench.startWorker({ leaseMs: 3_000 }, { database, queue: { ...bench.queue, databaseUrl: line.url } });
      const customers = Array.from({ length: 6 }, (_, index) => `558193333000${index}`);
      for (const from of customers) await bakery.write('oi', { from });
      const runs = () =>
        bench.rows<{ id: string; deaths: number }>('select id, deaths from platform.runs where organization_id = $1', [
          bakery.id,
        ]);
      /** All of them have come to the gate so often. */
      const standing = (often: number) =>
        vi.waitFor(async () => {
          const all = await runs();
          expect(all).toHaveLength(customers.length);
          for (const { id } of all)
            expect(bench.gate.waiting.filter((one) => one === id).length).toBeGreaterThanOrEqual(often);
        }, 60_000);
      await standing(1);
      for (const times of [1, 2]) {
        line.cut();
        // The first to be back finds all of them silent for so long that they may be dead.
        const silent = `select 1 from platform.workers where alive and seen_at < now() - interval '4 seconds'`;
        await vi.waitFor(async () => expect(await bench.rows(silent)).toHaveLength(many), 60_000);
        line.mend();
        await standing(times + 1);
      }
      expect((await runs()).map(({ deaths }) => deaths)).toEqual(customers.map(() => 0));
      bench.gate.open();
      await settled(
        bakery,
        customers.map(() => 'succeeded'),
      );
      expect(texts(bakery)).toHaveLength(customers.length);
    } finally {
      line.mend();
      await bench.stopWorkers();
      for (const database of databases) await database.close();
      await line.close();
    }
  },
);

test('a worker outlives a database that goes away while a run is being written down', async () => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['reply', 'channel.send', { text: 'Às nove.' }],
  ]);
  const line = await lineTo(bench.queue.databaseUrl);
  const database = connect(line.url);
  const unheard = vi.fn<(reason: unknown) => void>();
  process.on('unhandledRejection', unheard);
  const customers = Array.from({ length: 6 }, (_, index) => `558193333100${index}`);
  let cuts = 0;
  try {
    await bench.startWorker({}, { database });
    armFailpoints((name) => {
      if (name !== 'transaction.commit.before' || cuts === customers.length) return undefined;
      cuts += 1;
      line.cut();
      line.mend();
      return undefined;
    });
    for (const from of customers) await bakery.write('Que horas abrem?', { from });
    await vi.waitFor(() => expect(texts(bakery)).toHaveLength(customers.length), 60_000);
    expect(cuts).toBe(customers.length);
    expect(unheard.mock.calls).toEqual([]);
  } finally {
    armFailpoints(() => undefined);
    process.off('unhandledRejection', unheard);
    await bench.stopWorkers();
    await database.close();
    await line.close();
  }
});

test('what the channel said while the database was away is on record once it is back, and nobody is asked', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  const line = await lineTo(bench.queue.databaseUrl);
  const database = connect(line.url);
  try {
    await bench.startWorker({}, { database, queue: { ...bench.queue, databaseUrl: line.url } });
    // Long enough for the line to be cut between what the channel takes and what it says.
    bench.graph.latencyMs = 1_000;
    const asked = () =>
      bench.graph.log.filter((entry) => entry.phoneNumberId === bakery.phoneNumberId && entry.body['type'] === 'text');
    await bakery.write('oi');
    await vi.waitFor(() => expect(asked()).toHaveLength(1), { timeout: 60_000, interval: 5 });
    line.cut();
    await vi.waitFor(() => expect(texts(bakery)).toEqual(['Um momento.']), 60_000);
    bench.graph.latencyMs = 0;
    // Long enough to have missed a beat, and not to be taken for dead.
    const silent = `select 1 from platform.workers where alive and seen_at < now() - interval '6 seconds'`;
    await vi.waitFor(async () => expect(await bench.rows(silent)).not.toEqual([]), 60_000);
    line.mend();
    await settled(bakery, ['succeeded']);
    expect(texts(bakery)).toEqual(answers);
    expect(
      await bench.rows('select distinct state, settled_by from platform.effects where organization_id = $1', [
        bakery.id,
      ]),
    ).toEqual([{ state: 'done', settled_by: 'worker' }]);
  } finally {
    bench.graph.latencyMs = 0;
    line.mend();
    await bench.stopWorkers();
    await database.close();
    await line.close();
  }
});

test('so is what it refused, and the message goes out: nobody is asked for ever', async () => {
  const bakery = await bench.organization();
  await bakery.publish(echo);
  const line = await lineTo(bench.queue.databaseUrl);
  const database = connect(line.url);
  try {
    await bench.startWorker({}, { database, queue: { ...bench.queue, databaseUrl: line.url } });
    bench.graph.latencyMs = 1_000;
    // One of them for what shows the customer that they are read.
    const no = { kind: 'error', status: 500, code: 131000 } as const;
    bench.graph.faults.push(no, no);
    const asked = () =>
      bench.graph.log.filter((entry) => entry.phoneNumberId === bakery.phoneNumberId && entry.body['type'] === 'text');
    await bakery.write('oi');
    await vi.waitFor(() => expect(asked()).toHaveLength(1), { timeout: 60_000, interval: 5 });
    line.cut();
    await vi.waitFor(() => expect(bench.graph.faults).toEqual([]), 60_000);
    bench.graph.latencyMs = 0;
    const silent = `select 1 from platform.workers where alive and seen_at < now() - interval '6 seconds'`;
    await vi.waitFor(async () => expect(await bench.rows(silent)).not.toEqual([]), 60_000);
    line.mend();
    await settled(bakery, ['succeeded']);
    expect(texts(bakery)).toEqual(answers);
    expect(
      await bench.rows(
        'select state, settled_by, attempts from platform.effects where organization_id = $1 order by created_at',
        [bakery.id],
      ),
    ).toEqual([
      { state: 'done', settled_by: 'worker', attempts: 2 },
      { state: 'done', settled_by: 'worker', attempts: 1 },
    ]);
    expect(
      await bench.rows(`select status from platform.messages where organization_id = $1 and direction = 'out'`, [
        bakery.id,
      ]),
    ).toEqual([{ status: 'sent' }, { status: 'sent' }]);
    // Whoever looks at the conversation or at the run was told of the no, which came before it went out after all.
    const shown = bench.events.flatMap(({ organizationId, event }) =>
      organizationId === bakery.id && event.type === 'message' && event.message.text === answers[0]
        ? [event.message.status]
        : [],
    );
    expect(shown).toContain('failed');
    expect(shown.at(-1)).toBe('sent');
  } finally {
    bench.graph.faults.splice(0);
    bench.graph.latencyMs = 0;
    line.mend();
    await bench.stopWorkers();
    await database.close();
    await line.close();
  }
});

test.each([-10, 10])('a worker whose clock is %i minutes off waits as long as it is told to', async (minutes) => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp', { burstSeconds: 1 }],
    ['pause', 'logic.delay', { amount: 2, unit: 'seconds' }],
    ['reply', 'channel.send', { text: 'Você disse: {{ trigger.text }}' }],
  ]);
  const child = await startProcess(15_000, undefined, minutes);
  try {
    await bakery.write('oi');
    await settled(bakery, ['succeeded']);
    const [waited] = await bench.rows<{ burst: number; pause: number }>(
      `select extract(epoch from r.started_at - r.created_at)::float8 as burst, extract(epoch from w.wake_at - w.created_at)::float8 as pause
       from platform.runs r join platform.waits w on w.run_id = r.id where r.organization_id = $1`,
      [bakery.id],
    );
    expect(waited?.burst).toBeGreaterThanOrEqual(1);
    // By clocks that may be a moment apart, and written down a moment after it is counted.
    expect(Math.abs((waited?.pause ?? Infinity) - 2)).toBeLessThan(60);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
