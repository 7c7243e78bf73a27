import type { Redis } from 'ioredis';

/** Something that is counted in windows: the first of a window starts it. */
export interface Counted {
  readonly key: string;
  readonly windowMs: number;
  /** -1 takes back. */
  readonly by: 1 | -1;
}

export interface Count {
  readonly count: number;
  /** Until the window ends and counting begins anew. */
  readonly resetMs: number;
}

export interface Counters {
  /** All at once, answered in the same order. Never throws: what cannot be shared is counted here. */
  count(counted: readonly Counted[]): Promise<Count[]>;
  /** What stands there, without counting. */
  look(key: string): Promise<number>;
  forget(key: string): Promise<void>;
}

/** Keys that one process remembers; beyond, the oldest go. */
const MOST_KEPT = 100_000;
/** After Redis failed, the next try. Until then nobody waits for it. */
const REDIS_REST_MS = 2_000;

/** Counts in this process alone. */
export function createMemoryCounters(mostKept = MOST_KEPT): Counters {
  const windows = new Map<string, { count: number; until: number }>();

  const makeRoom = (now: number): void => {
    for (const [key, { until }] of windows) if (until <= now) windows.delete(key);
    for (const key of windows.keys()) {
      if (windows.size < mostKept) return;
      windows.delete(key);
    }
  };
  return {
    async count(counted) {
      const now = Date.now();
      return counted.map(({ key, windowMs, by }) => {
        let window = windows.get(key);
        if (!window || window.until <= now) {
          if (!window && windows.size >= mostKept) makeRoom(now);
          window = { count: 0, until: now + windowMs };
          windows.set(key, window);
        }
        window.count = Math.max(0, window.count + by);
        return { count: window.count, resetMs: window.until - now };
      });
    },
    async look(key) {
      const window = windows.get(key);
      return window && window.until > Date.now() ? window.count : 0;
    },
    async forget(key) {
      windows.delete(key);
    },
  };
}

/**
 * Counts for all processes in Redis. Everything is counted here as well, so that while Redis is away each process goes on from what
 * it has seen itself: limits get looser by the number of processes, never open and never shut.
 */
export function createSharedCounters(redis: Redis, prefix: string): Counters {
  const local = createMemoryCounters();
  let restUntil = 0;

  const share = async <T>(ask: () => Promise<T>): Promise<T | null> => {
    if (Date.now() < restUntil) return null;
    try {
      return await ask();
    } catch {
      restUntil = Date.now() + REDIS_REST_MS;
      return null;
    }
  };
  return {
    async count(counted) {
      const here = await local.count(counted);
      return (await share(() => countIn(redis, prefix, counted))) ?? here;
    },
    async look(key) {
      return (await share(async () => Number((await redis.get(prefix + key)) ?? 0))) ?? local.look(key);
    },
    async forget(key) {
      await local.forget(key);
      await share(() => redis.del(prefix + key));
    },
  };
}

async function countIn(redis: Redis, prefix: string, counted: readonly Counted[]): Promise<Count[]> {
  const commands = redis.multi();
  for (const { key, windowMs, by } of counted) {
    const name = prefix + key;
    commands.set(name, 0, 'PX', windowMs, 'NX').incrby(name, by).pttl(name);
  }
  const answers = await commands.exec();
  if (!answers) throw new Error('Redis gave the counting up');
  const numberAt = (at: number): number => {
    const [error, value] = answers[at] ?? [new Error('Redis did not count')];
    if (error) throw error;
    return Number(value);
  };
  return counted.map((_, index) => ({
    count: Math.max(0, numberAt(index * 3 + 1)),
    resetMs: Math.max(0, numberAt(index * 3 + 2)),
  }));
}
