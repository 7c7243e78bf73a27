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
  // Runs that waited before keys were made unreadable wait under what they said.
  const keys = [...new Set([eventIndex(vault, key), key])];
  // Runs are held before their waits, and several in the order of their ids: see docs/decisions/0060.
  const waiting = await query<{ runId: string }>(
    `select r.id as "runId" from platform.runs r where r.department_id = $2 and r.status in ('queued', 'running', 'waiting')
       and r.id in (select w.run_id from platform.waits w where w.event_key = any($1) and w.answered_at is null)
     order by r.id for no key update of r`,
    [keys, departmentId],
  );
  if (waiting.length === 0) return [];
  const answered = await query<{ runId: string }>(
    `update platform.waits set answer = cast($3 as jsonb), answered_at = now()
     where event_key = any($1) and answered_at is null and run_id = any($2::uuid[]) returning run_id as "runId"`,
    [keys, waiting.map(({ runId }) => runId), vault.sealJson(payload)],
  );
  if (answered.length === 0) return [];
  await query('update platform.awaited_events set taken_at = now() where id = $1', [id]);
  const runs = answered.map(({ runId }) => runId).sort();
  for (const runId of runs) await noticeAnswer(query, runId);
  return runs;
}
