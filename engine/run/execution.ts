import { setMaxListeners } from 'node:events';
import type { PlannedLevel, PlannedNode } from '#engine/compile/plan.js';
import type { LiveEvent, StepError } from '#engine/graph/events.js';
import { SKIPPED, type Settled } from '#engine/graph/levels.js';
import type { EffectOptions } from '#nodes/sdk/context.js';
import { NodeError } from '#nodes/sdk/errors.js';
import type { Json } from '#nodes/sdk/json.js';
import { engineErrors, RunInterrupted, RunPostponed, RunStopped, toNodeError, toStepError } from './errors.js';
import { ExpressionWorld } from './expressionWorld.js';
import type { History, KnownWait } from './history.js';
import { isJson, MOST_IN_RUN, MOST_IN_VALUE } from './json.js';
import { RunTaken, StoreUnavailable, type Journal } from './journal.js';
import { LeaseLost } from './lease.js';
import type { Ledger, Perform } from './ledger.js';
import { rehearse } from './rehearse.js';
import { Records } from './records.js';
import { Clocks } from './clocks.js';
import type { RunRow } from './rows.js';
import { Slices } from './slices.js';
import { StepsShown } from './stepsShown.js';
import type { Weight } from './weights.js';
import type { Capabilities, StepHandle } from './capabilities.js';

export interface ExecutionOptions {
  readonly run: RunRow;
  readonly history: History;
  readonly weight: Weight;
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly capabilities: Capabilities;
  readonly maxSteps: number;
  /** Told once, when the first step that ends in this execution is on record. */
  readonly progressed?: (() => void) | null;
  readonly now: () => Date;
  readonly random: () => number;
  readonly emit: (organizationId: string, event: LiveEvent) => void;
  /** Whether anybody may listen: else nothing is made to be shown. */
  readonly isHeard: (organizationId: string) => boolean;
  readonly report: (error: unknown, where: { readonly runId: string; readonly path: string | null }) => void;
}

/** One run from its claim to its next rest: what its steps share. */
export class Execution {
  readonly run: RunRow;
  readonly runView: StepHandle['run'];
  readonly capabilities: Capabilities;
  readonly now: () => Date;
  readonly random: () => number;
  readonly report: ExecutionOptions['report'];
  /** What stopped the run first: `StepFailed`, `RunStopped`, or the reason it was aborted for. */
  failure: unknown = null;
  /** Why this worker can no longer write for the run: `LeaseLost`, `StoreUnavailable`, `RunTaken`, or what the database said of its data. */
  lost: unknown = null;
  /** Results of the groups run in this execution, and of those before them. */
  readonly results = new Map<string, Settled>();
  readonly clocks = new Clocks();
  readonly shown: StepsShown;
  readonly records: Records;
  readonly #options: ExecutionOptions;
  readonly #controller = new AbortController();
  readonly #answers = new Map<string, Json>();
  readonly #slices = new Slices();
  readonly #world: ExpressionWorld;
  #steps = 0;
  #roomLeft: number;
  #waits = false;

  constructor(options: ExecutionOptions) {
    this.#options = options;
    this.#roomLeft = MOST_IN_RUN - options.history.size;
    const { id, departmentId, organizationId, conversationId } = options.run;
    this.run = options.run;
    this.runView = { id, departmentId, organizationId, conversationId };
    this.capabilities = options.capabilities;
    this.now = options.now;
    this.random = options.random;
    // A parallel for-each listens once for each of its lanes.
    setMaxListeners(0, this.#controller.signal);
    this.report = options.report;
    this.shown = new StepsShown(options);
    this.records = new Records(options, this.shown, (error) => this.lose(error));
    this.#world = new ExpressionWorld(options.capabilities, this.runView, this.signal);
  }

  /** Aborted on cancel, timeout of the run, interruption and loss of the run; its reason says which. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** Puts the run back for so many milliseconds. Returns what to throw. */
  postpone(ms: number): unknown {
    // The clock of the database decides when; a second one of the same run asks for no more than the first.
    if (!this.signal.aborted) this.stop(new RunPostponed(this.now().getTime() + ms));
    return this.signal.reason;
  }

  /** Takes over answers, by path, that came with a checkpoint. */
  answered(answers: Readonly<Record<string, Json>>): void {
    for (const [path, answer] of Object.entries(answers)) this.#answers.set(path, answer);
  }

  /** Results of the top level, of this execution and the ones before; a node is missing while it, or one above it, waits. */
  settledOf(plan: PlannedLevel): ReadonlyMap<string, Settled> {
    return new Map(
      plan.order.flatMap((node) => {
        const result =
          this.results.get(node.id) ?? this.recall(node.id) ?? (this.isOtherTrigger(node) ? SKIPPED : null);
        return result ? [[node.id, result] as const] : [];
      }),
    );
  }

  /** Of several triggers only the one that started the run is alive; the others are no part of it. */
  isOtherTrigger(node: PlannedNode): boolean {
    return node.type.kind === 'trigger' && node.id !== this.run.triggerNode;
  }

  /** What an earlier execution left for this path. */
  recall(path: string): Settled | undefined {
    return this.#options.history.settled.get(path);
  }

  /** What stands for a node in a rehearsal, instead of executing it. */
  pinned(nodeId: string): Settled | undefined {
    const pins = this.run.rehearsal?.pins;
    return pins && Object.hasOwn(pins, nodeId) ? pins[nodeId] : undefined;
  }

  /** What the step is given instead of what the steps before it made, when the run forks another there. */
  inputGiven(path: string): Json | undefined {
    const { given } = this.#options.history;
    return given?.path === path ? given.input : undefined;
  }

  /** The number of the next try of a step. One that waited goes on as the same try. */
  nextAttempt(path: string): number {
    const { attempts, waiting } = this.#options.history;
    return (attempts.get(path) ?? 0) + (waiting.has(path) ? 0 : 1);
  }

  /** Counts a step against the run's limit; recalled ones too, so that no loop escapes it by crashing. */
  countStep(): void {
    this.#steps += 1;
    if (this.#steps > this.#options.maxSteps) throw new RunStopped(engineErrors.tooManySteps(this.#options.maxSteps));
  }

  /**
   * Refuses what a step made that JSON does not carry, or that is more than a run may hold: whoever puts a worker out of memory puts the next one out too.
   * A promise when it is to be kept only once other runs have left room for it; it rejects with the signal's reason.
   */
  checkMade(value: unknown, signal: AbortSignal): Promise<void> | undefined {
    const most = Math.max(0, Math.min(MOST_IN_VALUE, this.#roomLeft));
    const room = { left: most };
    const fits = isJson(value, 0, room);
    const made = most - Math.max(0, room.left);
    this.#roomLeft -= made;
    if (!fits) throw toNodeError(room.left < 0 ? engineErrors.valueTooBig() : engineErrors.notJson());
    const wait = this.#options.weight.grow(made, signal);
    return wait && this.clocks.standFor(wait);
  }

  /** Whether the run has computed long enough and must `pauseForOthers` before its next step. */
  get isSliceOver(): boolean {
    return this.#slices.isOver;
  }

  pauseForOthers(): Promise<void> {
    return this.#slices.pauseForOthers();
  }

  /** A step of this execution waits for somebody, something or a time. */
  waits(): void {
    this.#waits = true;
  }

  /** Whether there is anything whose coming would wake the run: a run that rests without it would rest for ever. */
  get isWaiting(): boolean {
    const { waits, settled } = this.#options.history;
    return this.#waits || [...waits].some(([path, wait]) => !wait.answered && !settled.has(path));
  }

  waitAt(path: string): KnownWait | undefined {
    const answer = this.#answers.get(path);
    if (answer !== undefined) return { answered: true, answer, wakeAt: null };
    return this.#options.history.waits.get(path);
  }

  /** @param rehearsed what stands for its outcome where nothing may be done outside and no earlier run did it */
  async effect(key: string, perform: Perform, rehearsed?: Json, options: EffectOptions = {}): Promise<Json> {
    const { id: runId, organizationId } = this.run;
    try {
      if (this.run.rehearsal) return await rehearse(this.#options.ledger, this.run.rehearsal.of, key, rehearsed);
      if (this.lost !== null) throw this.lost;
      // What led to the effect must be on record before it happens, or a recovery could decide otherwise after the fact: the journal keeps the order.
      return await this.#options.ledger.effect({ organizationId, runId, key }, perform, options);
    } catch (error) {
      if (isLoss(error)) this.lose(error);
      throw error;
    }
  }

  /** Resolves when all that was recorded is durable; rejects when something could not be. */
  async written(): Promise<void> {
    await this.records.written();
    if (this.lost !== null) throw this.lost;
  }

  /** What a step that was cut off is recorded with; `null` when it is not, because the run will be taken up again. */
  abortError(reason: unknown): StepError | null {
    if (this.lost !== null || reason instanceof RunInterrupted) return null;
    if (reason instanceof RunStopped) return reason.error;
    return reason instanceof NodeError ? toStepError(reason) : engineErrors.canceled();
  }

  /** `contact`, `conversation` and `organization` of expressions. */
  worldOf(names: ReadonlySet<string>): Promise<Record<string, Json>> {
    return this.#world.read(names);
  }

  /** This worker may no longer write for the run: everything stops, nothing more is recorded. */
  lose(error: unknown): void {
    this.lost ??= error;
    this.stop(error);
  }
}

const isLoss = (error: unknown): boolean =>
  error instanceof LeaseLost || error instanceof StoreUnavailable || error instanceof RunTaken;
