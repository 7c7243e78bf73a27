import type { Query } from '#db/query.js';

/**
 * Gives a waiting run back to the queue: an answer or its time has come. False when it does not wait, or when its conversation is busy with
 * another run, whose end looks for it again.
 */
export async function resumeRun(query: Query, runId: string): Promise<boolean> {
  const rows = await query(
    `update platform.runs r set status = 'queued', admitted_at = null, not_before = null where r.id = $1 and r.status = 'waiting'
       and not exists (select 1 from platform.runs o where o.conversation_id = r.conversation_id and o.status in ('queued', 'running')) returning r.id`,
    [runId],
  );
  return rows.length === 1;
}
