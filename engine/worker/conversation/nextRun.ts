import { uuidv7 } from 'uuidv7';
import { wordIndex } from '#db/sealing/wordIndex.js';
import type { LiveEvent } from '#engine/graph/events.js';
import type { Lease } from '#engine/run/lease.js';
import { standsStill } from '#engine/run/standsStill.js';
import { words } from '#nodes/sdk/text.js';
import { priorityOf } from '../catalog.js';
import { burstWindowOf, messageTriggerOf, type Versions } from '../department.js';
import type { Query, WorkQuery } from '../query.js';
import { underWay } from '../underWay.js';
import type { PreparedRun } from '../run/preparedRun.js';
import { answerWithWaiting } from './answerWait.js';
import { handOff } from './handOff.js';
import { standingOf, type Standing } from './standing.js';
import { triggerInput } from './triggerInput.js';
import { leaveToPerson } from './unanswered.js';

export interface NextRun {
  readonly organizationId: string;
  readonly runId: string;
  readonly departmentId: string;
  readonly notBefore: Date | null;
  /** Set when the run was claimed for this worker: whoever started it must work on it, no queue knows it. */
  readonly prepared: PreparedRun | null;
}

export interface ClaimHere {
  readonly lease: Lease;
  /** Most runs of the organization on the queue or running. */
  readonly share: number;
}

export interface StartOptions {
  /** Whether to wait for more that the customer may be saying in the same breath. */
  readonly burst: 'wait' | 'now';
  /**
   * Claims it for this worker, to begin at once, if the organization has less than its share on the queue or running. Absent, it waits to be admitted.
   */
  readonly claim?: ClaimHere;
  /** How often this answer has been begun anew. */
  readonly restarts?: number;
  /** Hears what is to be published after the commit, when there is no department to answer and a person is asked instead. */
  readonly tell?: (event: LiveEvent) => void;
}

const unheard = {
  reason: words('Ninguém do time responde aqui agora', 'Nobody on the team answers here now'),
  summary: words(
    'O cliente escreveu, e o departamento desta conversa foi dispensado ou não ouve mensagens.',
    'The customer wrote, and the department of this conversation was let go or does not listen to messages.',
  ),
};

/**
 * Starts the run that answers what the conversation's customer has written, if anything waits, the team has the conversation and no
 * run is under way; or wakes the one that it answers. Locks the conversation, so that a message and the end of a run cannot miss each other.
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
  if (!standing || (await answerWithWaiting(query, standing))) return null;
  const start = await runToStart(query, versions, standing, options);
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
  { record, organization, departmentId, versionId, paused, doubted, busy, unattended, unanswered }: Standing,
  { burst, claim, restarts = 0, tell }: StartOptions,
): Promise<RunToStart | null> {
  if (busy || unattended || unanswered.length === 0) return null;
  if ((paused || doubted) && record.handler === 'team') return null;
  const version = versionId ? await versions.get(query, versionId) : null;
  const triggerNode = version && messageTriggerOf(version.definition);
  const { organizationId, contactId, contactName } = record;
  if (record.handler === 'person') {
    await leaveToPerson(query, record.id);
    return null;
  }
  if (!version || !triggerNode) {
    const [reason, summary] = [unheard.reason[organization.locale], unheard.summary[organization.locale]];
    const events = await handOff(query, { organizationId, conversationId: record.id, runId: null, reason, summary });
    for (const event of events) tell?.(event);
    return null;
  }
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
    notBefore ? 0 : (claim?.share ?? 0),
    notBefore && windowMs,
    unanswered.map(({ id }) => id),
    restarts,
    wordIndex(vault, input),
    claim?.lease.id ?? null,
    claim?.lease.epoch ?? null,
  ];
  return {
    runId,
    async begin(by) {
      const [started] = await by<{ claimed: boolean }>(START, values);
      if (!started) return null;
      const claimed = { run, versionId: version.id, organization, conversation: record, taken };
      const prepared = started.claimed && claim ? { ...claimed, claimedUnder: claim.lease } : null;
      return { organizationId, runId, departmentId, notBefore, prepared };
    },
  };
}

/** The lease as the claim of a run asks for it (engine/run/claim.ts). A run that is begun here never was anybody's, so nothing else is to be asked. */
const START = `with lease as materialized (select w.id || '@' || w.epoch as token from platform.workers w where w.id = $14 and w.epoch = $15 and w.alive for share),
      room as (select ${underWay('$2::uuid', '$9::int')} < $9::int and not ${standsStill('$3::uuid', '$4::uuid')} as free),
      mine as (select lease.token from room left join lease on room.free),
      run as (insert into platform.runs
          (id, organization_id, department_id, version_id, conversation_id, trigger_node, input, priority, not_before, restarts, words,
            took_messages, admitted_at, started_at, status, worker, attempts)
        select $1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid, $6, $7::jsonb, $8::smallint, now() + $10::float8 * interval '1 ms', $12, $13::int[],
          mine.token is not null, case when mine.token is not null then now() end, case when mine.token is not null then clock_timestamp() end,
          case when mine.token is not null then 'running' else 'queued' end, mine.token, case when mine.token is not null then 1 else 0 end
        from mine
        on conflict (conversation_id) where status in ('queued', 'running') and conversation_id is not null do nothing
        returning id, worker is not null as claimed),
      taken as (update platform.messages m set answered_by = run.id from run where run.claimed and m.id = any($11::uuid[]))
     select claimed from run`;
