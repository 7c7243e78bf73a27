import type { Definition } from '#engine/graph/definition.js';
import type { StepError } from '#engine/graph/events.js';
import type { Settled } from '#engine/graph/levels.js';
import type { RunStatus } from '#engine/graph/statuses.js';
import type { Json } from '#nodes/sdk/json.js';

/** What the executor needs of a row of `platform.runs`. Everything that may change is read again when the run is claimed. */
export interface RunRow {
  readonly id: string;
  readonly organizationId: string;
  readonly departmentId: string;
  readonly conversationId: string | null;
  /** The node that starts it. */
  readonly triggerNode: string;
  readonly input: Json;
  /**
   * Set when nothing may be done outside: an effect gives what it gave in one of `of`, the runs this one came from, nearest first. A node in
   * `pins` is not executed: the result there stands for it. No other run knows pins.
   */
  readonly rehearsal?: {
    readonly of: readonly string[];
    readonly pins?: Readonly<Record<string, Settled>> | null;
  } | null;
}

/** The frozen version that the run is pinned to. */
export interface VersionRow {
  readonly id: string;
  readonly definition: Definition;
  /** Compiled forms are cached under it. */
  readonly checksum: string;
}

/** Where a run failed, beside what failed. */
export interface RunError extends StepError {
  readonly nodeId: string | null;
  readonly path: string | null;
  /** Paths of the steps that were to undo others and could not. */
  readonly notUndone?: readonly string[] | null;
  /** Code of what kept the rest from being undone at all. */
  readonly undoing?: string;
}

/**
 * Where the run rests. `queued`: an answer came while it was coming to rest, or it was interrupted; admit it again.
 * `notMine`: it has ended, waits, or belongs to another living worker; drop the job.
 */
export type RunOutcome =
  | { readonly status: 'succeeded'; readonly output: Json }
  | { readonly status: 'failed'; readonly error: RunError }
  | { readonly status: 'queued'; readonly notBefore?: Date }
  | { readonly status: 'canceled' | 'waiting' | 'notMine' };

export type RestStatus = Exclude<RunStatus, 'running'>;
