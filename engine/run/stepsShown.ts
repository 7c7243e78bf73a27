import type { LiveEvent, StepView } from '#engine/graph/events.js';
import type { StepStatus } from '#engine/graph/statuses.js';
import type { RunRow } from './rows.js';
import { nothingSpent, type StepRecord } from './stepRecord.js';

/** Steps that are shown again to somebody who begins to look; what came before them is on record. */
const SHOWN_AGAIN = 100;

type Shown = readonly [step: Omit<StepRecord, 'status' | 'durationMs'>, status: StepStatus, durationMs: number | null];

export interface StepsShownOptions {
  readonly run: RunRow;
  readonly emit: (organizationId: string, event: LiveEvent) => void;
  /** Whether anybody may listen: else nothing is made to be shown. */
  readonly isHeard: (organizationId: string) => boolean;
}

/** What browsers see of a run's steps while it is at work. */
export class StepsShown {
  readonly #options: StepsShownOptions;
  /** The last that there was to see of each step, the latest step last. */
  readonly #shown = new Map<string, Shown>();

  constructor(options: StepsShownOptions) {
    this.#options = options;
  }

  show(...shown: Shown): void {
    const [{ path }] = shown;
    this.#shown.delete(path);
    this.#shown.set(path, shown);
    const [oldest] = this.#shown.size > SHOWN_AGAIN ? this.#shown.keys() : [];
    if (oldest !== undefined) this.#shown.delete(oldest);
    if (this.#isHeard) this.#emit(shown);
  }

  token(path: string, delta: string): void {
    if (!this.#isHeard) return;
    const { id: runId, conversationId, organizationId } = this.#options.run;
    this.#options.emit(organizationId, { type: 'token', runId, conversationId, path, delta });
  }

  /** Somebody has begun to look, and saw nothing of what this run has been doing. */
  showAgain(): void {
    for (const shown of this.#shown.values()) this.#emit(shown);
  }

  get #isHeard(): boolean {
    return this.#options.isHeard(this.#options.run.organizationId);
  }

  #emit([step, status, durationMs]: Shown): void {
    const { id: runId, departmentId, conversationId, organizationId } = this.#options.run;
    const { inputTokens: input, outputTokens: output, costMicros: micros, model } = step.spent ?? nothingSpent;
    const view: StepView = {
      nodeId: step.node.id,
      path: step.path,
      status,
      attempt: step.attempt,
      port: step.port,
      input: step.input,
      output: step.output,
      error: step.error,
      startedAt: new Date(step.startedAt).toISOString(),
      durationMs,
      tokens: { input, output },
      cost: { micros, currency: 'USD' },
      model,
      recalled: false,
      compensates: step.compensates ?? null,
    };
    this.#options.emit(organizationId, { type: 'step', runId, departmentId, conversationId, step: view });
  }
}
