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
  /** How many may begin now: of anybody, and of organizations with less than a few under way. */
  room(): { readonly free: number; readonly first: number };
  /** Runs of the organization that were begun here and are under way. */
  of(organizationId: string): number;
  /** Begins at once, on nobody's time. */
  begin(run: PreparedRun): void;
  /** Counts as a run of the organization until `work` settles, which never rejects; it is told how many of them were begun before and are under way. */
  keep(organizationId: string, work: (before: number) => Promise<void>): void;
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
  /** There is room for another. */
  readonly ended: () => void;
}

export function createDirectRuns({ concurrency, share, atWork, work, ended }: DirectRunsOptions): DirectRuns {
  const begun = new Set<Promise<void>>();
  const underWay = new Map<string, number>();
  let closed = false;
  const keep: DirectRuns['keep'] = (organizationId, work) => {
    const before = underWay.get(organizationId) ?? 0;
    underWay.set(organizationId, before + 1);
    const working = work(before).finally(() => {
      begun.delete(working);
      const left = (underWay.get(organizationId) ?? 1) - 1;
      if (left > 0) underWay.set(organizationId, left);
      else underWay.delete(organizationId);
      ended();
    });
    begun.add(working);
  };
  return {
    room() {
      const first = closed ? 0 : Math.max(0, 2 * concurrency - begun.size);
      return { free: Math.min(first, Math.max(0, concurrency - Math.max(atWork(), begun.size))), first };
    },
    of: (organizationId) => underWay.get(organizationId) ?? 0,
    keep,
    share(organizationId) {
      if (closed) return undefined;
      if (Math.max(atWork(), begun.size) < concurrency) return share;
      return begun.size < 2 * concurrency && (underWay.get(organizationId) ?? 0) < FIRST ? share : undefined;
    },
    begin: (run) => keep(run.run.organizationId, (before) => work(run, before)),
    async close() {
      closed = true;
      while (begun.size > 0) await Promise.all(begun);
    },
  };
}
