import { upsertConversation } from '#db/conversations.js';
import type { InboundMessage } from '#engine/channels/whatsapp/inbound.js';
import type { LiveEvent } from '#engine/graph/events.js';
import { detectLocale } from '#nodes/sdk/language.js';
import { answerOpenQuestion } from '../conversation/answerWait.js';
import { messageColumns, messageView, type MessageRow } from '../conversation/messageView.js';
import { startNextRun } from '../conversation/nextRun.js';
import { NOBODY } from '../conversation/unanswered.js';
import type { Versions } from '../department.js';
import type { Arrived, Handled } from './arrived.js';
import { channelOf } from './channelOf.js';
import { sharedQuery, type Query } from '../query.js';

/** A customer wrote: their message is kept, shown, and answered by the team, by whoever asked, or by the person who has the conversation. */
export async function takeMessage(
  query: Query,
  versions: Versions,
  arrived: Arrived<InboundMessage>,
): Promise<Handled> {
  const { item } = arrived;
  const channel = await channelOf(query, arrived.provider, item.phoneNumberId);
  if (!channel) return { outcome: 'no_channel', organizationId: null, events: [] };
  const { organizationId } = channel;
  const detected = detectLocale(item.message.text);
  const { conversationId } = await upsertConversation(sharedQuery(query), {
    organizationId,
    channelId: channel.id,
    channelKind: channel.kind,
    departmentId: channel.departmentId,
    externalId: item.from,
    name: item.name,
    locale: detected ?? channel.locale,
  });

  const message = await insertMessage(query, arrived, organizationId, conversationId);
  if (!message) return { outcome: 'duplicate', organizationId, events: [] };
  const { handler, reopened } = await touchConversation(query, message, detected);
  const events: LiveEvent[] = [{ type: 'message', message: messageView(message) }];
  if (reopened)
    events.push({
      type: 'conversation',
      conversation: { id: conversationId, status: 'open', handler, handoffReason: null },
    });

  if (!item.answerable || handler === 'person') {
    await query(`update platform.messages set answered_by = $2 where id = $1`, [message.id, NOBODY]);
    return { outcome: 'recorded', organizationId, events };
  }
  if (await answerOpenQuestion(query, message))
    return { outcome: 'answered', organizationId, events, wake: { notBefore: null } };
  const run = await startNextRun(query, versions, conversationId, 'wait');
  return run
    ? { outcome: 'run', organizationId, events, wake: { notBefore: run.notBefore } }
    : { outcome: 'joined', organizationId, events };
}

/** The message row has the id of its event. Nothing when the channel's own id is known already: a delivery under another name. */
async function insertMessage(
  query: Query,
  { id, item }: Arrived<InboundMessage>,
  organizationId: string,
  conversationId: string,
): Promise<MessageRow | null> {
  const { kind, text, buttonId } = item.message;
  const rows = await query<MessageRow>(
    `insert into platform.messages (id, organization_id, conversation_id, direction, author, kind, text, payload, status, external_id, sent_at)
     values ($1, $2, $3, 'in', 'contact', $4, $5, $6, 'received', $7, least($8::timestamptz, now())) on conflict do nothing returning ${messageColumns}`,
    [
      id,
      organizationId,
      conversationId,
      kind,
      text,
      JSON.stringify(buttonId ? { buttonId } : {}),
      item.externalId.replace(/^message:/, ''),
      item.timestamp,
    ],
  );
  return rows[0] ?? null;
}

/** A closed conversation opens again and is the team's; the language follows the customer as soon as their words tell. */
async function touchConversation(
  query: Query,
  message: MessageRow,
  locale: string | null,
): Promise<{ handler: 'team' | 'person'; reopened: boolean }> {
  const rows = await query<{ handler: 'team' | 'person'; reopened: boolean }>(
    `update platform.conversations c set last_inbound_at = greatest(c.last_inbound_at, $2), last_message_at = greatest(c.last_message_at, $2),
       locale = coalesce($3, c.locale), status = 'open', handler = case before.status when 'closed' then 'team' else c.handler end,
       handoff_reason = case before.status when 'closed' then null else c.handoff_reason end
     from platform.conversations before where c.id = $1 and before.id = c.id returning c.handler, before.status = 'closed' as reopened`,
    [message.conversation_id, message.sent_at, locale],
  );
  const [row] = rows;
  if (!row) throw new Error(`Conversation ${message.conversation_id} is gone`);
  return row;
}
