import { uuidv7 } from 'uuidv7';
import type { LiveEvent } from '#engine/graph/events.js';
import { messageColumns, messageView, openMessage, type StoredMessage } from './messageView.js';
import { leaveToPerson } from './unanswered.js';
import type { WorkQuery } from '../query.js';

export interface HandOff {
  readonly organizationId: string;
  readonly conversationId: string;
  readonly runId: string | null;
  /** One line, in the organization's language. */
  readonly reason: string;
  readonly summary: string;
}

/**
 * The team stops answering and a person is asked to take over. A conversation that a person has already is left as it is.
 * Returns the events to publish after the commit.
 */
export async function handOff(query: WorkQuery, handOff: HandOff): Promise<LiveEvent[]> {
  const { organizationId, conversationId, reason, summary } = handOff;
  const vault = await query.vault(organizationId);
  const [conversation] = await query<{ status: 'open' | 'closed' }>(
    `update platform.conversations set handler = 'person', status = 'open', handoff_reason = $3, handoff_summary = $4, last_message_at = now()
     where id = $1 and organization_id = $2 and handler = 'team' returning status`,
    [conversationId, organizationId, vault.sealText(reason), vault.sealText(summary)],
  );
  if (!conversation) return [];
  await leaveToPerson(query, conversationId);
  return [
    {
      type: 'conversation',
      conversation: { id: conversationId, status: conversation.status, handler: 'person', handoffReason: reason },
    },
    ...(await note(query, { ...handOff, kind: 'handoff' })),
  ];
}

interface Note extends Omit<HandOff, 'summary'> {
  readonly kind: 'handoff' | 'text';
}

/** Writes a line into the conversation that is seen in the house alone. */
export async function note(
  query: WorkQuery,
  { organizationId, conversationId, runId, kind, reason }: Note,
): Promise<LiveEvent[]> {
  const vault = await query.vault(organizationId);
  const inserted = await query<StoredMessage>(
    `insert into platform.messages (id, organization_id, conversation_id, direction, author, kind, text, payload, status, run_id, sent_at)
     values ($1, $2, $3, 'out', 'system', $6, $4, '{}', 'sent', $5, now()) returning ${messageColumns}`,
    [uuidv7(), organizationId, conversationId, vault.sealText(reason), runId, kind],
  );
  return inserted.map((row) => ({ type: 'message', message: messageView(openMessage(vault, row)) }));
}
