import type { Database } from '#db/connect.js';
import { between } from '#db/failpoint.js';
import type { ClaimedRow } from '#engine/run/claim.js';
import { deliver } from '#engine/run/deliveries.js';
import type { Executor } from '#engine/run/execute.js';
import { triggerMessage } from '#nodes/sdk/customer.js';
import type { RunWorld } from './capabilities.js';
import type { JobData } from './catalog.js';
import { queryOf } from './query.js';
import type { PreparedRun } from './run/preparedRun.js';
import { prepareRun, prepareStored } from './run/prepareRun.js';
import type { ReadRun, StoredRun } from './run/readRuns.js';
import { settleRun, type SettleDeps } from './run/settleRun.js';

export interface RunJobDeps extends SettleDeps {
  readonly database: Database;
  readonly executor: Executor;
  readonly readRun: ReadRun;
  /** Runs this worker works on, and how to stop each. */
  readonly active: Map<string, RunAtWork>;
  /** What their steps are given, by run. */
  readonly worlds: Map<string, RunWorld>;
}

/** A run at work here, and how to stop it. */
export class RunAtWork extends AbortController {
  /** It was given out once more: its row had come to rest, and was woken, before whoever worked on it had let go of it. */
  again: (() => Promise<void>) | null = null;
}

export interface HowToRun {
  /** It goes before the runs of organizations that have much under way. */
  readonly urgent: boolean;
  /** What the run needs, when whoever started it knows. */
  readonly given?: PreparedRun | undefined;
  /** Set when it is claimed for the executor already: how it was read then. */
  readonly whole?: { readonly stored: StoredRun; readonly claim: ClaimedRow } | null | undefined;
}

/** Of a run that was claimed as it was written down. */
const FIRST_CLAIM: ClaimedRow = { attempts: 1, cancelRequested: false, deaths: 0, failing: null };

/**
 * Takes a run to where it rests next. A job too many does nothing: the row says whose the run is. While the run is at work here nobody can tell such a job from one that
 * is meant, so the row is looked at once more when it is let go.
 */
export async function runJob(deps: RunJobDeps, data: JobData<'run'>, how: HowToRun): Promise<void> {
  const { runId, organizationId } = data;
  const { urgent, given, whole } = how;
  const { database, bus, sender, executor, versions, active, worlds, admission, readRun } = deps;
  const atWork = active.get(runId);
  if (atWork) {
    // One that is claimed already cannot be claimed by another job.
    if (whole || !atWork.again) atWork.again = () => runJob(deps, data, how);
    return;
  }
  const controller = new RunAtWork();
  active.set(runId, controller);
  try {
    if (!urgent) await new Promise<void>((resolve) => deliver(resolve));
    const { engine } = database;
    const prepare = async (known?: StoredRun): Promise<PreparedRun | null> => {
      const prepared = known
        ? await prepareStored(engine, known, urgent)
        : await prepareRun(engine, readRun, { runId, organizationId, urgent });
      if (prepared === 'gone') return null;
      if (!('left' in prepared)) return prepared;
      bus.publish(organizationId, { type: 'run', run: { ...prepared.left, status: 'canceled' } });
      admission.wake(organizationId);
      return null;
    };
    const prepared = given ?? (await prepare(whole?.stored));
    if (!prepared) return;
    const { run, versionId, organization, conversation, taken } = prepared;
    const { answers = runId } = prepared;
    worlds.set(runId, {
      organization,
      conversation,
      answers,
      rehearsal: Boolean(run.rehearsal),
      imagined: Boolean(run.rehearsal) && !conversation && triggerMessage(run.input) !== null,
    });
    const version = await versions.get(queryOf(engine), versionId);
    const last = taken.at(-1);
    // Not awaited: the answer does not wait for the courtesy.
    if (conversation && last) void sender.acknowledge(conversation, last);
    const claimed = whole?.claim ?? (given?.claimedUnder && FIRST_CLAIM);
    const outcome = await executor.execute(run, version, controller.signal, { urgent, claimed });
    // Its department was paused since it was read, if it is not another's: whoever reads it again puts it aside.
    if (outcome.status === 'notMine' && !claimed) await prepare();
    await between('run.settle.before', () => settleRun(deps, run, outcome), 'run.settle.after');
  } finally {
    active.delete(runId);
    worlds.delete(runId);
    await controller.again?.();
  }
}
