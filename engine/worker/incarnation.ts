import type { Pool } from 'pg';
import { LeaseLost, registerWorker, type Lease } from '#engine/run/lease.js';
import { problemOf, type Log } from './log.js';

/** One life of this worker: its lease and all that writes under it. */
export interface Incarnation<Engine> {
  readonly lease: Lease;
  readonly engine: Engine;
}

export interface Incarnations<Engine> {
  /** The life of now. While the worker cannot register, because the database is away, this waits. */
  current(): Promise<Incarnation<Engine>>;
  /** The same without waiting: `null` while it is not registered or was declared dead. */
  readonly held: Incarnation<Engine> | null;
  close(): Promise<void>;
}

export interface IncarnationOptions<Engine> {
  readonly pool: Pool;
  /** Name of the worker; one that is started again under its name ends its former life at once. */
  readonly id: string;
  readonly ttlMs: number;
  readonly log: Log;
  readonly build: (lease: Lease) => Engine;
}

/** How long a worker that cannot register waits before it tries again. */
const RETRY_MS = 1_000;

/**
 * Keeps the worker registered. A lease that is lost (the process stood still, or the database was away for too long) is never used again:
 * the runs under it stop, and a new life begins.
 */
export function keepRegistered<Engine>({
  pool,
  id,
  ttlMs,
  log,
  build,
}: IncarnationOptions<Engine>): Incarnations<Engine> {
  let closed = false;
  let held: Incarnation<Engine> | null = null;

  const begin = async (outlived: string | null = null): Promise<Incarnation<Engine>> => {
    for (let told = false; ; told = true) {
      if (closed) throw new Error('The worker is closing');
      try {
        const lease = await registerWorker(pool, { id, ttlMs, outlived });
        lease.lost.addEventListener('abort', () => onLost(lease), { once: true });
        return (held = { lease, engine: build(lease) });
      } catch (error) {
        if (!told) log.warn(problemOf(error), 'Cannot register this worker; trying again until it works');
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };
  const onLost = ({ token, lost: { reason } }: Lease): void => {
    if (closed) return;
    log.warn({ worker: id }, 'Lost the lease; beginning again');
    living = begin(reason instanceof LeaseLost && reason.outlived ? token : null);
    living.catch(() => {});
  };
  let living = begin();
  living.catch(() => {});

  return {
    current: () => living,
    get held() {
      return held?.lease.lost.aborted ? null : held;
    },
    async close() {
      closed = true;
      const last = await Promise.race([
        living,
        new Promise<null>((resolve) => setTimeout(resolve, RETRY_MS, null).unref()),
      ]).catch(() => null);
      await last?.lease.release().catch(() => {});
    },
  };
}
