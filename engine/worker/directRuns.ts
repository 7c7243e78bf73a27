import type { PreparedRun } from './run/preparedRun.js';

/**
 * Runs that begin where they were started, without a way over the queue. Their rows say that they are admitted: should this process die before
 * it has begun one, it is announced again like any that the queue lost.
 */
export interface DirectRuns {
  /** The organization's share, while this worker has room for one more run; else nothing. */
  share(): number | undefined;
  /** Begins at once, on nobody's time. */
  begin(run: PreparedRun): void;
  /** Begins no more; resolves when those begun have come to rest. */
  close(): Promise<void>;
}

export interface DirectRunsOptions {
  /** Runs at once, those of the queue included. */
  readonly concurrency: number;
  readonly share: number;
  /** How many runs are at work here. */
  readonly atWork: () => number;
  /** Works on one until it rests; never rejects. */
  readonly work: (run: PreparedRun) => Promise<void>;
}

export function createDirectRuns({ concurrency, share, atWork, work }: DirectRunsOptions): DirectRuns {
  const begun = new Set<Promise<void>>();
  let closed = false;
  return {
    share: () => (!closed && Math.max(atWork(), begun.size) < concurrency ? share : undefined),
    begin(run) {
      const working = work(run).finally(() => begun.delete(working));
      begun.add(working);
    },
    async close() {
      closed = true;
      while (begun.size > 0) await Promise.all(begun);
    },
  };
}
