import type { Pool } from 'pg';
import type { EventBus } from '#engine/graph/events.js';
import { EffectDidNotHappen, NodeError } from '#nodes/sdk/errors.js';
import type { JobData } from './catalog.js';
import { messageColumns, messageView, type MessageRow } from './conversation/messageView.js';
import { loadConversation } from './conversation/record.js';
import type { Sender } from './sender.js';
import { queryOf } from './query.js';

export interface DeliverDeps {
  readonly engine: Pool;
  readonly bus: EventBus;
  readonly sender: Sender;
}

/**
 * Sends what a person of the organization wrote, at most once: the row leaves `queued` before the channel is called, so that a worker that
 * dies in between leaves it `uncertain`, until the channel's own reports say more.
 */
export async function deliverJob(
  { engine, bus, sender }: DeliverDeps,
  { messageId, organizationId }: JobData<'deliver'>,
): Promise<void> {
  const query = queryOf(engine);
  const taken = await query<MessageRow>(
    `update platform.messages set status = 'uncertain', payload = payload || jsonb_build_object('opaque', 'message/' || id)
     where id = $1 and organization_id = $2 and direction = 'out' and author = 'person' and status = 'queued' returning ${messageColumns}`,
    [messageId, organizationId],
  );
  const message = taken[0];
  if (!message) return;
  const conversation = await loadConversation(query, organizationId, message.conversation_id);
  const { buttons, list, opaque = `message/${message.id}` } = message.payload;
  const outcome = await sender
    .send(conversation, { text: message.text, ...(buttons && { buttons }), ...(list && { list }) }, opaque)
    .then(({ externalId }) => ({ status: 'sent', externalId, error: null }))
    .catch((error: unknown) => ({
      status: error instanceof EffectDidNotHappen ? 'failed' : 'uncertain',
      externalId: null,
      error: error instanceof NodeError ? error.message : 'The message could not be sent.',
    }));
  const settled = await query<MessageRow>(
    `update platform.messages set status = case when status = 'uncertain' then $2 else status end, external_id = coalesce(external_id, $3), error = $4
     where id = $1 returning ${messageColumns}`,
    [messageId, outcome.status, outcome.externalId, outcome.error],
  );
  await query(`update platform.conversations set last_message_at = now() where id = $1`, [message.conversation_id]);
  for (const row of settled) bus.publish(organizationId, { type: 'message', message: messageView(row) });
}
