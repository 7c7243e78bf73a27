import type { Compiled } from '#engine/compile/compile.js';
import { valueOf } from './containers.js';
import { drive } from './drive.js';
import { engineErrors } from './errors.js';
import type { Execution, ExecutionOptions } from './execution.js';
import type { History } from './history.js';
import type { Rest } from './rest.js';
import type { RunOutcome } from './rows.js';
import type { JournalSaver } from './saver.js';
import { nowhere, type Fail, type Stopped } from './stopped.js';

interface GoOnDeps {
  readonly saver: JournalSaver;
  readonly rest: Rest;
  readonly report: ExecutionOptions['report'];
  readonly stopped: Stopped;
}

/** Works on a run from where it stands until it rests. `fresh`: it has never run before. Throws `LeaseLost` and `StoreUnavailable`. */
export type GoOn = (
  program: Compiled,
  execution: Execution,
  fresh: boolean,
  history: History,
  fail: Fail,
) => Promise<RunOutcome>;

export function createGoOn({ saver, rest, report, stopped }: GoOnDeps): GoOn {
  return async (program, execution, fresh, history, fail) => {
    const { run } = execution;
    try {
      const whole = await drive(program, execution, fresh, history, saver);
      const results = execution.settledOf(program.plan);
      if (results.size < program.plan.order.length) {
        await execution.written();
        if (execution.isWaiting) return await rest(run, 'waiting');
        // Nothing would ever wake it. Its checkpoint may be ahead of what is on record: without it, it begins again and recalls what it did.
        report(new Error('A run would rest without anything to wait for'), { runId: run.id, path: null });
        if (whole) return await fail(nowhere(engineErrors.waitsForNothing()));
        await saver.deleteThread(run.id);
        return await rest(run, 'queued');
      }
      // Its end is written with its last steps, and not without them: see the journal.
      return await rest(run, 'succeeded', valueOf(program.plan, results));
    } catch (error) {
      return await stopped(execution, error, fail);
    }
  };
}
