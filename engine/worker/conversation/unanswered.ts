import { messageColumns, openMessage, type MessageRow, type StoredMessage } from './messageView.js';
import type { Query, WorkQuery } from '../query.js';

/** In `messages.answered_by`: no run will answer this one. It was a reaction, or a person had the conversation. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

/** In the order in which the customer wrote: WhatsApp's times have whole seconds, ids have the order of arrival. */
export const inOrder = (a: MessageRow, b: MessageRow): number =>
  a.sent_at.getTime() - b.sent_at.getTime() || (a.id < b.id ? -1 : 1);

/** Gives every message of the conversation that still waits to the run. Answers all that are the run's, in order. */
export async function takeUnanswered(query: WorkQuery, conversationId: string, runId: string): Promise<MessageRow[]> {
  const rows = await query<StoredMessage>(
    `update platform.messages set answered_by = $2 where conversation_id = $1 and direction = 'in' and (answered_by is null or answered_by = $2) returning ${messageColumns}`,
    [conversationId, runId],
  );
  const [first] = rows;
  if (!first) return [];
  const vault = await query.vault(first.organization_id);
  return rows.map((row) => openMessage(vault, row)).sort(inOrder);
}

/** Messages that arrive while a person has the conversation are that person's, also later. */
export async function leaveToPerson(query: Query, conversationId: string): Promise<void> {
  await query(
    `update platform.messages set answered_by = $2 where conversation_id = $1 and direction = 'in' and answered_by is null`,
    [conversationId, NOBODY],
  );
}
