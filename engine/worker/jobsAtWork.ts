import { setTimeout as after } from 'node:timers/promises';

/** How long a queue may take to say that nothing is taken from it any more, in milliseconds. One that is away never says it. */
const CLOSING_MS = 2_000;

/** The jobs of one consumer that are being handled. */
export interface JobsAtWork {
  take(data: unknown): Promise<void>;
  /** Closes what takes the jobs; resolves when no more come and those at work are done. What could not be said to the queue is given to others by it. */
  end(taker: { close(): Promise<void> }): Promise<void>;
}

export function createJobsAtWork(handle: (data: unknown) => Promise<void>): JobsAtWork {
  const atWork = new Set<Promise<void>>();
  return {
    take(data) {
      const working = handle(data).finally(() => atWork.delete(working));
      atWork.add(working);
      return working;
    },
    async end(taker) {
      const closed = taker.close().catch(() => {});
      do {
        await Promise.allSettled(atWork);
        // One that was on its way here may come yet.
        await Promise.race([closed, after(CLOSING_MS)]);
      } while (atWork.size > 0);
    },
  };
}
