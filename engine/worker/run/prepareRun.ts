import type { Pool } from 'pg';
import type { RunStatus } from '#engine/graph/statuses.js';
import { isActive } from '#engine/graph/statuses.js';
import type { RunRow } from '#engine/run/rows.js';
import type { NodeContext } from '#nodes/sdk/context.js';
import { triggerMessage } from '#nodes/sdk/customer.js';
import { messageColumns, type MessageRow } from '../conversation/messageView.js';
import { triggerInput } from '../conversation/nextRun.js';
import { findConversation, type ConversationRecord } from '../conversation/record.js';
import { inOrder, leaveToPerson, takeUnanswered } from '../conversation/unanswered.js';
import { transaction, type Query } from '../query.js';

interface StoredRun extends RunRow {
  readonly status: RunStatus;
  readonly versionId: string;
  /** It has never run before: what has been written since it was queued is answered with it. */
  readonly fresh: boolean;
  readonly organization: NodeContext['organization'];
}

export interface PreparedRun {
  readonly run: RunRow;
  readonly versionId: string;
  readonly organization: NodeContext['organization'];
  readonly conversation: ConversationRecord | null;
  /** The channel's ids of the messages it answers, oldest first; empty when it goes on after a wait or a crash. */
  readonly taken: readonly string[];
}

/** A person has the conversation, or it was deleted, so the run was canceled instead of working for nobody. */
export interface LeftRun {
  readonly left: { readonly id: string; readonly departmentId: string; readonly conversationId: string };
}

/** `gone`: it has ended or waits; nothing to do. */
export type Prepared = PreparedRun | LeftRun | 'gone';

/** Reads what a run needs to start or go on. A fresh one takes every message of its customer that still waits. */
export async function prepareRun(engine: Pool, runId: string, organizationId: string): Promise<Prepared> {
  return transaction(engine, async (query) => {
    const [stored] = await query<StoredRun>(
      `select r.id, r.organization_id as "organizationId", r.department_id as "departmentId", r.conversation_id as "conversationId",
         r.trigger_node as "triggerNode", r.input, r.status, r.version_id as "versionId", r.started_at is null and r.status = 'queued' as fresh,
         json_build_object('name', o.name, 'locale', o.locale, 'timezone', o.timezone, 'profile', o.profile) as organization
       from platform.runs r join platform.organizations o on o.id = r.organization_id where r.id = $1 and r.organization_id = $2`,
      [runId, organizationId],
    );
    if (!stored || !isActive(stored.status)) return 'gone';
    const { conversationId, versionId, organization } = stored;
    const run: RunRow = stored;
    if (!conversationId) return { run, versionId, organization, conversation: null, taken: [] };
    if (stored.fresh && triggerMessage(stored.input)) return takeMessages(query, stored, conversationId);
    const conversation = await findConversation(query, organizationId, conversationId);
    if (!conversation) return leave(query, stored, conversationId);
    return { run, versionId, organization, conversation, taken: [] };
  });
}

async function leave(query: Query, { id, departmentId }: StoredRun, conversationId: string): Promise<LeftRun> {
  await query(`update platform.runs set status = 'canceled', finished_at = now() where id = $1 and status = 'queued'`, [
    id,
  ]);
  await leaveToPerson(query, conversationId);
  return { left: { id, departmentId, conversationId } };
}

async function takeMessages(query: Query, stored: StoredRun, conversationId: string): Promise<Prepared> {
  const { id: runId, organizationId, versionId, organization } = stored;
  // Held until the messages are ours: an arrival waits here, and then finds the run queued.
  await query('select 1 from platform.conversations where id = $1 for update', [conversationId]);
  const conversation = await findConversation(query, organizationId, conversationId);
  if (!conversation || conversation.handler === 'person') return leave(query, stored, conversationId);
  await takeUnanswered(query, conversationId, runId);
  const mine = await query<MessageRow>(
    `select ${messageColumns} from platform.messages where conversation_id = $1 and direction = 'in' and answered_by = $2`,
    [conversationId, runId],
  );
  if (mine.length === 0) return { run: stored, versionId, organization, conversation, taken: [] };
  const messages = mine.sort(inOrder);
  const input = triggerInput(messages, { id: conversation.contactId, name: conversation.contactName });
  await query('update platform.runs set input = $2 where id = $1', [runId, JSON.stringify(input)]);
  const taken = messages.flatMap((message) => message.external_id ?? []);
  return { run: { ...stored, input }, versionId, organization, conversation, taken };
}
