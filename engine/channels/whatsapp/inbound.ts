import { createHash } from 'node:crypto';
import type { MessageTriggerInput } from '#nodes/sdk/triggerInput.js';
import { readEdit, readMessage, readMove } from './inboundMessage.js';
import { idOf, isRecord, list, record, text } from './json.js';

/** Delivery states of a message we sent, as Meta reports them. They arrive in any order and may skip. */
export type DeliveryStatus = 'sent' | 'delivered' | 'read' | 'played' | 'failed';
const deliveryStatuses: readonly string[] = ['sent', 'delivered', 'read', 'played', 'failed'];

/** One thing a delivery told us. `externalId` is the same for the same thing, however often it is delivered. */
export type InboundItem = InboundMessage | InboundEdit | InboundMove | InboundStatus | InboundOther;

export interface InboundMessage {
  readonly kind: 'message';
  readonly externalId: string;
  readonly phoneNumberId: string;
  /** Phone number in digits or, when Meta hides it, the business-scoped user id. */
  readonly from: string;
  readonly name: string | null;
  /** ISO 8601 UTC. */
  readonly timestamp: string;
  readonly message: {
    readonly kind: MessageTriggerInput['kind'];
    readonly text: string;
    readonly buttonId?: string;
  };
  /** False for what is kept but never answered: reactions, group chatter. */
  readonly answerable: boolean;
  /** The channel's id of the message that they answer: whose button they tapped, or which they quote. */
  readonly repliesTo?: string;
  readonly raw: unknown;
}

/** The customer wrote a message otherwise, or took it back. */
export interface InboundEdit {
  readonly kind: 'edit';
  readonly externalId: string;
  readonly phoneNumberId: string;
  /** As that of a message; `null` when Meta does not say. */
  readonly from: string | null;
  /** The message it speaks of. */
  readonly messageId: string;
  readonly timestamp: string;
  /** As it reads now; `null` when it was taken back. */
  readonly message: InboundMessage['message'] | null;
  readonly raw: unknown;
}

/** The customer has another phone number from now on. */
export interface InboundMove {
  readonly kind: 'move';
  readonly externalId: string;
  readonly phoneNumberId: string;
  readonly from: string;
  readonly to: string;
  readonly timestamp: string;
  readonly raw: unknown;
}

export interface InboundStatus {
  readonly kind: 'status';
  readonly externalId: string;
  readonly phoneNumberId: string;
  /** The message it speaks of. */
  readonly messageId: string;
  readonly status: DeliveryStatus;
  readonly timestamp: string;
  /** `biz_opaque_callback_data`: what we gave when we sent it. */
  readonly opaque: string | null;
  readonly error: { readonly code: number; readonly message: string } | null;
  readonly raw: unknown;
}

/** Anything else, known or not: kept, never answered. */
export interface InboundOther {
  readonly kind: 'other';
  readonly externalId: string;
  readonly phoneNumberId: string | null;
  readonly type: string;
  readonly raw: unknown;
}

/**
 * Walks a webhook body, entry by change by message and status. Never throws: what it does not know becomes `other`,
 * so that a new kind of event is stored and looked at instead of lost.
 * Source: WhatsApp Cloud API, "Webhooks", Graph API v23.0.
 */
export function parseDelivery(body: unknown): InboundItem[] {
  const items = list(record(body)['entry']).flatMap((entry) => list(record(entry)['changes']).flatMap(parseChange));
  return items.length > 0 ? items : [other('empty', null, body)];
}

function parseChange(change: unknown): InboundItem[] {
  const { field, value } = record(change);
  const content = record(value);
  const phoneNumberId = idOf(record(content['metadata'])['phone_number_id']);
  const messages = list(content['messages']);
  const statuses = list(content['statuses']);
  if (field !== 'messages' || !phoneNumberId || messages.length + statuses.length === 0)
    return [other(text(field) || 'unknown', phoneNumberId || null, change)];
  return [
    ...messages.map((message) => parseMessage(message, content, phoneNumberId)),
    ...statuses.map((status) => parseStatus(status, phoneNumberId)),
  ];
}

function parseMessage(raw: unknown, value: Record<string, unknown>, phoneNumberId: string): InboundItem {
  const message = record(raw);
  const id = idOf(message['id']);
  const contacts = list(value['contacts']).filter(isRecord);
  const sender = idOf(message['from']) || idOf(message['from_user_id']) || idOf(message['user_id']);
  // Meta's two names for one number may differ; where there is one contact it is theirs.
  const only = contacts.length === 1 ? contacts[0] : undefined;
  const contact = contacts.find((each) => [each['wa_id'], each['user_id']].includes(sender)) ?? only ?? {};
  const from = sender || idOf(contact['wa_id']) || idOf(contact['user_id']);
  const edit = readEdit(message);
  if (id && edit)
    return {
      kind: 'edit',
      externalId: `edit:${id}`,
      phoneNumberId,
      from: from || null,
      ...edit,
      timestamp: time(message['timestamp']),
      raw,
    };
  const to = readMove(message);
  if (id && from && to && to !== from)
    return {
      kind: 'move',
      externalId: `move:${id}`,
      phoneNumberId,
      from,
      to,
      timestamp: time(message['timestamp']),
      raw,
    };
  const read = readMessage(message);
  if (!id || !from || !read) return other(text(message['type']) || 'message', phoneNumberId, raw);
  const repliesTo = idOf(record(message['context'])['id']);
  return {
    kind: 'message',
    externalId: `message:${id}`,
    phoneNumberId,
    from,
    name: text(record(contact['profile'])['name']) || null,
    timestamp: time(message['timestamp']),
    message: read.message,
    answerable: read.answerable,
    ...(repliesTo && { repliesTo }),
    raw,
  };
}

function parseStatus(raw: unknown, phoneNumberId: string): InboundItem {
  const report = record(raw);
  const id = idOf(report['id']);
  const status = text(report['status']);
  if (!id || !deliveryStatuses.includes(status)) return other(`status ${status}`.trim(), phoneNumberId, raw);
  const failure = list(report['errors']).filter(isRecord)[0];
  return {
    kind: 'status',
    externalId: `status:${id}:${status}`,
    phoneNumberId,
    messageId: id,
    status: status as DeliveryStatus,
    timestamp: time(report['timestamp']),
    opaque: text(report['biz_opaque_callback_data']) || null,
    error: failure
      ? {
          code: Number(failure['code']) || 0,
          message: text(record(failure['error_data'])['details']) || text(failure['title']),
        }
      : null,
    raw,
  };
}

const other = (type: string, phoneNumberId: string | null, raw: unknown): InboundOther => ({
  kind: 'other',
  externalId: `other:${createHash('sha256')
    .update(JSON.stringify(raw) ?? '')
    .digest('hex')}`,
  phoneNumberId,
  type,
  raw,
});

/** Meta gives seconds since 1970 as text. A time that is missing or absurd becomes now. */
function time(seconds: unknown): string {
  const at = Number(seconds) * 1_000;
  return new Date(at > 0 && at < 32_503_680_000_000 ? at : Date.now()).toISOString();
}
