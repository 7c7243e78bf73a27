import type { Json } from '#nodes/sdk/json.js';
import type { EffectOptions, NodeContext, Question, Usage } from '#nodes/sdk/context.js';
import type { Spent, StepCapabilities, StepHandle } from './capabilities.js';
import { Waiting } from './errors.js';
import type { Execution } from './execution.js';
import type { Perform } from './ledger.js';
import { eventKey } from '#engine/graph/eventKey.js';
import type { PlannedNode } from '#engine/compile/plan.js';
import { nothingSpent } from './stepRecord.js';

/** Kept here too, because this is where a reader of `NodeContext` looks for them. */
export type { Capabilities, StepCapabilities, StepHandle } from './capabilities.js';

/** The context of one try of one step. */
export class StepContext implements NodeContext, StepHandle {
  readonly path: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly #execution: Execution;
  readonly #node: PlannedNode;
  /** Most steps cost nothing and ask for nothing: what they would need is made when they do. */
  #spent: Spent | null = null;
  #capabilities: StepCapabilities | undefined;

  constructor(execution: Execution, node: PlannedNode, path: string, attempt: number, signal: AbortSignal) {
    this.#execution = execution;
    this.#node = node;
    this.path = path;
    this.attempt = attempt;
    this.signal = signal;
  }

  get node(): NodeContext['node'] {
    const { id, type, definition } = this.#node;
    return { id, type: type.type, title: definition.title ?? id };
  }
  /** `null` while nothing was. */
  get spent(): Spent | null {
    return this.#spent;
  }

  get run(): StepHandle['run'] {
    return this.#execution.runView;
  }
  get trigger(): Json {
    return this.#execution.run.input;
  }
  get organization(): NodeContext['organization'] {
    return this.#capable.organization;
  }
  get models(): NodeContext['models'] {
    return this.#capable.models;
  }
  get knowledge(): NodeContext['knowledge'] {
    return this.#capable.knowledge;
  }
  get contacts(): NodeContext['contacts'] {
    return this.#capable.contacts;
  }
  get conversation(): NodeContext['conversation'] {
    return this.#capable.conversation;
  }
  get channel(): NodeContext['channel'] {
    return this.#capable.channel;
  }
  get http(): NodeContext['http'] {
    return this.#capable.http;
  }
  get #capable(): StepCapabilities {
    return (this.#capabilities ??= this.#execution.capabilities(this));
  }

  now(): Date {
    return this.#execution.now();
  }

  // Nodes may pass these three on without the context.
  get charge(): StepHandle['charge'] {
    return (usage) => this.#charge(usage);
  }
  get preview(): StepHandle['preview'] {
    // A try that was given up on may still be writing.
    return (delta) => void (this.signal.aborted || this.#execution.shown.token(this.path, delta));
  }
  get effect(): StepHandle['effect'] {
    return (key, perform, rehearsed, options) => this.#effect(key, perform, rehearsed, options);
  }

  #charge(usage: Usage): void {
    const spent = (this.#spent ??= { ...nothingSpent });
    spent.inputTokens += usage.inputTokens;
    spent.outputTokens += usage.outputTokens;
    spent.costMicros += usage.costMicros;
    spent.model = usage.model;
  }

  async #effect<T extends Json>(key: string, perform: Perform<T>, rehearsed?: T, options?: EffectOptions): Promise<T> {
    this.signal.throwIfAborted();
    // What the ledger gives back is what `perform` gave, now or in an earlier execution.
    return (await this.#execution.effect(`${this.path}:${key}`, perform, rehearsed, options)) as T;
  }

  ask(question: Question): Json {
    const known = this.#execution.waitAt(this.path);
    if (known?.answered) return known.answer;
    const wakeAt = question.timeoutMs === undefined ? null : this.now().getTime() + question.timeoutMs;
    const event = question.of === 'event' ? eventKey(this.node.id, question.key ?? '') : null;
    if (!known) this.#execution.records.wait(this.path, question.of, question, wakeAt, event);
    throw new Waiting(this.path);
  }

  waitUntil(time: Date): void {
    const known = this.#execution.waitAt(this.path);
    const wakeAt = known?.wakeAt ?? time.getTime();
    if (known?.answered || wakeAt <= this.now().getTime()) return;
    if (!known) this.#execution.records.wait(this.path, 'time', null, wakeAt);
    throw new Waiting(this.path);
  }
}
