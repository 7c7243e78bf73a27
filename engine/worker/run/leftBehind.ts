import type { Pool } from 'pg';
import { GroupCommit } from '#db/groupCommit.js';
import { queryOf } from '../query.js';

export interface LeftBehind {
  /** Somebody answered a run that waits. */
  readonly answered: boolean;
  /** The customer wrote what no run has taken. */
  readonly unanswered: boolean;
  /** A run of the organization waits to be admitted. */
  readonly queued: boolean;
}

export type ReadLeftBehind = (organizationId: string, conversationId: string) => Promise<LeftBehind>;

interface Place {
  readonly organizationId: string;
  readonly conversationId: string;
}

/**
 * Looks what the end of a run leaves to be done in its conversation; the ends of many in one statement. Without any lock, in a statement that begins
 * after the end is committed. A message that is committed later is not missed: whoever brings it looks for the run after its own commit, and finds it ended.
 */
export function createLeftBehindReader(engine: Pool): ReadLeftBehind {
  const reads = new GroupCommit<Place, LeftBehind>((places) => readAll(engine, places), { maxInFlight: 2 });
  return (organizationId, conversationId) => reads.add({ organizationId, conversationId });
}

function readAll(engine: Pool, places: readonly Place[]): Promise<LeftBehind[]> {
  return queryOf(engine)<LeftBehind>(
    `select exists (select 1 from platform.runs r where r.conversation_id = u.conversation and r.status = 'waiting' and r.unseen_answers > 0) as answered,
       exists (select 1 from platform.messages m where m.conversation_id = u.conversation and m.direction = 'in' and m.answered_by is null) as unanswered,
       exists (select 1 from platform.runs r where r.organization_id = u.organization and r.status = 'queued' and r.admitted_at is null and not r.held) as queued
     from unnest($1::uuid[], $2::uuid[]) with ordinality u(organization, conversation, i) order by u.i`,
    [places.map(({ organizationId }) => organizationId), places.map(({ conversationId }) => conversationId)],
  );
}
