import type { LiveEvent } from '#engine/graph/events.js';
import { SUSPECTED } from '#engine/run/deaths.js';
import { onNewMessageOf, type Versions } from '../department.js';
import type { Query } from '../query.js';

/**
 * Most times in a row that an answer is begun anew. Whoever goes on writing for longer than it takes to think is answered all the same, and
 * somebody who writes without end buys no more than four answers' worth of thought for each.
 */
const MOST_RESTARTS = 3;

/** Why the run that was put aside ended, as its row says. The reader is told the same in words by the run page. */
const superseded = {
  code: 'superseded',
  message: 'The customer wrote more before anything was done: another run answers all of it.',
  actor: 'caller',
  retryable: false,
  nodeId: null,
  path: null,
} as const;

export interface Superseded {
  readonly runId: string;
  readonly departmentId: string;
  /** How often the answer has been begun anew, this time included. */
  readonly restarts: number;
}

interface Candidate extends Superseded {
  readonly versionId: string;
  readonly triggerNode: string;
}

/**
 * Ends the conversation's run in favour of one that answers what it answers and what has come since, if nothing of it can be felt
 * outside: no effect of it has its intent on record, and nobody was asked. Its messages wait again. `null` when it goes on: it takes the
 * new message itself because it has not begun, has acted, or its trigger wants messages queued; or it may be what workers die of.
 * For a message that was `takenBack` it is ended whatever its trigger wants and however often it was begun: nobody answers that, and it comes once for each.
 *
 * The caller holds the conversation's row. The run's row is held from here on, which is what the ledger asks for before it records an
 * intent: either the intent comes first, and is seen by the second statement, or the run is over and the intent is refused.
 */
export async function supersede(
  query: Query,
  versions: Versions,
  conversationId: string,
  { takenBack = false } = {},
): Promise<Superseded | null> {
  const [run] = await query<Candidate>(
    `select id as "runId", department_id as "departmentId", version_id as "versionId", trigger_node as "triggerNode", restarts + 1 as restarts
     from platform.runs where conversation_id = $1 and status in ('queued', 'running') and took_messages and not cancel_requested and failing is null
       and deaths < ${SUSPECTED} for update`,
    [conversationId],
  );
  if (!run || !(takenBack || (await mayRestart(query, versions, run)))) return null;
  const ended = await query(
    `update platform.runs r set status = 'canceled', finished_at = now(), error = $2
     where r.id = $1 and not exists (select 1 from platform.effects e where e.run_id = r.id and e.state <> 'not_done')
       and not exists (select 1 from platform.waits w where w.run_id = r.id) returning r.id`,
    [run.runId, JSON.stringify(superseded)],
  );
  if (ended.length === 0) return null;
  await query(
    `update platform.messages set answered_by = null where conversation_id = $1 and direction = 'in' and answered_by = $2`,
    [conversationId, run.runId],
  );
  return run;
}

async function mayRestart(
  query: Query,
  versions: Versions,
  { restarts, versionId, triggerNode }: Candidate,
): Promise<boolean> {
  if (restarts > MOST_RESTARTS) return false;
  return onNewMessageOf((await versions.get(query, versionId)).definition, triggerNode) === 'restart';
}

/** Names the run that answers instead. */
export async function succeededBy(query: Query, { runId }: Superseded, next: string): Promise<void> {
  await query(`update platform.runs set superseded_by = $2 where id = $1`, [runId, next]);
}

export const supersededEvent = ({ runId, departmentId }: Superseded, conversationId: string): LiveEvent => ({
  type: 'run',
  run: { id: runId, departmentId, conversationId, status: 'canceled' },
});
