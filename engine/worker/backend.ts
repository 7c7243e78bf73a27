import { createPostgresBackend, Queue, runMigrations, withBackend, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import pg from 'pg';
import { openRedis } from '#db/redis.js';
import { createJobsAtWork } from './jobsAtWork.js';
import { listenOn, sayOn, type Lines } from './line.js';

/** Where the queue lives: Redis when there is one, else the `bullmq` schema of the database. */
export interface QueueSettings {
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  /** Keeps the queues of several installations on one Redis apart. Default `bull`. */
  readonly prefix?: string | undefined;
  /** Told about faults of the connection, which heals by itself. */
  readonly onError?: ((error: Error) => void) | undefined;
}

export interface QueuedJob {
  readonly name: string;
  readonly data: object;
  readonly opts: object;
}

/** What we use of a BullMQ queue, the same on both backends. */
export interface JobQueue {
  addBulk(jobs: QueuedJob[]): Promise<unknown>;
  /** Jobs by state, for tests and readiness. */
  getJobCounts(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export interface Consumer {
  /** Takes no more jobs; resolves when those at work are done, whether the queue answers or not. */
  close(): Promise<void>;
}

export interface ConsumerOptions {
  readonly concurrency: number;
  /** A job whose worker has not renewed it for this long is given to another. */
  readonly lockMs: number;
}

export interface QueueBackend {
  /** Throws when the queue cannot be reached now: a queue opened meanwhile would hold its first jobs until it can. */
  queue(name: string): JobQueue;
  /** Starts taking jobs at once. `handle` gets the job's data as it was stored. */
  consume(name: string, options: ConsumerOptions, handle: (data: unknown) => Promise<void>): Promise<Consumer>;
  /** Redis has them; on PostgreSQL what would go over a line goes to a queue. */
  readonly lines: Lines | null;
  /** Throws when the queue cannot take work now. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A stall says that a process was lost or slow, which is never the job's fault: no number of them may fail it. */
const MAX_STALLS = 1_000_000;

const workerOptions = ({ concurrency, lockMs }: ConsumerOptions) => ({
  concurrency,
  lockDuration: lockMs,
  stalledInterval: lockMs / 2,
  maxStalledCount: MAX_STALLS,
  drainDelay: 5,
});

/** Opens the queue's connection. Throws one clear line when Redis does not answer or may evict jobs. */
export async function openBackend(settings: QueueSettings): Promise<QueueBackend> {
  let closed = false;
  // Connections that end because we close them are no fault.
  const onError = (error: Error): void => {
    if (!closed) settings.onError?.(error);
  };
  const backend = settings.redisUrl
    ? await redisBackend(settings.redisUrl, settings.prefix, onError)
    : await postgresBackend(settings.databaseUrl, onError);
  return {
    ...backend,
    close() {
      closed = true;
      return backend.close();
    },
  };
}

/** A Redis that does not answer a producer within this long counts as away. */
const COMMAND_MS = 5_000;

async function redisBackend(url: string, prefix = 'bull', onError: (error: Error) => void): Promise<QueueBackend> {
  // Producers fail at once while Redis is away: what they announce is in PostgreSQL and the sweeper announces it again.
  const producer = openRedis(url, onError, {
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS,
    enableOfflineQueue: false,
    lazyConnect: true,
  });
  await checkRedis(producer, url).catch((error: unknown) => {
    producer.disconnect();
    throw error;
  });
  const clients: Redis[] = [];
  /** For whoever waits for what comes. */
  const waiting = (): Redis => {
    const client = openRedis(url, onError, { maxRetriesPerRequest: null });
    clients.push(client);
    return client;
  };
  const checkReady = (): void => {
    if (producer.status !== 'ready') throw new Error('Redis does not answer');
  };
  return {
    queue(name) {
      checkReady();
      const queue = new Queue(name, { connection: producer, prefix });
      queue.on('error', onError);
      return queue;
    },
    async consume(name, options, handle) {
      const jobs = createJobsAtWork(handle);
      const worker = new Worker(name, (job) => jobs.take(job.data), {
        connection: waiting(),
        prefix,
        ...workerOptions(options),
      });
      worker.on('error', onError);
      await worker.waitUntilReady();
      return { close: () => jobs.end(worker) };
    },
    lines: {
      async say(name, said) {
        checkReady();
        await sayOn(producer, prefix, name, said);
      },
      listen: (name, atOnce, handle) => listenOn(waiting(), prefix, name, { atOnce, onError }, handle),
    },
    async ping() {
      checkReady();
      await producer.ping();
    },
    async close() {
      for (const client of [producer, ...clients]) client.disconnect();
    },
  };
}

/** How long a start waits for Redis before it gives up. */
const REDIS_START_MS = 10_000;

async function checkRedis(client: Redis, url: string): Promise<void> {
  const host = new URL(url).host;
  const ready = new Promise<void>((resolve) => client.once('ready', resolve));
  let why = '';
  client.on('error', (error: Error) => (why = `: ${error.message}`));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`REDIS_URL: no answer from Redis at ${host} within ${REDIS_START_MS / 1000} s${why}`)),
      REDIS_START_MS,
    );
  });
  client.connect().catch(() => {});
  await Promise.race([ready, late]).finally(() => clearTimeout(timer));
  const policy = /maxmemory_policy:(\S+)/.exec(await client.info('memory'))?.[1];
  if (policy && policy !== 'noeviction') {
    throw new Error(`REDIS_URL: Redis at ${host} may evict jobs (maxmemory-policy ${policy}); set it to noeviction`);
  }
}

async function postgresBackend(url: string, onError: (error: Error) => void): Promise<QueueBackend> {
  const migrator = new pg.Client({ connectionString: url });
  await migrator.connect();
  await runMigrations(migrator, 'bullmq').finally(() => migrator.end());

  const classes = withBackend(createPostgresBackend);
  const pools: pg.Pool[] = [];
  const openPool = (max: number): pg.Pool => {
    const pool = new pg.Pool({ connectionString: url, options: '-c search_path=bullmq', max, keepAlive: true });
    pool.on('error', onError);
    pools.push(pool);
    return pool;
  };
  const producer = openPool(2);
  return {
    lines: null,
    queue(name) {
      const queue = new classes.Queue(name, { connection: producer });
      queue.on('error', onError);
      return queue;
    },
    async consume(name, options, handle) {
      // One connection of the pool listens for ever, so each consumer has a pool of its own.
      const jobs = createJobsAtWork(handle);
      const worker = new classes.Worker(name, (job) => jobs.take(job.data), {
        connection: openPool(4),
        ...workerOptions(options),
      });
      worker.on('error', onError);
      await worker.waitUntilReady();
      return { close: () => jobs.end(worker) };
    },
    async ping() {
      await producer.query('select 1');
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}
