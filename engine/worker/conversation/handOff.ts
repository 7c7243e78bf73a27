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
export async function handOff(
  query: WorkQuery,
  { organizationId, conversationId, runId, reason, summary }: HandOff,
): Promise<LiveEvent[]> {
  const vault = await query.vault(organizationId);
  const rows = await query<{ id: string; status: 'open' | 'closed' }>(
    `update platform.conversations set handler = 'person', status = 'open', handoff_reason = $3, handoff_summary = $4, last_message_at = now()
     where id = $1 and organization_id = $2 and handler = 'team' returning id, status`,
    [conversationId, organizationId, vault.sealText(reason), vault.sealText(summary)],
  );
  const conversation = rows[0];
  if (!conversation) return [];
  await leaveToPerson(query, conversationId);
  const inserted = await query<StoredMessage>(
    `insert into platform.messages (id, organization_id, conversation_id, direction, author, kind, text, payload, status, run_id, sent_at)
     values ($1, $2, $3, 'out', 'system', 'handoff', $4, '{}', 'sent', $5, now()) returning ${messageColumns}`,
    [uuidv7(), organizationId, conversationId, vault.sealText(reason), runId],
  );
  return [
    {
      type: 'conversation',
      conversation: { id: conversationId, status: conversation.status, handler: 'person', handoffReason: reason },
    },
    ...inserted.map((row): LiveEvent => ({ type: 'message', message: messageView(openMessage(vault, row)) })),
  ];
}
