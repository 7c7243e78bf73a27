import type { Pool } from 'pg';
import type { VaultOf } from '#db/sealing/vault.js';
import { createCache } from '#engine/compile/cache.js';
import { compile, type Compiled } from '#engine/compile/compile.js';
import type { Fusion } from '#engine/compile/groups.js';
import { limits } from '#engine/graph/definition.js';
import type { LiveEvent } from '#engine/graph/events.js';
import type { NodeType } from '#nodes/sdk/node.js';
import { createApart } from './apart.js';
import type { Capabilities } from './capabilities.js';
import { createClaims, openClaim, type Claim, type ClaimedRow } from './claim.js';
import { compensate, givenUp, type Shared } from './compensate.js';
import { MOST_DEATHS, SUSPECTED } from './deaths.js';
import { engineErrors, RunInterrupted, RunStopped } from './errors.js';
import { Execution } from './execution.js';
import { createGoOn } from './goOn.js';
import { loadHistory, NO_HISTORY, storedSize } from './history.js';
import { Journal } from './journal.js';
import type { Lease } from './lease.js';
import { Ledger, type Reconcile, type SettledLate } from './ledger.js';
import { onAbort } from '#engine/signals/onAbort.js';
import { mostDeaths } from './mostDeaths.js';
import { createRest, createShowRun } from './rest.js';
import type { RunError, RunOutcome, RunRow, VersionRow } from './rows.js';
import { JournalSaver } from './saver.js';
import { createStopped, nowhere, type Fail } from './stopped.js';
import { createTurns } from './turns.js';
import { Weights, type Weight } from './weights.js';

export interface ExecutorOptions {
  /** Connections that run as `app_engine`. */
  readonly pool: Pool;
  readonly lease: Lease;
  /** The keys that organizations' runs are sealed with. */
  readonly vaultOf: VaultOf;
  readonly nodeTypes: ReadonlyMap<string, NodeType>;
  /** Makes what a step may use; called once for each try that uses any. */
  readonly capabilities: Capabilities;
  /** Tells browsers what happens; never throws. */
  readonly emit: (organizationId: string, event: LiveEvent) => void;
  /** Whether anybody may listen to what is emitted. Default: always. */
  readonly isHeard?: (organizationId: string) => boolean;
  readonly reconcile: Reconcile;
  /** Default: nobody is shown. */
  readonly settledLate?: SettledLate;
  /** A failure that nobody foresaw, for the log: people are only told that something went wrong. */
  readonly report?: (error: unknown, where: { readonly runId: string; readonly path: string | null }) => void;
  readonly fusion?: Fusion;
  /** Characters that runs may have made between them before some wait. Default: what the heap has room for. */
  readonly mostHeld?: number;
  readonly now?: () => Date;
  readonly random?: () => number;
}

export interface Executor {
  /**
   * Takes a run up and works until it rests: ended, waiting for an answer, or not this worker's. A run that ran before is not begun again:
   * its finished steps are recalled. `signal` cancels; aborted with a `RunInterrupted` it puts the run back in the queue instead.
   * Throws `LeaseLost` and `StoreUnavailable`, when another worker will go on with it. One that is `urgent` goes before those that are not,
   * where they wait for each other. `claimed`: whoever calls has claimed it under this executor's lease.
   */
  execute(
    run: RunRow,
    version: VersionRow,
    signal: AbortSignal,
    options?: { readonly urgent?: boolean; readonly claimed?: ClaimedRow | undefined },
  ): Promise<RunOutcome>;
  /** Somebody has begun to look at this organization: shows again what its runs that are at work here have been doing. */
  showAgain(organizationId: string): void;
  /** Compiles ahead, so that the first customer does not wait for it. */
  prepare(version: VersionRow): void;
  readonly ledger: Ledger;
  readonly saver: JournalSaver;
}

/** Seconds a run may work, waits not counted, for other runs to leave room neither, unless the department says otherwise. */
const RUN_TIMEOUT = 900;
/** Compiled versions kept, about 100 KB each. */
const KEPT_VERSIONS = 500;
/** How long a suspected run waits while another is at work here. */
const APART_MS = 1_000;

export function createExecutor(options: ExecutorOptions): Executor {
  const { pool, lease, vaultOf, nodeTypes, capabilities, emit, fusion = 'all' } = options;
  const report = options.report ?? (() => {});
  /** Of those at work, the ones that are urgent. */
  const hurried = new Set<string>();
  const isUrgent = (runId: string): boolean => hurried.has(runId);
  const journal = new Journal(pool, lease, vaultOf, isUrgent);
  const saver = new JournalSaver(pool, journal, vaultOf);
  const working = new Set<string>();
  const isAtWork = (runId: string): boolean => working.has(runId);
  const ledger = new Ledger(pool, lease, vaultOf, options.reconcile, journal, isAtWork, options.settledLate);
  // Apart, so that none waits for the statement of a flood.
  const claims = {
    urgent: createClaims(pool, lease, vaultOf, { hurry: true }),
    others: createClaims(pool, lease, vaultOf),
  };
  const turn = createTurns();
  const apart = createApart(pool, lease);
  const weights = new Weights(options.mostHeld);
  const shared: Shared = {
    pool,
    lease,
    vaultOf,
    journal,
    ledger,
    capabilities,
    now: options.now ?? lease.now,
    random: options.random ?? Math.random,
    emit,
    isHeard: options.isHeard ?? (() => true),
    report,
  };
  const executions = new Set<Execution>();
  const compiled = createCache<VersionRow, Compiled>(
    KEPT_VERSIONS,
    ({ checksum }) => checksum,
    ({ definition }) => compile(definition, nodeTypes, { fusion, checkpointer: saver }),
  );

  const show = createShowRun(emit);
  const rest = createRest(journal, show);
  const failed = (run: RunRow, error: RunError): Promise<RunOutcome> => rest(run, 'failed', null, error);
  const goOn = createGoOn({ saver, rest, report, stopped: createStopped({ journal, rest, report }) });

  const work = async (
    run: RunRow,
    version: VersionRow,
    claimed: Claim,
    weight: Weight,
    signal: AbortSignal,
  ): Promise<RunOutcome> => {
    if (claimed.cancelRequested && !claimed.failing) return rest(run, 'canceled');
    if (claimed.attempts > 1) {
      // What it has left behind is read again.
      const size = await storedSize(pool, run.id);
      try {
        await weight.grow(size, signal);
      } catch (reason) {
        if (reason instanceof RunInterrupted) return rest(run, 'queued', null, null, reason.notBefore);
        return claimed.failing ? rest(run, 'queued') : rest(run, 'canceled');
      }
    }
    if (claimed.deaths < SUSPECTED) return begin(run, version, claimed, weight, signal, null);
    const leave = await apart(run.id);
    if (!leave) return rest(run, 'queued', null, null, lease.now().getTime() + APART_MS);
    try {
      return await begin(run, version, claimed, weight, signal, leave);
    } finally {
      leave();
    }
  };

  /** @param progressed of a suspected run: to be told when a step of it is on record */
  const begin = async (
    run: RunRow,
    version: VersionRow,
    claimed: Claim,
    weight: Weight,
    signal: AbortSignal,
    progressed: (() => void) | null,
  ): Promise<RunOutcome> => {
    show(run, 'running');
    const { deaths, failing } = claimed;
    if (deaths > 2 * MOST_DEATHS) {
      // It does not come as far as to fail: what it dies of is compiling it, or undoing what it had done.
      const error = engineErrors.workersLost(deaths);
      return failed(run, failing ? await givenUp(pool, run.id, failing, error.code) : nowhere(error));
    }
    let program: Compiled;
    try {
      program = compiled(version);
    } catch (error) {
      report(error, { runId: run.id, path: null });
      const now = engineErrors.cannotCompile();
      return failed(run, failing ? await givenUp(pool, run.id, failing, now.code) : nowhere(now));
    }
    const { plan } = program;
    /** It fails, once what it had finished is undone. */
    const fail: Fail = async (error) => {
      const ending = await compensate(shared, plan, run, error, weight, signal);
      return ending ? failed(run, ending) : rest(run, 'queued');
    };
    if (failing) return fail(failing);
    if (deaths > SUSPECTED && deaths > (await mostDeaths(pool, run, version)))
      return fail(nowhere(engineErrors.workersLost(deaths)));
    const triggers = plan.order.filter((node) => node.type.kind === 'trigger');
    if (triggers.length > 0 && !triggers.some((node) => node.id === run.triggerNode)) {
      return failed(run, nowhere(engineErrors.noTrigger(run.triggerNode)));
    }
    const history =
      claimed.attempts > 1 ? await loadHistory(pool, run.id, await vaultOf(run.organizationId)) : NO_HISTORY;
    const execution = new Execution({
      ...shared,
      run,
      history,
      weight,
      maxSteps: plan.settings.maxSteps ?? limits.steps,
      progressed,
    });
    const seconds = plan.settings.timeoutSeconds ?? RUN_TIMEOUT;
    const release = [
      execution.clocks.start(seconds * 1_000, () => execution.stop(new RunStopped(engineErrors.runTimeout(seconds)))),
      onAbort(signal, (reason) => execution.stop(reason)),
      onAbort(lease.lost, (reason) => execution.lose(reason)),
    ];
    executions.add(execution);
    try {
      const outcome = await goOn(program, execution, claimed.attempts === 1, history, fail);
      // What a retry needs is on record. Nobody waits for this, and what it would leave is only space. One that never rested has left nothing.
      if (program.waits && hasEnded(outcome) && (claimed.attempts > 1 || execution.isWaiting)) {
        saver.deleteThread(run.id).catch((error: unknown) => report(error, { runId: run.id, path: null }));
      }
      return outcome;
    } finally {
      executions.delete(execution);
      for (const stop of release) stop();
    }
  };

  return {
    ledger,
    saver,
    prepare: (version) => void compiled(version),
    showAgain(organizationId) {
      for (const execution of executions)
        if (execution.run.organizationId === organizationId) {
          show(execution.run, 'running');
          execution.shown.showAgain();
        }
    },
    async execute(run, version, signal, { urgent = false, claimed: taken } = {}) {
      // The queue may deliver a job twice to the worker that is at it.
      if (working.has(run.id)) return { status: 'notMine' };
      working.add(run.id);
      if (urgent) hurried.add(run.id);
      const weight = weights.enter();
      try {
        const claimed = taken
          ? await openClaim(vaultOf, run.organizationId, taken)
          : await claims[urgent ? 'urgent' : 'others'](run.id);
        if (!claimed) return { status: 'notMine' };
        await turn(urgent);
        return await work(run, version, claimed, weight, signal);
      } finally {
        weight.leave();
        working.delete(run.id);
        hurried.delete(run.id);
        journal.forget(run.id);
      }
    },
  };
}

const hasEnded = ({ status }: RunOutcome): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'canceled';
