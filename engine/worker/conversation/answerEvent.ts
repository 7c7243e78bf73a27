import type { Json } from '#nodes/sdk/json.js';
import { eventIndex } from '#db/sealing/eventIndex.js';
import type { Vault } from '#db/sealing/vault.js';
import type { Query } from '../query.js';
import { noticeAnswer } from './resumeRun.js';

export interface AwaitedEvent {
  readonly id: string;
  readonly departmentId: string;
  /** Legible, or as it is kept. */
  readonly key: string;
  readonly payload: Json;
}

/**
 * Gives a kept event to every run of its department that waits for it; the caller holds the event's row. Nobody waits yet: it is kept for who
 * comes, and the sweeper brings them together. Returns the runs.
 */
export async function answerEvent(
  query: Query,
  vault: Vault,
  { id, departmentId, key, payload }: AwaitedEvent,
): Promise<string[]> {
  const answered = await query<{ runId: string }>(
    `update platform.waits set answer = cast($3 as jsonb), answered_at = now() where id in (
       select w.id from platform.waits w join platform.runs r on r.id = w.run_id
       where w.event_key = any($1) and w.answered_at is null and r.department_id = $2 and r.status in ('queued', 'running', 'waiting')
       for update of w)
     returning run_id as "runId"`,
    // Runs that waited before keys were made unreadable wait under what they said.
    [[...new Set([eventIndex(vault, key), key])], departmentId, vault.sealJson(payload)],
  );
  if (answered.length === 0) return [];
  await query('update platform.awaited_events set taken_at = now() where id = $1', [id]);
  for (const { runId } of answered) await noticeAnswer(query, runId);
  return answered.map(({ runId }) => runId);
}
