import type { Pool } from 'pg';
import { wordIndex } from '#db/sealing/wordIndex.js';
import { isActive } from '#engine/graph/statuses.js';
import { STANDS_STILL } from '#engine/run/standsStill.js';
import { triggerMessage } from '#nodes/sdk/customer.js';
import { findConversation } from '../conversation/record.js';
import { triggerInput } from '../conversation/triggerInput.js';
import { leaveToPerson, takeUnanswered } from '../conversation/unanswered.js';
import { queryOf, transaction, vaultOf, type Query, type WorkQuery } from '../query.js';
import type { PreparedRun } from './preparedRun.js';
import { openStored, type ReadRun, type StoredRun } from './readRuns.js';

/** A person has the conversation, it was deleted, or its department does not answer any more: the run was canceled instead of working for nobody. */
export interface LeftRun {
  readonly left: { readonly id: string; readonly departmentId: string; readonly conversationId: string };
}

/** `gone`: it has ended, waits, or is held back; nothing to do. */
export type Prepared = PreparedRun | LeftRun | 'gone';

export interface RunToPrepare {
  readonly runId: string;
  readonly organizationId: string;
  /** Its organization has hardly anything under way. */
  readonly urgent: boolean;
}

/** Reads what a run needs to start or go on. A fresh one takes every message of its customer that still waits. */
export async function prepareRun(
  engine: Pool,
  readRun: ReadRun,
  { runId, organizationId, urgent }: RunToPrepare,
): Promise<Prepared> {
  const sealed = await readRun(runId, organizationId, urgent);
  if (!sealed || !isActive(sealed.status)) return 'gone';
  if (sealed.heldBack) {
    // Its department was paused while it was on the queue.
    await queryOf(engine)(
      `update platform.runs set held = true, admitted_at = null where id = $1 and status = 'queued' and started_at is null`,
      [runId],
    );
    return 'gone';
  }
  return prepareStored(engine, sealed, urgent);
}

/** The same for who has just read it. */
export async function prepareStored(engine: Pool, sealed: StoredRun, urgent: boolean): Promise<Prepared> {
  const { id: runId, organizationId } = sealed;
  const stored = openStored(await vaultOf(engine, organizationId), sealed);
  const { conversationId, contextId, versionId, organization } = stored;
  const answers = stored.origin ?? runId;
  if (!conversationId) {
    const conversation = contextId && (await findConversation(queryOf(engine), organizationId, contextId));
    return { run: stored, versionId, organization, conversation: conversation || null, answers, taken: [] };
  }
  const prepare = async (query: WorkQuery): Promise<Prepared> => {
    if (stored.fresh && triggerMessage(stored.input)) return takeMessages(query, stored, conversationId);
    const conversation = await findConversation(query, organizationId, conversationId);
    if (!conversation) return leave(query, stored, conversationId);
    return { run: stored, versionId, organization, conversation, answers, taken: [] };
  };
  return transaction(engine, prepare, { urgent });
}

async function leave(query: Query, { id, departmentId }: StoredRun, conversationId: string): Promise<LeftRun> {
  await query(`update platform.runs set status = 'canceled', finished_at = now() where id = $1 and status = 'queued'`, [
    id,
  ]);
  await leaveToPerson(query, conversationId);
  return { left: { id, departmentId, conversationId } };
}

/** What it would have answered is found when its department goes on, or given to a person when it does not: see `answerForgotten`. */
async function putAside(
  query: Query,
  { id, departmentId }: StoredRun,
  conversationId: string,
): Promise<LeftRun | 'gone'> {
  const ended = await query(
    `update platform.runs set status = 'canceled', finished_at = now() where id = $1 and status = 'queued' returning id`,
    [id],
  );
  if (ended.length === 0) return 'gone';
  // It may have taken them before its department was paused.
  await query(
    `update platform.messages set answered_by = null where conversation_id = $1 and direction = 'in' and answered_by = $2`,
    [conversationId, id],
  );
  return { left: { id, departmentId, conversationId } };
}

async function takeMessages(query: WorkQuery, stored: StoredRun, conversationId: string): Promise<Prepared> {
  const { id: runId, organizationId, versionId, organization } = stored;
  // Held until the messages are ours: an arrival waits here, and then finds the run queued.
  const conversation = await findConversation(query, organizationId, conversationId, { lock: true });
  if (!conversation || conversation.handler === 'person') return leave(query, stored, conversationId);
  // It may have been ended in favour of another before we held the conversation: then the messages are the other's.
  const mine = await query(
    `update platform.runs r set took_messages = true where r.id = $1 and r.status = 'queued' and not ${STANDS_STILL} returning r.id`,
    [runId],
  );
  if (mine.length === 0) return putAside(query, stored, conversationId);
  const messages = await takeUnanswered(query, conversationId, runId);
  if (messages.length === 0) return { run: stored, versionId, organization, conversation, taken: [] };
  const input = triggerInput(messages, { id: conversation.contactId, name: conversation.contactName });
  const vault = await query.vault(organizationId);
  await query('update platform.runs set input = $2, words = $3 where id = $1', [
    runId,
    vault.sealJson(input),
    wordIndex(vault, input),
  ]);
  const taken = messages.flatMap((message) => message.external_id ?? []);
  return { run: { ...stored, input }, versionId, organization, conversation, taken };
}
