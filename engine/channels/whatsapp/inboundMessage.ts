import type { MessageTriggerInput } from '#nodes/sdk/triggerInput.js';
import { idOf, list, record, text } from './json.js';

interface ReadMessage {
  readonly message: { readonly kind: MessageTriggerInput['kind']; readonly text: string; readonly buttonId?: string };
  readonly answerable: boolean;
}

/** Kinds that carry a file: read as their caption until the department can open them. */
const media = ['image', 'audio', 'video', 'document', 'sticker'] as const;
const isMedia = (type: string): type is (typeof media)[number] => (media as readonly string[]).includes(type);

/** Kinds that say something about another message or about the chat: kept, never answered. */
const silent = ['system', 'edit', 'revoke', 'ephemeral', 'request_welcome'];

/**
 * The customer's message as a department sees it; `null` when it is not one that a person wrote.
 * Source: WhatsApp Cloud API, "Webhooks payload: messages object", Graph API v23.0.
 */
export function readMessage(message: Record<string, unknown>): ReadMessage | null {
  const type = text(message['type']);
  if (silent.includes(type)) return null;
  // A group's members did not write to the business: answering each of them would be noise.
  const answerable = type !== 'reaction' && !message['group_id'];
  return { message: content(type, message), answerable };
}

/** What a customer did to a message that they wrote before; `null` when this is no such thing, or does not say to which. */
export function readEdit(
  message: Record<string, unknown>,
): { readonly messageId: string; readonly message: ReadMessage['message'] | null } | null {
  const type = text(message['type']);
  if (type !== 'edit' && type !== 'revoke') return null;
  const { original_message_id: original, message: changed } = record(message[type]);
  const messageId = idOf(original);
  if (!messageId) return null;
  if (type === 'revoke') return { messageId, message: null };
  const read = readMessage(record(changed));
  return read && { messageId, message: read.message };
}

/** The number that a customer has changed to; `null` when this is no such news. Meta's versions up to 11 gave it another name. */
export function readMove(message: Record<string, unknown>): string | null {
  const { type, wa_id: to, new_wa_id: former } = record(message['system']);
  const moved = text(message['type']) === 'system' && /^(user|customer)_changed_number$/.test(text(type));
  return (moved && (idOf(former) || idOf(to))) || null;
}

function content(type: string, message: Record<string, unknown>): ReadMessage['message'] {
  const body = record(message[type]);
  if (type === 'text' && typeof body['body'] === 'string') return { kind: 'text', text: body['body'] };
  if (type === 'button') return reply('button', body['text'], body['payload']);
  if (type === 'interactive') {
    const button = record(body['button_reply']);
    const row = record(body['list_reply']);
    if (text(button['id'])) return reply('button', button['title'], button['id']);
    if (text(row['id'])) return reply('list', row['title'], row['id']);
    const filled = form(text(record(body['nfm_reply'])['response_json']));
    if (filled) return { kind: 'text', text: filled };
    return { kind: 'unsupported', text: '' };
  }
  if (isMedia(type)) return { kind: type, text: text(body['caption']) };
  if (type === 'location') {
    const [named, where] = [
      [body['name'], body['address']],
      [body['latitude'], body['longitude']],
    ].map((parts) => parts.map(text).filter(Boolean).join(', '));
    return { kind: 'location', text: [named, where].filter(Boolean).join('\n') };
  }
  if (type === 'contacts')
    return { kind: 'contacts', text: list(message['contacts']).map(card).filter(Boolean).join('\n') };
  if (type === 'order') {
    const items = list(body['product_items']).map(record).map(orderLine).filter(Boolean);
    // Words of theirs, as far as a department is concerned: what they want.
    if (items.length > 0) return { kind: 'text', text: [text(body['text']), ...items].filter(Boolean).join('\n') };
  }
  if (type === 'reaction') return { kind: 'reaction', text: text(body['emoji']) };
  return { kind: 'unsupported', text: '' };
}

/** `Lúcia Gómez, +55 81 98888-7777` */
const card = (contact: unknown): string => {
  const { name, phones } = record(contact);
  const called = text(record(name)['formatted_name']) || text(record(name)['first_name']);
  return [called, ...list(phones).map((phone) => text(record(phone)['phone']) || text(record(phone)['wa_id']))]
    .filter(Boolean)
    .join(', ');
};

/** `2 × bolo-de-cenoura (BRL 30)`, the price of one. */
const orderLine = (item: Record<string, unknown>): string => {
  const [what, count, price, currency] = ['product_retailer_id', 'quantity', 'item_price', 'currency'].map((field) =>
    text(item[field]),
  );
  return what ? `${count || '1'} × ${what}${price ? ` (${[currency, price].filter(Boolean).join(' ')})` : ''}` : '';
};

/** What somebody filled into a WhatsApp form, line by line; the form's own name for itself is nothing that they wrote. */
function form(json: string): string {
  try {
    return Object.entries(record(JSON.parse(json)))
      .filter(([field]) => field !== 'flow_token')
      .map(([field, value]) => `${field}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
      .join('\n');
  } catch {
    return '';
  }
}

const reply = (kind: 'button' | 'list', title: unknown, id: unknown): ReadMessage['message'] => ({
  kind,
  text: text(title),
  ...(text(id) && { buttonId: text(id) }),
});
