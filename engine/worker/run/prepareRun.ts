import type { Pool } from 'pg';
import type { RunStatus } from '#engine/graph/statuses.js';
import { isActive } from '#engine/graph/statuses.js';
import type { RunRow } from '#engine/run/rows.js';
import { triggerMessage } from '#nodes/sdk/customer.js';
import { findConversation } from '../conversation/record.js';
import { triggerInput } from '../conversation/triggerInput.js';
import { leaveToPerson, takeUnanswered } from '../conversation/unanswered.js';
import type { OrganizationRecord } from '../organization.js';
import { queryOf, transaction, type Query, type WorkQuery } from '../query.js';
import type { PreparedRun } from './preparedRun.js';

interface StoredRun extends RunRow {
  readonly status: RunStatus;
  readonly versionId: string;
  /** It has never run before and repeats no other: what has been written since it was queued is answered with it. */
  readonly fresh: boolean;
  /** The first of the runs that it repeats. */
  readonly origin: string | null;
  /** Of a rehearsal: the conversation it reads. */
  readonly contextId: string | null;
  readonly organization: OrganizationRecord;
}

/** A person has the conversation, or it was deleted, so the run was canceled instead of working for nobody. */
export interface LeftRun {
  readonly left: { readonly id: string; readonly departmentId: string; readonly conversationId: string };
}

/** `gone`: it has ended or waits; nothing to do. */
export type Prepared = PreparedRun | LeftRun | 'gone';

/** Reads what a run needs to start or go on. A fresh one takes every message of its customer that still waits. */
export async function prepareRun(engine: Pool, runId: string, organizationId: string): Promise<Prepared> {
  const [stored] = await queryOf(engine)<StoredRun>(
    `select r.id, r.organization_id as "organizationId", r.department_id as "departmentId", r.conversation_id as "conversationId",
       r.trigger_node as "triggerNode", r.input, r.status, r.version_id as "versionId",
       r.started_at is null and r.status = 'queued' and r.parent_run_id is null as fresh, r.origin_run_id as origin,
       r.context_conversation_id as "contextId",
       case when r.rehearsal then json_build_object('of', json_build_array(r.parent_run_id, r.origin_run_id)) end as rehearsal,
       json_build_object('name', o.name, 'locale', o.locale, 'timezone', o.timezone, 'profile', o.profile,
         'modelKeys', o.model_keys, 'capped', o.daily_budget_cents is not null) as organization
     from platform.runs r join platform.organizations o on o.id = r.organization_id where r.id = $1 and r.organization_id = $2`,
    [runId, organizationId],
  );
  if (!stored || !isActive(stored.status)) return 'gone';
  const { conversationId, contextId, versionId, organization } = stored;
  const answers = stored.origin ?? runId;
  if (!conversationId) {
    const conversation = contextId && (await findConversation(queryOf(engine), organizationId, contextId));
    return { run: stored, versionId, organization, conversation: conversation || null, answers, taken: [] };
  }
  return transaction(engine, async (query) => {
    if (stored.fresh && triggerMessage(stored.input)) return takeMessages(query, stored, conversationId);
    const conversation = await findConversation(query, organizationId, conversationId);
    if (!conversation) return leave(query, stored, conversationId);
    return { run: stored, versionId, organization, conversation, answers, taken: [] };
  });
}

async function leave(query: Query, { id, departmentId }: StoredRun, conversationId: string): Promise<LeftRun> {
  await query(`update platform.runs set status = 'canceled', finished_at = now() where id = $1 and status = 'queued'`, [
    id,
  ]);
  await leaveToPerson(query, conversationId);
  return { left: { id, departmentId, conversationId } };
}

async function takeMessages(query: WorkQuery, stored: StoredRun, conversationId: string): Promise<Prepared> {
  const { id: runId, organizationId, versionId, organization } = stored;
  // Held until the messages are ours: an arrival waits here, and then finds the run queued.
  const conversation = await findConversation(query, organizationId, conversationId, { lock: true });
  if (!conversation || conversation.handler === 'person') return leave(query, stored, conversationId);
  // It may have been ended in favour of another before we held the conversation: then the messages are the other's.
  const mine = await query(
    `update platform.runs set took_messages = true where id = $1 and status = 'queued' returning id`,
    [runId],
  );
  if (mine.length === 0) return 'gone';
  const messages = await takeUnanswered(query, conversationId, runId);
  if (messages.length === 0) return { run: stored, versionId, organization, conversation, taken: [] };
  const input = triggerInput(messages, { id: conversation.contactId, name: conversation.contactName });
  await query('update platform.runs set input = $2 where id = $1', [runId, JSON.stringify(input)]);
  const taken = messages.flatMap((message) => message.external_id ?? []);
  return { run: { ...stored, input }, versionId, organization, conversation, taken };
}
