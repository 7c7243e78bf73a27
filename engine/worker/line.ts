import type { Redis } from 'ioredis';
import { setTimeout as after } from 'node:timers/promises';

export interface Listener {
  /** Hears no more; resolves when what it has heard is dealt with. */
  close(): Promise<void>;
}

export interface Said {
  readonly text: string;
  /** Who has a lower one is heard first; of one place, in the order of the texts, which for ids that know their time is that in which they were made. */
  readonly place: number;
}

/**
 * The shortest way to a worker: what is said is heard at once by one of those that listen, and nothing is kept of it. It is lost with the Redis that had it or the worker
 * that has just heard it, so it is for what a sweep finds within moments. A queue takes two more ways between Redis and the worker until it hands out a job.
 */
export interface Lines {
  /** What is said already and not heard yet is not said twice. Throws when nobody can hear it now. */
  say(name: string, said: readonly Said[]): Promise<void>;
  /** Starts at once. `handle` gets what was said and never rejects; `atOnce` are dealt with at a time. */
  listen(name: string, atOnce: number, handle: (text: string) => Promise<void>): Listener;
}

interface ListenOptions {
  /** Texts that are dealt with at once. */
  readonly atOnce: number;
  /** Told about faults of the connection, which heals by itself. */
  readonly onError: (error: Error) => void;
}

/** How long Redis is asked to wait for something to be said, in seconds: a connection on which nothing ever comes would not be found dead. */
const WAIT_S = 5;
/** A Redis that is away is asked again after this long, in milliseconds. */
const AGAIN_MS = 500;

/** A connection that is closed answers what it was asked within two seconds, and never when Redis is away. */
const CLOSING_MS = 2_500;

/** @param prefix keeps the lines of several installations on one Redis apart */
const keyOf = (prefix: string, name: string): string => `${prefix}:line:${name}`;

export async function sayOn(redis: Redis, prefix: string, name: string, said: readonly Said[]): Promise<void> {
  await redis.zadd(keyOf(prefix, name), 'NX', ...said.flatMap(({ text, place }) => [place, text]));
}

/** @param redis a connection of its own, which `close` ends. @param handle never rejects */
export function listenOn(
  redis: Redis,
  prefix: string,
  name: string,
  { atOnce, onError }: ListenOptions,
  handle: (text: string) => Promise<void>,
): Listener {
  let closed = false;
  let stopWaiting = (): void => {};
  const key = keyOf(prefix, name);
  /**
   * Waits for the first to come, and takes along what stands behind it: what was said at once would else wait for each other, each for a way to Redis and a turn of this
   * event loop.
   */
  const said = (most: number): Promise<string[]> =>
    new Promise((resolve, reject) => {
      stopWaiting = () => resolve([]);
      const asked = [redis.bzpopmin(key, WAIT_S), most > 1 ? redis.zpopmin(key, most - 1) : []] as const;
      Promise.all(asked).then(([first, others]) => {
        // Texts, each before its place.
        const behind = others.filter((_, index) => index % 2 === 0);
        resolve(first ? [first[1], ...behind] : behind);
      }, reject);
    });
  const atWork = new Set<Promise<void>>();
  const hear = async (): Promise<void> => {
    while (atWork.size >= atOnce) await Promise.race(atWork);
    const heard = closed ? [] : await said(atOnce - atWork.size);
    for (const text of heard) {
      const working: Promise<void> = handle(text).finally(() => atWork.delete(working));
      atWork.add(working);
    }
  };
  const listening = (async () => {
    while (!closed) {
      try {
        await hear();
      } catch (error) {
        if (closed) return;
        onError(error as Error);
        await after(AGAIN_MS);
      }
    }
  })();
  return {
    async close() {
      closed = true;
      redis.disconnect();
      const late = setTimeout(stopWaiting, CLOSING_MS);
      await listening;
      clearTimeout(late);
      await Promise.all(atWork);
    },
  };
}
