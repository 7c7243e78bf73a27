import type { Knex } from 'knex';
import type { RunStatus } from '#engine/graph/statuses.js';
import type { Query } from '#engine/worker/query.js';
import { ApiError, found } from '../../errors.js';
import { queryOf } from '../../sql.js';

interface LockedRun {
  readonly status: RunStatus;
  readonly conversationId: string | null;
  readonly supersededBy: string | null;
  /** It failed, and what it had finished was undone or is being undone. */
  readonly undone: boolean;
  /** What it worked on is not kept any more. */
  readonly pruned: boolean;
  /** Its department was let go. */
  readonly dismissed: boolean;
}

/** The run, held to the end of the transaction. Throws `not_found`. */
export async function lockRun(trx: Knex.Transaction, id: string): Promise<LockedRun> {
  const [row] = await queryOf(trx)<LockedRun>(
    `select status, conversation_id as "conversationId", superseded_by as "supersededBy", failing is not null as undone, pruned_at is not null as pruned,
       exists (select 1 from platform.departments d where d.id = r.department_id and d.dismissed_at is not null) as dismissed
     from platform.runs r where id = $1 for update`,
    [id],
  );
  return found(row);
}

/**
 * Holds the conversation for a run that is to work in it (again): one run at a time, and one question at a time to its customer, whose
 * answer could otherwise be taken for another's. Throws `conversation_busy`, `conversation_waiting`.
 */
export async function takeConversation(query: Query, conversationId: string, runId: string): Promise<void> {
  await query('select 1 from platform.conversations where id = $1 for update', [conversationId]);
  const [others] = await query<{ busy: boolean; asking: boolean }>(
    `select exists (select 1 from platform.runs where conversation_id = $1 and id <> $2 and status in ('queued', 'running')) as busy,
       exists (select 1 from platform.waits w join platform.runs r on r.id = w.run_id where w.conversation_id = $1 and w.kind = 'contact'
         and w.answered_at is null and r.id <> $2 and r.status = 'waiting') as asking`,
    [conversationId, runId],
  );
  if (others?.busy) throw new ApiError('conversation_busy');
  if (others?.asking) throw new ApiError('conversation_waiting');
}
