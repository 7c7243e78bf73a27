import { isUnavailable } from '#db/errors.js';
import type { PlannedNode } from '#engine/compile/plan.js';
import type { StepError } from '#engine/graph/events.js';
import { inputFrom, type Settled } from '#engine/graph/levels.js';
import { NodeError } from '#nodes/sdk/errors.js';
import type { Json } from '#nodes/sdk/json.js';
import type { NodeResult } from '#nodes/sdk/node.js';
import { ERROR_PORT } from '#nodes/sdk/ports.js';
import { configOf, portsWith, type Config } from './config.js';
import { runContainer } from './containers.js';
import { pause, withinDeadline } from './deadline.js';
import { engineErrors, RunStopped, StepFailed, toNodeError, toStepError, Waiting } from './errors.js';
import type { Execution } from './execution.js';
import type { Frame, RunLevel } from './frame.js';
import { refusalOf } from './refusal.js';
import { nextDelay, postponement, retryPolicyOf, timeoutOf } from './retry.js';
import { EffectUncertain } from './ledger.js';
import { StoreUnavailable } from './journal.js';
import { StepContext } from './stepContext.js';

/**
 * One node of one run, with its tries. Answers at once when the node does, unless others have waited long enough. `null`: it waits. Throws `StepFailed` when it failed and its
 * author did not say what then, `RunStopped`, or the reason the run was aborted for.
 */
export function runStep(
  execution: Execution,
  node: PlannedNode,
  frame: Frame,
  path: string,
  runLevel: RunLevel,
  undoing?: Undoes,
): Settled | null | Promise<Settled | null> {
  execution.countStep();
  const came = node.type.kind === 'trigger' ? execution.run.input : inputFrom(node.incoming, frame.results);
  const input = undoing ? undoing.input : (execution.inputGiven(path) ?? came);
  const step = new Step(execution, node, frame, path, input, runLevel, undoing?.path ?? null);
  if (!execution.isSliceOver) return step.try(1);
  return execution.pauseForOthers().then(() => {
    frame.signal.throwIfAborted();
    return step.try(1);
  });
}

/** The finished step that this one undoes, and what this one is given of it. */
export interface Undoes {
  readonly path: string;
  readonly input: Json;
}

class Step {
  readonly #execution: Execution;
  readonly #node: PlannedNode;
  readonly #frame: Frame;
  readonly #path: string;
  readonly #input: Json;
  readonly #firstAttempt: number;
  readonly #runLevel: RunLevel;
  readonly #compensates: string | null;

  constructor(
    execution: Execution,
    node: PlannedNode,
    frame: Frame,
    path: string,
    input: Json,
    runLevel: RunLevel,
    compensates: string | null,
  ) {
    this.#compensates = compensates;
    this.#execution = execution;
    this.#node = node;
    this.#frame = frame;
    this.#path = path;
    this.#input = input;
    this.#runLevel = runLevel;
    this.#firstAttempt = execution.nextAttempt(path);
  }

  /** `count` is 1 for the first try of this execution; attempts of earlier executions are numbered before it. */
  try(count: number): Settled | null | Promise<Settled | null> {
    const attempt = new Attempt(this.#firstAttempt + count - 1, this.#execution.records.moment());
    this.#showStarted(attempt);
    try {
      const result = this.#invoke(attempt);
      const settled =
        result instanceof Promise
          ? result.then((taken) => this.#succeeded(attempt, taken))
          : this.#succeeded(attempt, result);
      return settled instanceof Promise
        ? settled.catch((error: unknown) => this.#ended(attempt, count, error))
        : settled;
    } catch (error) {
      return this.#ended(attempt, count, error);
    }
  }

  #showStarted({ number, startedAt }: Attempt): void {
    this.#execution.shown.show(
      {
        node: this.#node,
        path: this.#path,
        attempt: number,
        port: null,
        input: this.#input,
        output: null,
        error: null,
        startedAt,
        spent: null,
        compensates: this.#compensates,
      },
      'running',
      null,
    );
  }

  #invoke(attempt: Attempt): Taken | Promise<Taken> {
    const { type, body, definition } = this.#node;
    const seconds = timeoutOf(definition, type.kind);
    if (body) {
      const inside = (signal: AbortSignal): Promise<NodeResult> =>
        runContainer({
          execution: this.#execution,
          node: this.#node,
          body,
          frame: { ...this.#frame, signal },
          path: this.#path,
          runLevel: this.#runLevel,
        });
      const result =
        seconds === null
          ? inside(this.#frame.signal)
          : withinDeadline(inside, this.#frame.signal, seconds, this.#execution.clocks);
      return Promise.resolve(result).then((taken) => ({ result: taken, ports: this.#node.ports }));
    }
    return withinDeadline((signal) => this.#run(attempt, signal), this.#frame.signal, seconds);
  }

  #run(attempt: Attempt, signal: AbortSignal): Taken | Promise<Taken> {
    const ctx = new StepContext(this.#execution, this.#node, this.#path, attempt.number, signal);
    attempt.context = ctx;
    const config = configOf(this.#execution, this.#node, this.#frame);
    return config instanceof Promise ? config.then((made) => this.#call(made, ctx)) : this.#call(config, ctx);
  }

  #call(config: Config, ctx: StepContext): Taken | Promise<Taken> {
    // A trigger without code passes on what started the run.
    const given = this.#node.type.run?.({ config, input: this.#input, ctx }) ?? this.#passOn();
    return given instanceof Promise ? given.then((made) => this.#taken(made, config)) : this.#taken(given, config);
  }

  #taken(result: NodeResult, config: Config): Taken {
    return { result, ports: portsWith(this.#node, config) };
  }

  #passOn(): NodeResult {
    return { port: this.#node.type.outputs[0]?.name ?? 'out', value: this.#input };
  }

  #succeeded(attempt: Attempt, { result, ports }: Taken): Settled | Promise<Settled> {
    if (!ports.has(result.port)) throw toNodeError(engineErrors.unknownPort(String(result.port)));
    const room = this.#execution.checkMade(result.value, this.#frame.signal);
    return room ? room.then(() => this.#keep(attempt, result)) : this.#keep(attempt, result);
  }

  #keep(attempt: Attempt, result: NodeResult): Settled {
    const settled: Settled = { port: result.port, value: result.value };
    const refusal = this.#compensates === null ? null : refusalOf(this.#node, settled);
    this.#record(attempt, refusal ? 'failed' : 'succeeded', settled, refusal);
    return settled;
  }

  /** What its author said is for the flow: nothing goes on from an undoing. */
  get #onError(): NonNullable<PlannedNode['definition']['onError']> {
    return this.#compensates === null ? (this.#node.definition.onError ?? 'stop') : 'stop';
  }

  #ended(attempt: Attempt, count: number, error: unknown): Settled | null | Promise<Settled | null> {
    if (error instanceof Waiting) {
      this.#record(attempt, 'waiting', null, null);
      return null;
    }
    const { signal } = this.#frame;
    // The database went away under the node: no fault of the step's, the run goes on when it is back.
    if (!(error instanceof NodeError) && isUnavailable(error)) this.#execution.lose(new StoreUnavailable(error));
    if (signal.aborted) throw this.#aborted(attempt, signal.reason);
    if (error instanceof EffectUncertain) {
      // Unless its author said what then, the step waits: whoever finds out, the provider's report or a person, wakes the run.
      if (this.#onError === 'stop') {
        this.#record(attempt, 'waiting', null, toStepError(error));
        return null;
      }
      error = error.cause ?? error;
    }
    const known = stepErrorOf(error);
    if (!known) this.#execution.report(error, { runId: this.#execution.run.id, path: this.#path });
    const failure = known ?? toStepError(error);
    const policy = retryPolicyOf(this.#node.definition, this.#node.type.kind);
    const tried = { attempt: attempt.number, count };
    const later = this.#node.body ? null : postponement(error, policy, tried, this.#execution.random);
    if (later !== null) {
      this.#record(attempt, 'failed', null, failure);
      throw this.#execution.postpone(later);
    }
    const delay = this.#node.body ? null : nextDelay(error, policy, count, this.#execution.random);
    if (delay !== null) {
      this.#record(attempt, 'failed', null, failure);
      return pause(delay, signal).then(() => this.try(count + 1));
    }
    const onError = error instanceof RunStopped ? 'stop' : this.#onError;
    const settled = onError === 'stop' ? null : settledAfter(onError, this.#node, failure);
    this.#record(attempt, 'failed', settled, failure);
    if (settled) return settled;
    throw error instanceof StepFailed || error instanceof RunStopped
      ? error
      : new StepFailed(failure, this.#node.id, this.#path);
  }

  /** The run, or a container around, was aborted: the step is on record as failed unless the run will be taken up again. */
  #aborted(attempt: Attempt, reason: unknown): unknown {
    const failure = this.#execution.abortError(reason);
    if (failure) this.#record(attempt, 'failed', null, failure);
    return reason;
  }

  #record(
    attempt: Attempt,
    status: 'succeeded' | 'waiting' | 'failed',
    settled: Settled | null,
    error: StepError | null,
  ): void {
    if (status === 'waiting') this.#execution.waits();
    this.#execution.records.step({
      node: this.#node,
      path: this.#path,
      attempt: attempt.number,
      status,
      port: settled?.port ?? null,
      input: this.#input,
      output: settled?.value ?? null,
      error,
      startedAt: attempt.startedAt,
      durationMs: performance.now() - attempt.startedClock,
      spent: attempt.context?.spent ?? null,
      compensates: this.#compensates,
    });
  }
}

/** One try. */
class Attempt {
  readonly number: number;
  readonly startedAt: number;
  readonly startedClock = performance.now();
  context: StepContext | null = null;

  constructor(number: number, startedAt: number) {
    this.number = number;
    this.startedAt = startedAt;
  }
}

interface Taken {
  readonly result: NodeResult;
  readonly ports: ReadonlySet<string>;
}

/** `route` leaves by the error port, `continue` by the first one; both carry what happened. */
function settledAfter(onError: 'continue' | 'route', node: PlannedNode, error: StepError): Settled {
  // What flows on has the four fields that expressions know; the sentence's parts are for readers of the record.
  const { detail: _forReaders, ...value } = error;
  if (onError === 'route') return { port: ERROR_PORT, value };
  return { port: node.type.outputs[0]?.name ?? 'out', value: { error: value } };
}

/** What is known of a failure; `null` for one that nobody foresaw, which is reported. */
function stepErrorOf(error: unknown): StepError | null {
  if (error instanceof StepFailed) return error.error;
  const step = toStepError(error);
  return error instanceof NodeError || error instanceof RunStopped || step.code !== engineErrors.failed().code
    ? step
    : null;
}
