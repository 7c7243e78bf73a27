import { uuidv7 } from 'uuidv7';
import { wordIndex } from '#db/sealing/wordIndex.js';
import { priorityOf } from '../catalog.js';
import { burstWindowOf, messageTriggerOf, type Versions } from '../department.js';
import type { Query, WorkQuery } from '../query.js';
import type { PreparedRun } from '../run/preparedRun.js';
import { standingOf, type Standing } from './standing.js';
import { triggerInput } from './triggerInput.js';
import { leaveToPerson } from './unanswered.js';

export interface NextRun {
  readonly organizationId: string;
  readonly runId: string;
  readonly departmentId: string;
  readonly notBefore: Date | null;
  /** Set when the run was admitted at once: whoever started it must work on it, no queue knows it yet. */
  readonly prepared: PreparedRun | null;
}

export interface StartOptions {
  /** Whether to wait for more that the customer may be saying in the same breath. */
  readonly burst: 'wait' | 'now';
  /** Most runs of the organization on the queue or running for this one to be admitted at once; absent, it waits to be admitted. */
  readonly share?: number;
  /** How often this answer has been begun anew. */
  readonly restarts?: number;
}

/**
 * Starts the run that answers what the conversation's customer has written, if anything waits, the team has the conversation and no
 * run is under way. Locks the conversation, so that a message and the end of a run cannot miss each other.
 */
export async function startNextRun(
  query: WorkQuery,
  versions: Versions,
  conversationId: string,
  options: StartOptions,
): Promise<NextRun | null> {
  // In one go: the second begins when the first holds the row.
  const held = query('select 1 from platform.conversations where id = $1 for update', [conversationId]);
  const [, standing] = await Promise.all([held, standingOf(query, conversationId)]);
  const start = standing && (await runToStart(query, versions, standing, options));
  return start?.begin(query) ?? null;
}

export interface RunToStart {
  readonly runId: string;
  /** One statement, sent before this returns. `null`: the conversation has a run after all. */
  begin(query: Query): Promise<NextRun | null>;
}

/** The same for who holds the conversation's row and knows how it stands; the run is yet to be written down. */
export async function runToStart(
  query: WorkQuery,
  versions: Versions,
  { record, organization, departmentId, versionId, paused, busy, unanswered }: Standing,
  { burst, share, restarts = 0 }: StartOptions,
): Promise<RunToStart | null> {
  if (busy || unanswered.length === 0) return null;
  if (paused && record.handler === 'team') return null;
  const version = versionId ? await versions.get(query, versionId) : null;
  const triggerNode = version && messageTriggerOf(version.definition);
  if (record.handler === 'person' || !version || !triggerNode) {
    await leaveToPerson(query, record.id);
    return null;
  }
  const { organizationId, contactId, contactName } = record;
  const windowMs = burst === 'wait' ? burstWindowOf(version.definition, triggerNode) : 0;
  const notBefore = windowMs > 0 ? new Date(Date.now() + windowMs) : null;
  const runId = uuidv7();
  // Of a run that waits, read again when it starts: whatever arrives until then is answered with it.
  const input = triggerInput(unanswered, { id: contactId, name: contactName });
  const vault = await query.vault(organizationId);
  const run = { id: runId, organizationId, departmentId, conversationId: record.id, triggerNode, input };
  const taken = unanswered.flatMap((message) => message.external_id ?? []);
  const values = [
    runId,
    organizationId,
    departmentId,
    version.id,
    record.id,
    triggerNode,
    vault.sealJson(input),
    priorityOf('high'),
    notBefore ? 0 : (share ?? 0),
    notBefore,
    unanswered.map(({ id }) => id),
    restarts,
    wordIndex(vault, input),
  ];
  return {
    runId,
    async begin(by) {
      const [started] = await by<{ admitted: boolean }>(START, values);
      if (!started) return null;
      const prepared = { run, versionId: version.id, organization, conversation: record, taken };
      return { organizationId, runId, departmentId, notBefore, prepared: started.admitted ? prepared : null };
    },
  };
}

const START = `with room as (select count(*) < $9::int as free from platform.runs
        where $9::int > 0 and organization_id = $2::uuid and status in ('queued', 'running') and admitted_at is not null),
      run as (insert into platform.runs
          (id, organization_id, department_id, version_id, conversation_id, trigger_node, input, priority, not_before, admitted_at, took_messages, restarts, words)
        select $1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid, $6, $7::jsonb, $8::smallint, $10::timestamptz, case when room.free then now() end, room.free, $12, $13::int[]
        from room
        on conflict (conversation_id) where status in ('queued', 'running') and conversation_id is not null do nothing
        returning id, admitted_at is not null as admitted),
      taken as (update platform.messages m set answered_by = run.id from run where run.admitted and m.id = any($11::uuid[]))
     select admitted from run`;
