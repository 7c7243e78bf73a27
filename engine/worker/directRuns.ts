import { FIRST } from './admission.js';
import type { PreparedRun } from './run/preparedRun.js';

/**
 * Runs that begin where they were started, without a way over the queue. Their rows say that they are admitted: should this process die before
 * it has begun one, it is announced again like any that the queue lost.
 */
export interface DirectRuns {
  /**
   * The organization's share, while this worker has room for one more run; else nothing. For the first few of an organization there is as much room
   * again, which no flood of others can fill.
   */
  readonly share: (organizationId: string) => number | undefined;
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
  /** Works on one until it rests; never rejects. `before`: how many of its organization were begun here and are under way. */
  readonly work: (run: PreparedRun, before: number) => Promise<void>;
}

export function createDirectRuns({ concurrency, share, atWork, work }: DirectRunsOptions): DirectRuns {
  const begun = new Set<Promise<void>>();
  const underWay = new Map<string, number>();
  let closed = false;
  return {
    share(organizationId) {
      if (closed) return undefined;
      if (Math.max(atWork(), begun.size) < concurrency) return share;
      return begun.size < 2 * concurrency && (underWay.get(organizationId) ?? 0) < FIRST ? share : undefined;
    },
    begin(run) {
      const { organizationId } = run.run;
      const before = underWay.get(organizationId) ?? 0;
      underWay.set(organizationId, before + 1);
      const working = work(run, before).finally(() => {
        begun.delete(working);
        const left = (underWay.get(organizationId) ?? 1) - 1;
        if (left > 0) underWay.set(organizationId, left);
        else underWay.delete(organizationId);
      });
      begun.add(working);
    },
    async close() {
      closed = true;
      while (begun.size > 0) await Promise.all(begun);
    },
  };
}
