import type { LiveEvent } from '#engine/graph/events.js';
import type { Query } from '../query.js';

type RunEvent = Extract<LiveEvent, { type: 'run' }>;

/** Says how the run stands, for whoever shows it to look again: something of it was written down besides. */
export async function shownRun(query: Query, runId: string): Promise<readonly RunEvent[]> {
  const runs = await query<RunEvent['run']>(
    `select id, department_id as "departmentId", conversation_id as "conversationId", status from platform.runs where id = $1`,
    [runId],
  );
  return runs.map((run) => ({ type: 'run', run }));
}
