import { uuidv7 } from 'uuidv7';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect } from '#db/connect.js';
import { openKeyring } from '#db/seal.js';
import type { LiveEvent } from '#engine/graph/events.js';
import { lineTo } from '#tests/support/outage.js';
import { textDelivery } from '#tests/support/meta/deliveries.js';
import { workerBench, type WorkerBench } from '#tests/support/worker.js';
import { canOwnServices, startServices } from '../../tests/support/services/start.mjs';
import { openBackend } from './backend.js';
import { channelOf } from './bus.js';
import { createRedisBus } from './redisBus.js';
import { openQueues } from './enqueue.js';
import { bindKeyring, transaction } from './query.js';

const redisUrl = process.env['REDIS_URL'] ?? '';
let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
});
afterAll(() => bench.close());

test('a Redis that may evict jobs is refused with one clear line', async () => {
  const line = await lineTo(redisUrl, (said) =>
    said.replace('maxmemory_policy:noeviction', 'maxmemory_policy:allkeysLRU'),
  );
  await expect(openQueues({ ...bench.queue, redisUrl: line.url })).rejects.toThrow(
    /^REDIS_URL: Redis at 127\.0\.0\.1:\d+ may evict jobs .* set it to noeviction$/,
  );
  await line.close();
});

test('while Redis is away nothing is lost, and the worker goes on by itself', async () => {
  const bakery = await bench.organization();
  await bakery.publish([
    ['start', 'trigger.whatsapp'],
    ['reply', 'channel.send', { text: 'Você disse: {{ trigger.text }}' }],
  ]);
  const line = await lineTo(redisUrl);
  const queue = { ...bench.queue, redisUrl: line.url };
  const queues = await openQueues(queue);
  const worker = await bench.startWorker({}, { queue });
  try {
    line.cut();
    await vi.waitFor(() => expect(queues.ping()).rejects.toThrow('Redis does not answer'), 60_000);
    // The webhook keeps what arrives although nobody can be told.
    await bench.store(textDelivery({ phoneNumberId: bakery.phoneNumberId }, 'oi'));
    await expect(queues.add('inbound', { eventId: uuidv7() })).rejects.toThrow('Redis does not answer');
    line.mend();
    await vi.waitFor(
      () => expect(bench.graph.sent().map((sent) => sent.body['text'])).toMatchObject([{ body: 'Você disse: oi' }]),
      25_000,
    );
  } finally {
    await worker.close();
    await queues.close();
    await line.close();
  }
});

test('a worker that is told to stop while Redis is away stops', async () => {
  const line = await lineTo(redisUrl);
  const away = vi.fn<(error: Error) => void>();
  const worker = await bench.startWorker({}, { queue: { ...bench.queue, redisUrl: line.url, onError: away } });
  try {
    line.cut();
    await vi.waitFor(() => expect(away).toHaveBeenCalled(), 60_000);
    await worker.close();
  } finally {
    await line.close();
  }
});

test.each(['cut', 'hush'] as const)('so does one whose job is done when the way to Redis is %s', async (fault) => {
  const line = await lineTo(redisUrl);
  const name = uuidv7();
  const backend = await openBackend({ ...bench.queue, redisUrl: line.url });
  let [finish, begun] = [(): void => {}, false];
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const consumer = await backend.consume(name, { concurrency: 1, lockMs: 10_000 }, async () => {
    begun = true;
    await finished;
  });
  try {
    await backend.queue(name).addBulk([{ name: 'job', data: {}, opts: {} }]);
    await vi.waitFor(() => expect(begun).toBe(true), 60_000);
    line[fault]();
    const closed = consumer.close();
    finish();
    await closed;
  } finally {
    await backend.close();
    await line.close();
  }
});

test('events reach the processes that listen to the organization, and no others', async () => {
  const [mine, other] = [uuidv7(), uuidv7()];
  const [publisher, listener] = [createRedisBus(redisUrl), createRedisBus(redisUrl)];
  const heard: LiveEvent[] = [];
  const stop = listener.subscribe(mine, (event) => heard.push(event));
  const department = (id: string): LiveEvent => ({ type: 'department', department: { id, status: 'active' } });
  await vi.waitFor(() => {
    publisher.publish(other, department('theirs'));
    publisher.publish(mine, department('ours'));
    expect(heard).not.toEqual([]);
  }, 60_000);
  expect(heard).not.toContainEqual(department('theirs'));
  stop();
  const token = (delta: string): LiveEvent => ({ type: 'token', runId: 'r', conversationId: null, path: 'p', delta });
  const again: LiveEvent[] = [];
  listener.subscribe(mine, (event) => again.push(event));
  await vi.waitFor(() => {
    publisher.publish(mine, department('ready'));
    expect(again).not.toEqual([]);
  }, 60_000);
  again.length = 0;
  for (const letter of 'olá') publisher.publish(mine, token(letter));
  await vi.waitFor(() => expect(again.filter((event) => event.type === 'token')).toEqual([token('olá')]), 60_000);
  await Promise.all([publisher.close(), listener.close()]);
});

test.each(['listens', 'speaks'] as const)(
  'whoever listens is told of a gap once the way to Redis of the process that %s is back',
  async (cut) => {
    const line = await lineTo(redisUrl);
    const [speaking, listening] = [createRedisBus(redisUrl), createRedisBus(redisUrl)];
    const behind = createRedisBus(line.url);
    const [publisher, listener] = cut === 'speaks' ? [behind, listening] : [speaking, behind];
    const mine = uuidv7();
    const heard: LiveEvent[] = [];
    const department = (id: string): LiveEvent => ({ type: 'department', department: { id, status: 'active' } });
    listener.subscribe(mine, (event) => heard.push(event));
    try {
      await vi.waitFor(() => {
        publisher.publish(mine, department('before'));
        // It says so for what came before it listened, too.
        expect(heard).toEqual(expect.arrayContaining([department('before'), { type: 'gap' }]));
      }, 60_000);
      heard.length = 0;
      line.cut();
      publisher.publish(mine, department('meanwhile'));
      await vi.waitFor(() => expect(line.refused()).toBeGreaterThan(0), 60_000);
      line.mend();
      await vi.waitFor(() => expect(heard).toContainEqual({ type: 'gap' }), 60_000);
      await vi.waitFor(() => {
        publisher.publish(mine, department('after'));
        expect(heard.at(-1)).toEqual(department('after'));
      }, 60_000);
    } finally {
      await Promise.all([speaking, listening, behind].map((bus) => bus.close()));
      await line.close();
    }
  },
);

test('whoever begins to listen is told of a gap where something was not said just before they were known', async () => {
  const [publisher, listener] = [createRedisBus(redisUrl), createRedisBus(redisUrl)];
  const [mine, quiet, ready] = [uuidv7(), uuidv7(), uuidv7()];
  const heard: string[] = [];
  const department: LiveEvent = { type: 'department', department: { id: 'ours', status: 'active' } };
  const listen = (id: string) => listener.subscribe(id, ({ type }) => heard.push(`${id} ${type}`));
  try {
    await vi.waitFor(() => expect(publisher.isHeard(quiet)).toBe(false), 60_000);
    listen(ready);
    await vi.waitFor(() => expect(publisher.isHeard(ready)).toBe(true), 60_000);
    publisher.publish(mine, department);
    listen(mine);
    await vi.waitFor(() => expect(heard).toContain(`${mine} gap`), 60_000);
  } finally {
    await Promise.all([publisher.close(), listener.close()]);
  }
});

test('is not said to listen before all that is said arrives', async () => {
  const line = await lineTo(redisUrl);
  const [speaker, listener] = [new Redis(redisUrl), createRedisBus(line.url)];
  const mine = uuidv7();
  const heard: LiveEvent[] = [];
  const department = (id: string): LiveEvent => ({ type: 'department', department: { id, status: 'active' } });
  const listening: string[] = [];
  const listen = (name: string) =>
    listener.subscribe(
      mine,
      (event) => heard.push(event),
      () => {
        listening.push(name);
        void speaker.publish(channelOf(mine), JSON.stringify([department(name)]));
      },
    );
  try {
    line.cut();
    for (const name of ['first', 'second']) listen(name);
    await vi.waitFor(() => expect(line.refused()).toBeGreaterThan(0), 60_000);
    expect(listening).toEqual([]);
    line.mend();
    await vi.waitFor(() => expect(listening).toEqual(['first', 'second']), 60_000);
    await vi.waitFor(
      () => expect(heard).toEqual(expect.arrayContaining([department('first'), department('second')])),
      60_000,
    );
  } finally {
    await listener.close();
    speaker.disconnect();
    await line.close();
  }
});

test.each(['cut', 'hush'] as const)('whoever speaks and listens closes when the way to Redis is %s', async (fault) => {
  const line = await lineTo(redisUrl);
  const bus = createRedisBus(line.url);
  const heard = vi.fn<(event: LiveEvent) => void>();
  bus.subscribe('all', heard);
  await vi.waitFor(() => {
    bus.publish('all', { type: 'department', department: { id: 'ours', status: 'active' } });
    expect(heard).toHaveBeenCalled();
  }, 60_000);
  line[fault]();
  await bus.close();
  await line.close();
});

test('transactions, however many wait, leave connections to what is asked in one statement', async () => {
  const db = connect(bench.queue.databaseUrl);
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  try {
    const many = Array.from({ length: 30 }, () => transact(db.engine));
    // Every connection but these was taken when transactions could have them all.
    expect((await db.engine.query<{ one: number }>('select 1 as one')).rows).toEqual([{ one: 1 }]);
    open();
    await Promise.all(many);
  } finally {
    open();
    await db.close();
  }
  function transact(pool: typeof db.engine): Promise<void> {
    bindKeyring(pool, openKeyring(bench.masterKey));
    return transaction(pool, async () => opened);
  }
});

test.skipIf(!canOwnServices())(
  'what is connected to a Redis that another has taken the place of goes over to that one',
  async () => {
    const { redisUrl: before, stop } = await startServices({ own: true });
    const line = await lineTo(before);
    const backend = await openBackend({ ...bench.queue, redisUrl: line.url });
    const name = uuidv7();
    const done: unknown[] = [];
    const consumer = await backend.consume(
      name,
      { concurrency: 1, lockMs: 2_000 },
      async (data) => void done.push((data as { what: string }).what),
    );
    const told: string[] = [];
    const listener = backend.lines?.listen(name, 1, async (text) => void told.push(text));
    const reach = (what: string) =>
      vi.waitFor(async () => {
        await backend.queue(name).addBulk([{ name: 'job', data: { what }, opts: {} }]);
        await backend.lines?.say(name, [{ text: what, place: 0 }]);
        expect({ done, told }).toEqual({ done: expect.arrayContaining([what]), told: expect.arrayContaining([what]) });
      }, 60_000);
    const admin = new Redis(before);
    try {
      await reach('before');
      line.turn(redisUrl);
      // It keeps its connections, and takes no writes: nobody is its master here.
      await admin.replicaof('127.0.0.1', 1);
      await reach('after');
    } finally {
      admin.disconnect();
      await Promise.all([consumer.close(), listener?.close()]);
      await backend.close();
      await line.close();
      await stop?.();
    }
  },
);
