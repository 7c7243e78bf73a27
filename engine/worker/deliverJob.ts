import type { Pool } from 'pg';
import type { EventBus } from '#engine/graph/events.js';
import { EffectDidNotHappen, NodeError } from '#nodes/sdk/errors.js';
import type { JobData } from './catalog.js';
import {
  messageColumns,
  messageView,
  openMessage,
  type MessageRow,
  type StoredMessage,
} from './conversation/messageView.js';
import { loadConversation, type ConversationRecord } from './conversation/record.js';
import type { Sender } from './sender.js';
import { queryOf } from './query.js';

export interface DeliverDeps {
  readonly engine: Pool;
  readonly bus: EventBus;
  readonly sender: Sender;
}

/** For how long a message that the channel could not take is tried again. */
const PATIENCE_MS = 600_000;

/**
 * Sends what a person of the organization wrote, at most once: the row leaves `queued` before the channel is called, so that a worker that
 * dies in between leaves it `uncertain`, until the channel's own reports say more.
 */
export async function deliverJob(
  { engine, bus, sender }: DeliverDeps,
  { messageId, organizationId }: JobData<'deliver'>,
): Promise<void> {
  const query = queryOf(engine);
  const [queued] = await query<StoredMessage>(
    `select ${messageColumns} from platform.messages
     where id = $1 and organization_id = $2 and direction = 'out' and author = 'person' and status = 'queued'`,
    [messageId, organizationId],
  );
  if (!queued) return;
  const conversation = await loadConversation(query, organizationId, queued.conversation_id);
  const [message] = await query<StoredMessage>(
    `update platform.messages set status = 'uncertain', payload = payload || jsonb_build_object('opaque', 'message/' || id)
     where id = $1 and status = 'queued' returning ${messageColumns}`,
    [messageId],
  );
  if (!message) return;
  const vault = await query.vault(organizationId);
  const outcome = await attempt(sender, conversation, openMessage(vault, message));
  const settled = await query<StoredMessage>(
    `update platform.messages set status = case when status = 'uncertain' then $2 else status end, external_id = coalesce(external_id, $3), error = $4
     where id = $1 returning ${messageColumns}`,
    [messageId, outcome.status, outcome.externalId, outcome.error],
  );
  for (const row of settled)
    bus.publish(organizationId, { type: 'message', message: messageView(openMessage(vault, row)) });
}

interface Outcome {
  /** `queued`: surely not sent, and worth another try by the sweeper. */
  readonly status: 'sent' | 'failed' | 'uncertain' | 'queued';
  readonly externalId: string | null;
  readonly error: string | null;
}

async function attempt(sender: Sender, conversation: ConversationRecord, message: MessageRow): Promise<Outcome> {
  const { buttons, list, opaque = `message/${message.id}` } = message.payload;
  try {
    const content = { text: message.text, ...(buttons && { buttons }), ...(list && { list }) };
    const { externalId } = await sender.send(conversation, content, opaque);
    return { status: 'sent', externalId, error: null };
  } catch (error) {
    const text = error instanceof NodeError ? error.message : 'The message could not be sent.';
    if (!(error instanceof EffectDidNotHappen)) return { status: 'uncertain', externalId: null, error: text };
    const young = Date.now() - message.sent_at.getTime() < PATIENCE_MS;
    return { status: error.retryable && young ? 'queued' : 'failed', externalId: null, error: text };
  }
}
