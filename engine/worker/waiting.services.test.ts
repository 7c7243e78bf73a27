import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { openKeyring } from '#db/seal.js';
import { Journal } from '#engine/run/journal.js';
import { registerWorker } from '#engine/run/lease.js';
import { openBackend } from './backend.js';
import { answerEvent } from './conversation/answerEvent.js';
import { answerOpenQuestion } from './conversation/answerWait.js';
import { noticeAnswer } from './conversation/resumeRun.js';
import { bindKeyring, transaction } from './query.js';
import { takeStatus } from './inbound/status.js';
import { endDismissed } from './sweep/dismissed.js';
import { answerDueWaits } from './sweep/waits.js';
import { workerBench, type BenchOrganization, type WorkerBench } from '#tests/support/worker.js';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 60_000 });

let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
  bindKeyring(bench.db.engine, openKeyring(bench.masterKey));
});
afterAll(() => bench.close());

const WAITING = 2_000;
/** Of them, whose time comes once they wait. */
const GO_ON = 100;
/** Most bytes that a waiting run takes in the database, indexes included. */
const BYTES_EACH = 4_096;
const TABLES = ['runs', 'run_steps', 'step_packs', 'waits', 'checkpoints', 'checkpoint_writes'];

const bytes = async (): Promise<number> => {
  const [size] = await bench.rows<{ bytes: string }>(
    `select sum(pg_total_relation_size(('platform.' || name)::regclass)) as bytes from unnest($1::text[]) name`,
    [TABLES],
  );
  return Number(size?.bytes);
};
const statuses = async (organizationId: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (
      await bench.rows<{ status: string; n: number }>(
        'select status, count(*)::int as n from platform.runs where organization_id = $1 group by status',
        [organizationId],
      )
    ).map(({ status, n }) => [status, n]),
  );
/** What this process has been asked to do later. */
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

test('thousands of waiting runs cost a few bytes each and nothing else, and go on in another process', async () => {
  const bakery = await bench.organization();
  const versionId = await bakery.publish([
    ['start', 'trigger.manual'],
    ['ask', 'logic.delay', { amount: 30, unit: 'days' }],
    ['end', 'data.set'],
  ]);
  await bench.startWorker({ concurrency: 64, share: 2_000 });
  const idle = timers();
  const ids = Array.from({ length: WAITING }, () => uuidv7());
  const before = await bytes();
  await bench.rows(
    `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input)
     select id, $2, $3, $4, 'start', '{}' from unnest($1::uuid[]) id`,
    [ids, bakery.id, bakery.departmentId, versionId],
  );
  await vi.waitFor(async () => expect(await statuses(bakery.id)).toEqual({ waiting: WAITING }), {
    timeout: 300_000,
    interval: 500,
  });
  const backend = await openBackend(bench.queue);
  const counts = await backend.queue('runs').getJobCounts();
  await backend.close();
  expect(Object.values(counts).reduce((all, one) => all + one, 0)).toBe(0);
  // Some come and go with connections and sweeps; none is there for a run.
  expect(timers()).toBeLessThan(idle + 50);
  const each = ((await bytes()) - before) / WAITING;
  console.log(
    `${WAITING} waiting runs: ${Math.round(each)} bytes each, indexes and all that was written over included`,
  );
  expect(each).toBeLessThan(BYTES_EACH);

  await bench.stopWorkers();
  await bench.rows(`update platform.waits set wake_at = now() where run_id = any($1)`, [ids.slice(0, GO_ON)]);
  await bench.startWorker({ concurrency: 64, share: 2_000 });
  await vi.waitFor(
    async () => expect(await statuses(bakery.id)).toEqual({ waiting: WAITING - GO_ON, succeeded: GO_ON }),
    {
      timeout: 300_000,
      interval: 500,
    },
  );
  const [twice] = await bench.rows<{ n: number }>(
    `select count(*)::int as n from platform.run_steps where organization_id = $1 and attempt > 1`,
    [bakery.id],
  );
  expect(twice?.n).toBe(0);
});

/** A run that waits, and what it waits for: a time that has come, a customer, and an event. */
async function waitingRun(organization: BenchOrganization, versionId: string, key: string) {
  const [runId, conversationId] = [uuidv7(), uuidv7()];
  await bench.rows(
    `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input, status, admitted_at)
     values ($1, $2, $3, $4, 'start', '{}', 'waiting', now())`,
    [runId, organization.id, organization.departmentId, versionId],
  );
  for (const [kind, wakeAt, conversation, event] of [
    ['time', new Date(Date.now() - 1_000), null, null],
    ['contact', null, conversationId, null],
    ['event', null, null, key],
  ] as const)
    await bench.rows(
      `insert into platform.waits (id, organization_id, run_id, path, kind, conversation_id, wake_at, event_key) values ($1, $2, $3, $4, $4, $5, $6, $7)`,
      [uuidv7(), organization.id, runId, kind, conversation, wakeAt, event],
    );
  return { runId, conversationId };
}

const eventOf = (departmentId: string, key: string) => ({ id: uuidv7(), departmentId, key, payload: null });

const answerers: Record<
  string,
  (around: { organization: BenchOrganization; key: string; conversationId: string }) => Promise<unknown>
> = {
  time: () => answerDueWaits(bench.db.engine),
  event: ({ organization, key }) =>
    transaction(bench.db.engine, async (query) =>
      answerEvent(query, await query.vault(organization.id), eventOf(organization.departmentId, key)),
    ),
  contact: ({ organization, conversationId }) =>
    transaction(bench.db.engine, (query) =>
      answerOpenQuestion(
        query,
        {
          id: uuidv7(),
          organization_id: organization.id,
          conversation_id: conversationId,
          direction: 'in',
          author: 'contact',
          kind: 'text',
          text: 'às 9h',
          payload: {},
          status: 'received',
          error: null,
          run_id: null,
          external_id: null,
          sent_at: new Date(),
        },
        new Date(),
      ),
    ),
};

/** Whoever waits for a row. */
const heldUp = (): Promise<unknown[]> =>
  bench.rows(
    `select distinct l.pid from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()`,
  );

/** Until the database lets somebody wait for a row, or the work is done. */
const heldUpOrDone = async (work: Promise<unknown>): Promise<void> => {
  let done = false;
  const settle = () => void (done = true);
  work.then(settle, settle);
  await vi.waitFor(
    async () => {
      const held = await heldUp();
      expect(done || held.length > 0).toBe(true);
    },
    { timeout: 30_000, interval: 20 },
  );
};

/** One would answer what is due before we do. */
const withoutWorkers = (): Promise<void> => bench.stopWorkers();

test.each(Object.entries(answerers))(
  'whoever answers (%s) and whoever holds the run and goes for its waits do not wait for each other in a circle',
  async (kind, answer) => {
    await withoutWorkers();
    const organization = await bench.organization();
    const versionId = await organization.publish([['start', 'trigger.manual']]);
    const key = uuidv7();
    const { runId, conversationId } = await waitingRun(organization, versionId, key);
    const person = await bench.db.engine.connect();
    let answered: Promise<unknown> = Promise.resolve();
    try {
      await person.query('begin');
      await person.query('select 1 from platform.runs where id = $1 for update', [runId]);
      answered = answer({ organization, key, conversationId });
      await heldUpOrDone(answered);
      await person.query('update platform.waits set question = null where run_id = $1', [runId]);
    } finally {
      await person.query('commit');
      person.release();
    }
    await answered;
    // The sweep passes by what is held and comes again.
    if (kind === 'time') await answer({ organization, key, conversationId });
    expect(
      await bench.rows('select path from platform.waits where run_id = $1 and answered_at is not null', [runId]),
    ).toEqual([{ path: kind }]);
    expect(await bench.rows('select status, unseen_answers from platform.runs where id = $1', [runId])).toEqual([
      { status: 'queued', unseen_answers: 1 },
    ]);
  },
);

test.each(['time', 'event'] as const)(
  'runs that come to rest together and those that are answered together (%s) do not either',
  async (kind) => {
    await withoutWorkers();
    const organization = await bench.organization();
    const versionId = await organization.publish([['start', 'trigger.manual']]);
    const key = uuidv7();
    const runs = [];
    for (let left = 4; left > 0; left -= 1) runs.push((await waitingRun(organization, versionId, key)).runId);
    const [first, second] = [...runs].sort();
    // As the flush of a worker takes several: in the order of their ids.
    const flush = await bench.db.engine.connect();
    let answered: Promise<unknown> = Promise.resolve();
    try {
      await flush.query('begin');
      await flush.query('select 1 from platform.runs where id = $1 for no key update', [first]);
      answered = answerers[kind]?.({ organization, key, conversationId: uuidv7() }) ?? answered;
      await heldUpOrDone(answered);
      await flush.query('select 1 from platform.runs where id = $1 for no key update', [second]);
    } finally {
      await flush.query('commit');
      flush.release();
    }
    await answered;
    if (kind === 'time') await answerDueWaits(bench.db.engine);
    expect(await bench.rows('select status, unseen_answers from platform.runs where id = any($1)', [runs])).toEqual(
      runs.map(() => ({ status: 'queued', unseen_answers: 1 })),
    );
  },
);

test('a run that comes to wait in the moment in which its department is let go ends too, and browsers are told', async () => {
  const bakery = await bench.organization();
  const versionId = await bakery.publish([
    ['start', 'trigger.manual'],
    ['pause', 'logic.delay', { amount: 30, unit: 'days' }],
  ]);
  await bench.startWorker();
  const id = uuidv7();
  const status = async (): Promise<unknown> =>
    (await bench.rows('select status, finished_at is not null as finished from platform.runs where id = $1', [id]))[0];
  await bench.db.withOrganization(bakery.id, async (trx) => {
    await trx.raw(`update platform.departments set status = 'paused', dismissed_at = now() where id = ?`, [
      bakery.departmentId,
    ]);
    await bench.rows(
      `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input) values ($1, $2, $3, $4, 'start', '{}')`,
      [id, bakery.id, bakery.departmentId, versionId],
    );
    await vi.waitFor(async () => expect(await status()).toEqual({ status: 'waiting', finished: false }), 60_000);
  });
  const told: unknown[] = [];
  await endDismissed(bench.db.engine, { publish: (organizationId, event) => told.push([organizationId, event]) });
  expect(await status()).toEqual({ status: 'canceled', finished: true });
  const run = { id, departmentId: bakery.departmentId, conversationId: null, status: 'canceled' };
  expect(told).toEqual([[bakery.id, { type: 'run', run }]]);
  await bench.stopWorkers();
});

test('two answers at once to two runs of one conversation are both kept: one run goes on, and the other after it', async () => {
  const organization = await bench.organization();
  await organization.publish([
    ['start', 'trigger.whatsapp'],
    ['ask', 'human.ask', { question: 'Pode?', of: 'member' }],
  ]);
  await bench.startWorker();
  const waiting = () =>
    bench.rows<{ id: string }>(`select id from platform.runs where organization_id = $1 and status = 'waiting'`, [
      organization.id,
    ]);
  for (const count of [1, 2]) {
    await organization.write('oi');
    await vi.waitFor(async () => expect(await waiting()).toHaveLength(count), { timeout: 60_000, interval: 50 });
  }
  await bench.stopWorkers();
  const [one, other] = (await waiting()).map(({ id }) => id) as [string, string];
  let second: Promise<unknown> = Promise.resolve();
  await transaction(bench.db.engine, async (query) => {
    await noticeAnswer(query, one);
    second = transaction(bench.db.engine, (beside) => noticeAnswer(beside, other));
    await heldUpOrDone(second);
  });
  await second;
  const states = await bench.rows(
    'select id, status, unseen_answers from platform.runs where organization_id = $1 order by unseen_answers, status',
    [organization.id],
  );
  expect(states).toEqual([
    { id: one, status: 'queued', unseen_answers: 1 },
    { id: other, status: 'waiting', unseen_answers: 1 },
  ]);
});

/** What a worker writes down of these runs in one flush. */
const flushOf = async (journal: Journal, organization: BenchOrganization, intends: string, ends: string) => {
  const about = { organization: organization.id };
  await Promise.all([
    journal.intend({ kind: 'intent', run: intends, key: 'step:message:1', ...about }),
    journal.add({ kind: 'run', run: ends, status: 'succeeded', output: Buffer.from('null'), error: null, ...about }),
  ]);
};

test('two workers of which each is about to act in a run that the other one ends do not wait for each other in a circle', async () => {
  const { engine } = bench.db;
  const organization = await bench.organization();
  const versionId = await organization.publish([['start', 'trigger.manual']]);
  const leases = await Promise.all(['one', 'other'].map((id) => registerWorker(engine, { id })));
  const runs: string[] = [];
  for (const { token } of leases) {
    const { runId } = await waitingRun(organization, versionId, uuidv7());
    await bench.rows(`update platform.runs set status = 'running', worker = $2 where id = $1`, [runId, token]);
    runs.push(runId);
  }
  const journals = leases.map((lease) => new Journal(engine, lease, bench.vaultOf));
  // Somebody stands between what each intends and what it ends.
  const between = await engine.connect();
  let flushes: Promise<unknown> = Promise.resolve();
  try {
    await between.query('begin');
    for (const run of runs)
      await between.query(
        `insert into platform.effects (run_id, key, organization_id, state, worker) values ($1, 'step:message:1', $2, 'intended', 'x@1')`,
        [run, organization.id],
      );
    const all = journals.map((journal, index) =>
      flushOf(journal, organization, runs[1 - index] ?? '', runs[index] ?? ''),
    );
    flushes = Promise.all(all);
    flushes.catch(() => {});
    await vi.waitFor(async () => expect(await heldUp()).toHaveLength(2), { timeout: 30_000, interval: 20 });
  } finally {
    await between.query('rollback');
    between.release();
  }
  await flushes;
  expect(await bench.rows('select distinct status from platform.runs where id = any($1)', [runs])).toEqual([
    { status: 'succeeded' },
  ]);
});

test('a report of a message and the worker that writes down the same, and what its run does next, do not either', async () => {
  const { engine } = bench.db;
  const organization = await bench.organization();
  await organization.publish([
    ['start', 'trigger.whatsapp'],
    ['say', 'channel.send', { text: 'Oi' }],
  ]);
  await bench.startWorker();
  await organization.write('Bom dia');
  const sent = () =>
    bench.rows<{ id: string; runId: string; key: string; opaque: string }>(
      `select m.id, m.run_id as "runId", e.key, m.payload ->> 'opaque' as opaque from platform.messages m join platform.effects e on e.run_id = m.run_id
       join platform.runs r on r.id = m.run_id where m.organization_id = $1 and m.direction = 'out' and r.status = 'succeeded'`,
      [organization.id],
    );
  await vi.waitFor(async () => expect(await sent()).toHaveLength(1), { timeout: 60_000, interval: 50 });
  await bench.stopWorkers();
  const [{ id, runId, key, opaque } = { id: '', runId: '', key: '', opaque: '' }] = await sent();
  // The channel has taken it, and its worker is about to write that down.
  const lease = await registerWorker(engine, { id: 'telling' });
  await bench.rows(`update platform.messages set status = 'queued', external_id = null where id = $1`, [id]);
  await bench.rows(`update platform.effects set state = 'intended', result = null where run_id = $1`, [runId]);
  await bench.rows(`update platform.runs set status = 'running', finished_at = null, worker = $2 where id = $1`, [
    runId,
    lease.token,
  ]);
  const item = {
    kind: 'status',
    externalId: 'status:wamid.told:sent',
    phoneNumberId: organization.phoneNumberId,
    messageId: 'wamid.told',
    status: 'sent',
    timestamp: new Date().toISOString(),
    opaque,
    error: null,
    raw: {},
  } as const;
  const between = await engine.connect();
  let both: Promise<unknown> = Promise.resolve();
  try {
    await between.query('begin');
    await between.query('select 1 from platform.effects where run_id = $1 for update', [runId]);
    const report = transaction(engine, (query) =>
      takeStatus(query, {
        id: uuidv7(),
        receivedAt: new Date(),
        channel: { ...organization, id: uuidv7(), kind: 'whatsapp', locale: 'pt-BR', organizationId: organization.id },
        item,
      }),
    );
    await heldUpOrDone(report);
    const journal = new Journal(engine, lease, bench.vaultOf);
    const about = { run: runId, organization: organization.id };
    const message = { id, externalId: 'wamid.told' };
    both = Promise.all([
      report,
      journal.add({ kind: 'outcome', attempt: 1, key, state: 'done', result: null, by: 'worker', message, ...about }),
      journal.intend({ kind: 'intent', key: 'next:message:1', ...about }),
    ]);
    both.catch(() => {});
    await vi.waitFor(async () => expect(await heldUp()).toHaveLength(2), { timeout: 30_000, interval: 20 });
  } finally {
    await between.query('rollback');
    between.release();
  }
  await both;
  expect(await bench.rows('select key, state from platform.effects where run_id = $1 order by key', [runId])).toEqual([
    { key: 'next:message:1', state: 'intended' },
    { key, state: 'done' },
  ]);
  await lease.release();
});
