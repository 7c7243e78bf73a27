import { rowsOf, type Query } from '#db/query.js';
import type { Vault } from '#db/sealing/vault.js';
import { wordIndex } from '#db/sealing/wordIndex.js';
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
export async function startRun(query: Query, vault: Vault, run: NewRun): Promise<{ readonly createdAt: Date } | null> {
  const [row] = await rowsOf<{ createdAt: Date }>(
    query,
    `insert into platform.runs (id, organization_id, department_id, version_id, conversation_id, trigger_node, input, priority, not_before, parent_run_id, words)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (conversation_id) where status in ('queued', 'running') and conversation_id is not null do nothing
     returning created_at as "createdAt"`,
    [
      run.id,
      run.organizationId,
      run.departmentId,
      run.versionId,
      run.conversationId,
      run.triggerNode,
      vault.sealJson(run.input),
      priorityOf(run.priority ?? 'normal'),
      run.notBefore ?? null,
      run.parentRunId ?? null,
      wordIndex(vault, run.input),
    ],
  );
  return row ?? null;
}

/** One run as it stands in the database from then on. */
export interface WrittenRun {
  readonly id: string;
  readonly createdAt: Date;
}

/**
 * What writes down many at once, of one organization, that belong to no conversation, all or none. Its parameter is `$1`; it answers `WrittenRun`s.
 */
export const writingRuns = (
  vault: Vault,
  runs: readonly NewRun[],
): { readonly text: string; readonly values: [string] } => ({
  text: `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input, priority, words)
     select u.id, u."organizationId", u."departmentId", u."versionId", u."triggerNode", u.input, u.priority, u.words
     from jsonb_to_recordset(cast($1 as jsonb)) as u(id uuid, "organizationId" uuid, "departmentId" uuid, "versionId" uuid, "triggerNode" text,
       input jsonb, priority smallint, words integer[])
     returning id, created_at as "createdAt"`,
  values: [
    JSON.stringify(
      runs.map(({ id, organizationId, departmentId, versionId, triggerNode, input, priority = 'normal' }) => ({
        id,
        organizationId,
        departmentId,
        versionId,
        triggerNode,
        input: vault.sealText(JSON.stringify(input)),
        priority: priorityOf(priority),
        words: wordIndex(vault, input),
      })),
    ),
  ],
});
