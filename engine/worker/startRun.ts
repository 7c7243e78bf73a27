import { rowsOf, type Query } from '#db/query.js';
import type { Priority } from '#engine/graph/statuses.js';
import type { Json } from '#nodes/sdk/json.js';
import { priorityOf } from './catalog.js';

export interface NewRun {
  /** UUIDv7. */
  readonly id: string;
  readonly organizationId: string;
  readonly departmentId: string;
  /** The frozen version that this run keeps to its end. */
  readonly versionId: string;
  readonly conversationId: string | null;
  /** Id of the trigger node that starts it. */
  readonly triggerNode: string;
  readonly input: Json;
  readonly priority?: Priority;
  /** The run does not start before; messages that arrive until then are answered with it. */
  readonly notBefore?: Date | null;
  /** The run that this one repeats or forks. */
  readonly parentRunId?: string | null;
}

/**
 * Writes the run down, not yet known to the queue: call `admission.wake(organizationId, notBefore)` after the commit.
 * `null` when the conversation already has a run that is queued or running: one at a time, and that one or the next takes the message.
 */
export async function startRun(query: Query, run: NewRun): Promise<{ readonly createdAt: Date } | null> {
  const [row] = await rowsOf<{ createdAt: Date }>(
    query,
    `insert into platform.runs (id, organization_id, department_id, version_id, conversation_id, trigger_node, input, priority, not_before, parent_run_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (conversation_id) where status in ('queued', 'running') and conversation_id is not null do nothing
     returning created_at as "createdAt"`,
    [
      run.id,
      run.organizationId,
      run.departmentId,
      run.versionId,
      run.conversationId,
      run.triggerNode,
      JSON.stringify(run.input),
      priorityOf(run.priority ?? 'normal'),
      run.notBefore ?? null,
      run.parentRunId ?? null,
    ],
  );
  return row ?? null;
}
