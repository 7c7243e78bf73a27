import type { Pool } from 'pg';
import { isUnavailable } from '#db/errors.js';
import type { VaultOf } from '#db/sealing/vault.js';
import { createCache } from '#engine/compile/cache.js';
import { answer, compile, proceed, RUNNER_KEY, type Compiled } from '#engine/compile/compile.js';
import type { Fusion } from '#engine/compile/groups.js';
import { limits } from '#engine/graph/definition.js';
import type { LiveEvent } from '#engine/graph/events.js';
import type { RunStatus } from '#engine/graph/statuses.js';
import { NodeError } from '#nodes/sdk/errors.js';
import type { Json } from '#nodes/sdk/json.js';
import type { NodeType } from '#nodes/sdk/node.js';
import { createApart } from './apart.js';
import type { Capabilities } from './capabilities.js';
import { createClaims, openClaim, type Claim, type ClaimedRow } from './claim.js';
import { compensate, errorBytes, givenUp, type Shared } from './compensate.js';
import { valueOf } from './containers.js';
import { MOST_DEATHS, SUSPECTED } from './deaths.js';
import { engineErrors, RunInterrupted, RunStopped, StepFailed, toStepError } from './errors.js';
import { Execution } from './execution.js';
import { groupRunner } from './groupRunner.js';
import { loadHistory, NO_HISTORY, type History } from './history.js';
import { jsonbBytes } from './json.js';
import { isRefusedData, Journal, RunTaken, StoreUnavailable } from './journal.js';
import { LeaseLost, type Lease } from './lease.js';
import { Ledger, type Reconcile } from './ledger.js';
import { onAbort } from './onAbort.js';
import type { RestStatus, RunError, RunOutcome, RunRow, VersionRow } from './rows.js';
import { JournalSaver } from './saver.js';
import { createTurns } from './turns.js';

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
  /** A failure that nobody foresaw, for the log: people are only told that something went wrong. */
  readonly report?: (error: unknown, where: { readonly runId: string; readonly path: string | null }) => void;
  readonly fusion?: Fusion;
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

/** Seconds a run may work, waits not counted, unless the department says otherwise. */
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
  const ledger = new Ledger(pool, lease, vaultOf, options.reconcile, journal, (runId) => working.has(runId));
  // Apart, so that none waits for the statement of a flood.
  const claims = {
    urgent: createClaims(pool, lease, vaultOf, { hurry: true }),
    others: createClaims(pool, lease, vaultOf),
  };
  const turn = createTurns();
  const apart = createApart(pool, lease);
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

  const show = ({ id, departmentId, conversationId, organizationId }: RunRow, status: RunStatus): void =>
    emit(organizationId, { type: 'run', run: { id, departmentId, conversationId, status } });

  /** Brings the run to rest, after everything it recorded. */
  const rest = async (
    run: RunRow,
    status: RestStatus,
    output: Json,
    error: RunError | null,
    notBefore: number | null = null,
  ): Promise<RunOutcome> => {
    const entry = { run: run.id, organization: run.organizationId, status };
    const came = await journal
      .add({
        kind: 'run',
        ...entry,
        output: status === 'succeeded' ? jsonbBytes(output) : null,
        error: error && errorBytes(error),
        notBefore,
      })
      .catch((reason: unknown) => {
        if (reason instanceof RunTaken) return null;
        throw reason;
      });
    if (came === null) return { status: 'notMine' };
    // The row had the last word: an answer or a cancel may have come meanwhile.
    const at = came as RestStatus;
    show(run, at);
    if (at === 'succeeded') return { status: at, output };
    if (at === 'failed' && error) return { status: at, error };
    if (at === 'queued') return { status: at, ...(notBefore !== null && { notBefore: new Date(notBefore) }) };
    return { status: at === 'canceled' ? at : 'waiting' };
  };

  const failed = (run: RunRow, error: RunError): Promise<RunOutcome> => rest(run, 'failed', null, error);

  const work = async (run: RunRow, version: VersionRow, claimed: Claim, signal: AbortSignal): Promise<RunOutcome> => {
    if (claimed.cancelRequested && !claimed.failing) return rest(run, 'canceled', null, null);
    if (claimed.deaths < SUSPECTED) return begin(run, version, claimed, signal, null);
    const leave = await apart(run.id);
    if (!leave) return rest(run, 'queued', null, null, lease.now().getTime() + APART_MS);
    try {
      return await begin(run, version, claimed, signal, leave);
    } finally {
      leave();
    }
  };

  /** @param progressed of a suspected run: to be told when a step of it is on record */
  const begin = async (
    run: RunRow,
    version: VersionRow,
    claimed: Claim,
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
      const ending = await compensate(shared, plan, run, error, signal);
      return ending ? failed(run, ending) : rest(run, 'queued', null, null);
    };
    if (failing) return fail(failing);
    if (deaths > MOST_DEATHS) return fail(nowhere(engineErrors.workersLost(deaths)));
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
      maxSteps: plan.settings.maxSteps ?? limits.steps,
      progressed,
    });
    const seconds = plan.settings.timeoutSeconds ?? RUN_TIMEOUT;
    const timer = setTimeout(() => execution.stop(new RunStopped(engineErrors.runTimeout(seconds))), seconds * 1_000);
    const release = [
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
      clearTimeout(timer);
      for (const stop of release) stop();
    }
  };

  const goOn = async (
    program: Compiled,
    execution: Execution,
    fresh: boolean,
    history: History,
    fail: Fail,
  ): Promise<RunOutcome> => {
    const { run } = execution;
    try {
      const whole = await drive(program, execution, fresh, history, saver);
      const results = execution.settledOf(program.plan);
      if (results.size < program.plan.order.length) {
        await execution.written();
        if (execution.isWaiting) return await rest(run, 'waiting', null, null);
        // Nothing would ever wake it. Its checkpoint may be ahead of what is on record: without it, it begins again and recalls what it did.
        report(new Error('A run would rest without anything to wait for'), { runId: run.id, path: null });
        if (whole) return await fail(nowhere(engineErrors.waitsForNothing()));
        await saver.deleteThread(run.id);
        return await rest(run, 'queued', null, null);
      }
      // Its end is written with its last steps, and not without them: see the journal.
      return await rest(run, 'succeeded', valueOf(program.plan, results), null);
    } catch (error) {
      return await ended(run, execution, error, fail);
    }
  };

  /** The database does not take what the run made: that much of it is not kept, and with that it fails. */
  const refused = (run: RunRow, cause: unknown, fail: Fail): Promise<RunOutcome> => {
    report(cause, { runId: run.id, path: null });
    journal.forget(run.id);
    return fail(nowhere(engineErrors.refusedData()));
  };

  /** The run stopped: why decides how it rests. */
  const ended = async (run: RunRow, execution: Execution, error: unknown, fail: Fail): Promise<RunOutcome> => {
    const cause: unknown = execution.lost ?? execution.failure ?? error;
    if (execution.lost !== null) {
      if (cause instanceof RunTaken) return { status: 'notMine' };
      if (!isRefusedData(cause)) throw cause;
      return refused(run, cause, fail);
    }
    try {
      // What it had finished must be on record to be undone.
      await execution.written();
    } catch (reason) {
      return ended(run, execution, reason, fail);
    }
    // Between its steps too: what LangGraph reads and writes of a run that waits goes to the same database.
    const loss = lossIn(cause);
    if (loss) throw loss;
    if (execution.signal.aborted) {
      const reason: unknown = execution.signal.reason;
      if (reason instanceof RunInterrupted) return rest(run, 'queued', null, null, reason.notBefore);
      if (reason instanceof RunStopped) return fail(nowhere(reason.error));
      return rest(run, 'canceled', null, null);
    }
    if (isRefusedData(cause)) return refused(run, cause, fail);
    if (cause instanceof StepFailed) return fail({ ...cause.error, nodeId: cause.nodeId, path: cause.path });
    if (!(cause instanceof RunStopped)) report(cause, { runId: run.id, path: null });
    return fail(nowhere(toStepError(cause)));
  };

  return {
    ledger,
    saver,
    prepare: (version) => void compiled(version),
    showAgain(organizationId) {
      for (const execution of executions)
        if (execution.run.organizationId === organizationId) {
          show(execution.run, 'running');
          execution.showAgain();
        }
    },
    async execute(run, version, signal, { urgent = false, claimed: taken } = {}) {
      // The queue may deliver a job twice to the worker that is at it.
      if (working.has(run.id)) return { status: 'notMine' };
      working.add(run.id);
      if (urgent) hurried.add(run.id);
      try {
        const claimed = taken
          ? await openClaim(vaultOf, run.organizationId, taken)
          : await claims[urgent ? 'urgent' : 'others'](run.id);
        if (!claimed) return { status: 'notMine' };
        await turn(urgent);
        return await work(run, version, claimed, signal);
      } finally {
        working.delete(run.id);
        hurried.delete(run.id);
        journal.forget(run.id);
      }
    },
  };
}

type Fail = (error: RunError) => Promise<RunOutcome>;

const hasEnded = ({ status }: RunOutcome): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'canceled';

/** The lease or the database, if it was one of them that ended the run here; LangGraph may wrap what is thrown through it. */
function lossIn(error: unknown): LeaseLost | StoreUnavailable | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if (cause instanceof LeaseLost || cause instanceof StoreUnavailable) return cause;
    if (cause instanceof NodeError || cause instanceof StepFailed) return null;
  }
  return isUnavailable(error) ? new StoreUnavailable(error) : null;
}

const nowhere = (error: Omit<RunError, 'nodeId' | 'path'>): RunError => ({ ...error, nodeId: null, path: null });

/**
 * Runs the graph as far as it goes. Step records are the truth and are recalled on the way, so a run without a usable checkpoint simply
 * begins again; a waiting one goes on from its checkpoint with the answers that have come. Answers whether it went from the beginning.
 */
async function drive(
  program: Compiled,
  execution: Execution,
  fresh: boolean,
  history: History,
  saver: JournalSaver,
): Promise<boolean> {
  const { graph, alone } = program;
  if (alone) {
    // What the graph would do with one group and no checkpoint, without what that costs: see docs/decisions/0048.
    await groupRunner(execution).runGroup(alone.nodes, new Map(), {});
    return true;
  }
  const { id: thread_id, organizationId: organization_id, input } = execution.run;
  const config = { configurable: { thread_id, organization_id } };
  const running = {
    configurable: {
      ...config.configurable,
      [RUNNER_KEY]: groupRunner(execution),
      rests: () => execution.isWaiting,
      ...(fresh && { fresh }),
    },
    recursionLimit: program.groups.length * 2 + 10,
    // Step records are what a recovery rests on; the checkpoint is needed once the run waits.
    durability: 'exit' as const,
  };
  if (fresh || !program.waits) {
    await proceed(graph, { trigger: input }, running);
    return true;
  }
  // A step that waited for somebody to say what became of its effect has no answer to be given: the graph begins again and recalls the rest.
  if ([...history.waiting].some((path) => !history.waits.has(path))) {
    // Its checkpoint has that step behind it. Should this worker die once the step is on record, nobody could see that any more, and go on from there.
    await saver.deleteThread(thread_id);
    await proceed(graph, { trigger: input }, { ...running, configurable: { ...running.configurable, fresh: true } });
    return true;
  }
  const before = await graph.getState(config);
  if (before.config.configurable?.['checkpoint_id'] === undefined) {
    await proceed(graph, { trigger: input }, running);
    return true;
  }
  const answers = new Map<string, Json>();
  for (const [path, wait] of history.waits)
    if (wait.answered && !history.settled.has(path)) answers.set(path, wait.answer);
  await answer(program, config, answers);
  await proceed(graph, null, running);
  return false;
}
