import { isRefusedData, isUnavailable } from '#db/errors.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { engineErrors, RunInterrupted, RunStopped, StepFailed, toStepError } from './errors.js';
import type { Execution, ExecutionOptions } from './execution.js';
import { RunTaken, StoreUnavailable, type Journal } from './journal.js';
import { LeaseLost } from './lease.js';
import type { Rest } from './rest.js';
import type { RunError, RunOutcome } from './rows.js';

/** The run fails, once what it had finished is undone. */
export type Fail = (error: RunError) => Promise<RunOutcome>;

/** An error of the run itself, and of none of its steps. */
export const nowhere = (error: Omit<RunError, 'nodeId' | 'path'>): RunError => ({
  ...error,
  nodeId: null,
  path: null,
});

interface StoppedDeps {
  readonly journal: Journal;
  readonly rest: Rest;
  readonly report: ExecutionOptions['report'];
}

/** A run stopped before its end: why decides how it rests. Throws `LeaseLost` and `StoreUnavailable`. */
export type Stopped = (execution: Execution, error: unknown, fail: Fail) => Promise<RunOutcome>;

export function createStopped({ journal, rest, report }: StoppedDeps): Stopped {
  /** The database does not take what the run made: that much of it is not kept, and with that it fails. */
  const refused = (runId: string, cause: unknown, fail: Fail): Promise<RunOutcome> => {
    report(cause, { runId, path: null });
    journal.forget(runId);
    return fail(nowhere(engineErrors.refusedData()));
  };

  const stopped: Stopped = async (execution, error, fail) => {
    const { run } = execution;
    const cause: unknown = execution.lost ?? execution.failure ?? error;
    if (execution.lost !== null) {
      if (cause instanceof RunTaken) return { status: 'notMine' };
      if (!isRefusedData(cause)) throw cause;
      return refused(run.id, cause, fail);
    }
    try {
      // What it had finished must be on record to be undone.
      await execution.written();
    } catch (reason) {
      return stopped(execution, reason, fail);
    }
    // Between its steps too: what LangGraph reads and writes of a run that waits goes to the same database.
    const loss = lossIn(cause);
    if (loss) throw loss;
    if (execution.signal.aborted) {
      const reason: unknown = execution.signal.reason;
      if (reason instanceof RunInterrupted) return rest(run, 'queued', null, null, reason.notBefore);
      if (reason instanceof RunStopped) return fail(nowhere(reason.error));
      return rest(run, 'canceled');
    }
    if (isRefusedData(cause)) return refused(run.id, cause, fail);
    if (cause instanceof StepFailed) return fail({ ...cause.error, nodeId: cause.nodeId, path: cause.path });
    if (!(cause instanceof RunStopped)) report(cause, { runId: run.id, path: null });
    return fail(nowhere(toStepError(cause)));
  };
  return stopped;
}

/** The lease or the database, if it was one of them that ended the run here; LangGraph may wrap what is thrown through it. */
function lossIn(error: unknown): LeaseLost | StoreUnavailable | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if (cause instanceof LeaseLost || cause instanceof StoreUnavailable) return cause;
    if (cause instanceof NodeError || cause instanceof StepFailed) return null;
  }
  return isUnavailable(error) ? new StoreUnavailable(error) : null;
}
