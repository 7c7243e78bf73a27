import { isDuplicate } from '#db/errors.js';
import type { Query } from '../query.js';

/**
 * Says that one of the run's waits was answered, and wakes it if it rests; inside a transaction. A run that is at work sees the count before it does. Where
 * another run of the conversation is woken or begun at this very moment, the answer is kept, and the end of that one looks for it.
 */
export async function noticeAnswer(query: Query, runId: string): Promise<void> {
  await query(`update platform.runs set unseen_answers = unseen_answers + 1 where id = $1`, [runId]);
  await query('savepoint waking');
  try {
    await resumeRun(query, runId);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await query('rollback to savepoint waking');
  }
}

/**
 * Gives a waiting run back to the queue. Nothing happens when it does not wait, or when its conversation is busy with another run, whose
 * end looks for it again.
 */
export async function resumeRun(query: Query, runId: string): Promise<void> {
  await query(
    `update platform.runs r set status = 'queued', admitted_at = null, not_before = null where r.id = $1 and r.status = 'waiting'
       and not exists (select 1 from platform.runs o where o.conversation_id = r.conversation_id and o.status in ('queued', 'running'))`,
    [runId],
  );
}
