import type { MessageTriggerInput } from '#nodes/sdk/triggerInput.js';
import { record, text } from './json.js';

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
  const messageId = text(original);
  if (!messageId) return null;
  if (type === 'revoke') return { messageId, message: null };
  const read = readMessage(record(changed));
  return read && { messageId, message: read.message };
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
    return { kind: 'unsupported', text: '' };
  }
  if (isMedia(type)) return { kind: type, text: text(body['caption']) };
  if (type === 'location')
    return { kind: 'location', text: [body['name'], body['address']].map(text).filter(Boolean).join(', ') };
  if (type === 'contacts') return { kind: 'contacts', text: '' };
  if (type === 'reaction') return { kind: 'reaction', text: text(body['emoji']) };
  return { kind: 'unsupported', text: '' };
}

const reply = (kind: 'button' | 'list', title: unknown, id: unknown): ReadMessage['message'] => ({
  kind,
  text: text(title),
  ...(text(id) && { buttonId: text(id) }),
});
