import type { PlannedNode } from '#engine/compile/plan.js';
import type { StepError } from '#engine/graph/events.js';
import type { StepStatus } from '#engine/graph/statuses.js';
import type { Json } from '#nodes/sdk/json.js';
import type { Spent } from './capabilities.js';
import type { Recorded } from './json.js';
import type { StepEntry } from './journalEntries.js';
import type { RunRow } from './rows.js';

/** One try of a step, as it ended. */
export interface StepRecord {
  readonly node: PlannedNode;
  readonly path: string;
  readonly attempt: number;
  readonly status: Exclude<StepStatus, 'running'>;
  readonly port: string | null;
  readonly input: Json;
  readonly output: Json;
  readonly error: StepError | null;
  /** Milliseconds since 1970, and how many it took. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly spent: Spent | null;
  readonly compensates?: string | null;
}

export const nothingSpent: Spent = { inputTokens: 0, outputTokens: 0, costMicros: 0, model: null };

/** What the journal keeps of it. `finishedAt` in milliseconds since 1970. */
export function entryOf(
  { id: run, organizationId: organization }: RunRow,
  record: StepRecord,
  { input, output }: { readonly input: Recorded; readonly output: Recorded },
  finishedAt: number,
): StepEntry {
  const { inputTokens, outputTokens, costMicros, model } = record.spent ?? nothingSpent;
  return {
    kind: 'step',
    run,
    organization,
    path: record.path,
    attempt: record.attempt,
    nodeId: record.node.id,
    status: record.status,
    port: record.port,
    input: input.text,
    output: output.text,
    error: record.error && Buffer.from(JSON.stringify(record.error)),
    whole: output.whole,
    compensates: record.compensates ?? null,
    startedAt: record.startedAt,
    finishedAt,
    durationMs: record.durationMs,
    inputTokens,
    outputTokens,
    costMicros,
    model,
  };
}
