import { setMaxListeners } from 'node:events';
import { uuidv7 } from 'uuidv7';
import type { PlannedLevel, PlannedNode } from '#engine/compile/plan.js';
import type { LiveEvent, StepError } from '#engine/graph/events.js';
import { SKIPPED, type Settled } from '#engine/graph/levels.js';
import type { EffectOptions, Question } from '#nodes/sdk/context.js';
import { NodeError } from '#nodes/sdk/errors.js';
import type { Json } from '#nodes/sdk/json.js';
import { engineErrors, RunInterrupted, RunPostponed, RunStopped, toNodeError, toStepError } from './errors.js';
import { Batch } from './batch.js';
import { ExpressionWorld } from './expressionWorld.js';
import type { History, KnownWait } from './history.js';
import { isJson, jsonbBytes, MOST_IN_RUN, MOST_IN_VALUE, recorded, type Recorded } from './json.js';
import { RunTaken, StoreUnavailable, type Journal } from './journal.js';
import type { Entry } from './journalEntries.js';
import { LeaseLost } from './lease.js';
import type { Ledger, Perform } from './ledger.js';
import { rehearse } from './rehearse.js';
import type { RunRow } from './rows.js';
import { Slices } from './slices.js';
import { entryOf, type StepRecord } from './stepRecord.js';
import { StepsShown } from './stepsShown.js';
import type { Capabilities, StepHandle } from './capabilities.js';

export interface ExecutionOptions {
  readonly run: RunRow;
  readonly history: History;
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
  readonly #options: ExecutionOptions;
  readonly #controller = new AbortController();
  readonly #opened = new Set<string>();
  readonly #answers = new Map<string, Json>();
  readonly #slices = new Slices();
  readonly #shown: StepsShown;
  readonly #world: ExpressionWorld;
  #steps = 0;
  #roomLeft = MOST_IN_RUN;
  #moment = 0;
  #waits = false;
  #progressed: (() => void) | null;
  /** What has been recorded since the last flush. */
  #batch: Batch | null = null;
  #written: Promise<unknown> = Promise.resolve();
  #unwritten = 0;
  /** What the last step made, which most often is what the next one is given. */
  #lastMade: { readonly value: Json; readonly recorded: Recorded } | null = null;

  constructor(options: ExecutionOptions) {
    this.#options = options;
    const { id, departmentId, organizationId, conversationId } = options.run;
    this.run = options.run;
    this.runView = { id, departmentId, organizationId, conversationId };
    this.capabilities = options.capabilities;
    this.now = options.now;
    this.random = options.random;
    // A parallel for-each listens once for each of its lanes.
    setMaxListeners(0, this.#controller.signal);
    this.report = options.report;
    this.#progressed = options.progressed ?? null;
    this.#moment = options.history.lastMoment;
    this.#shown = new StepsShown(options);
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

  /** Milliseconds since 1970; never the same twice, so that steps on record sort in the order they began. */
  moment(): number {
    this.#moment = Math.max(Date.now(), this.#moment + 0.001);
    return this.#moment;
  }

  /** Counts a step against the run's limit; recalled ones too, so that no loop escapes it by crashing. */
  countStep(): void {
    this.#steps += 1;
    if (this.#steps > this.#options.maxSteps) throw new RunStopped(engineErrors.tooManySteps(this.#options.maxSteps));
  }

  /** Refuses what a step made that JSON does not carry, or that is more than a run may hold: whoever puts a worker out of memory puts the next one out too. */
  checkMade(value: unknown): void {
    const most = Math.min(MOST_IN_VALUE, this.#roomLeft);
    const room = { left: most };
    const fits = isJson(value, 0, room);
    this.#roomLeft -= most - Math.max(0, room.left);
    if (!fits) throw toNodeError(room.left < 0 ? engineErrors.valueTooBig() : engineErrors.notJson());
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

  openWait(
    path: string,
    of: Question['of'] | 'time',
    question: Question | null,
    wakeAt: number | null,
    event: string | null = null,
  ): void {
    if (this.#opened.has(path)) return;
    this.#opened.add(path);
    const { id: run, organizationId: organization, conversationId: conversation } = this.run;
    const asked: Json =
      question === null ? null : { ...question, options: question.options?.map((option) => ({ ...option })) ?? [] };
    const bytes = asked === null ? null : jsonbBytes(asked);
    this.#write({
      kind: 'wait',
      run,
      organization,
      id: uuidv7(),
      path,
      of,
      conversation,
      question: bytes,
      wakeAt,
      event,
    });
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
    if (this.#unwritten > 0) await this.#written;
    if (this.lost !== null) throw this.lost;
  }

  /** What a step that was cut off is recorded with; `null` when it is not, because the run will be taken up again. */
  abortError(reason: unknown): StepError | null {
    if (this.lost !== null || reason instanceof RunInterrupted) return null;
    if (reason instanceof RunStopped) return reason.error;
    return reason instanceof NodeError ? toStepError(reason) : engineErrors.canceled();
  }

  showStarted(
    node: PlannedNode,
    path: string,
    attempt: number,
    input: Json,
    startedAt: number,
    compensates: string | null,
  ): void {
    const error = null;
    this.#shown.show(
      { node, path, attempt, port: null, input, output: null, error, startedAt, spent: null, compensates },
      'running',
      null,
    );
  }

  showToken(path: string, delta: string): void {
    this.#shown.token(path, delta);
  }

  /** Somebody has begun to look, and saw nothing of what this run has been doing. */
  showAgain(): void {
    this.#shown.showAgain();
  }

  /** Keeps a step's record and shows it. Durable later: see `written`. */
  record(record: StepRecord): void {
    const input = this.#lastMade?.value === record.input ? this.#lastMade.recorded : recorded(record.input);
    // A step may write into what it was given and hand that on, so what it made is never known before.
    const output = recorded(record.output);
    this.#lastMade = { value: record.output, recorded: output };
    this.#write(entryOf(this.run, record, { input, output }, this.moment()), patienceWith(record));
    if (this.#progressed !== null && record.port !== null) {
      this.#written.then(this.#progressed, () => {});
      this.#progressed = null;
    }
    const isCut = input.whole !== null || output.whole !== null;
    const shown = isCut ? { ...record, input: input.view, output: output.view } : record;
    this.#shown.show(shown, record.status, record.durationMs);
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

  #write(entry: Entry, patience = 0): void {
    if (this.#batch?.add(entry, patience)) return;
    this.#batch = new Batch(entry, patience);
    this.#unwritten += 1;
    const written = this.#options.journal.add(this.#batch);
    // Flushes keep their order, so the last one stands for all before it; a failed one stops the run.
    this.#written = written;
    written.then(
      () => (this.#unwritten -= 1),
      (error: unknown) => {
        this.#unwritten -= 1;
        this.lose(error);
      },
    );
  }
}

/**
 * How long a step's record may wait for what its run does next, in milliseconds: should the worker die meanwhile, it is done once more. What was only computed costs
 * nothing, however often. What was paid for waits just long enough for what mostly follows at once, the intent of an answer.
 */
const COMPUTED_MS = 50;
const PAID_MS = 4;

function patienceWith({ node: { type }, error, status }: StepRecord): number {
  if (error !== null || status === 'waiting') return 0;
  return type.kind === 'pure' || type.kind === 'trigger' ? COMPUTED_MS : PAID_MS;
}

const isLoss = (error: unknown): boolean =>
  error instanceof LeaseLost || error instanceof StoreUnavailable || error instanceof RunTaken;
