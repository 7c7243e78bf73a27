import { problemOf, type Log } from './log.js';

export interface SweepTask {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<unknown>;
}

export interface Sweeper {
  close(): Promise<void>;
}

interface Kept {
  readonly task: SweepTask;
  /** Not by the clock on the wall, which may be set. */
  dueAt: number;
  failing: boolean;
}

/**
 * Does each task again and again, one at a time. A failure says that a store is away: it is told once, and the task simply comes round
 * again, so that everything heals by itself.
 */
export function startSweeper(tasks: readonly SweepTask[], tickMs: number, log: Log): Sweeper {
  const kept = tasks.map((task): Kept => ({ task, dueAt: 0, failing: false }));
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const tick = async (): Promise<void> => {
    for (const each of kept) {
      if (closed || performance.now() < each.dueAt) continue;
      try {
        await each.task.run();
        if (each.failing) log.info({ task: each.task.name }, 'Back at work');
        each.failing = false;
      } catch (error) {
        if (!each.failing)
          log.warn({ task: each.task.name, ...problemOf(error) }, 'Cannot work now; trying again until it does');
        each.failing = true;
      }
      each.dueAt = performance.now() + each.task.everyMs;
    }
  };
  let ticking = Promise.resolve();
  const next = (): void => {
    ticking = tick().then(() => {
      if (!closed) timer = setTimeout(next, tickMs);
    });
  };
  next();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await ticking;
    },
  };
}
