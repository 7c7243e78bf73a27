import { isReadable, type MessageTriggerInput } from '#nodes/sdk/triggerInput.js';
import type { MessageRow } from './messageView.js';

/**
 * What a run gets from the messages it answers: their texts in order, the rest from the last one. When a photo follows a question it is
 * the question that must not be lost, so words decide the kind before anything that only media would.
 */
export function triggerInput(
  messages: readonly MessageRow[],
  contact: { id: string; name: string | null },
): MessageTriggerInput {
  const last = messages.at(-1);
  if (!last) throw new Error('A run that answers messages needs at least one');
  const { kind, payload } = messages.findLast(({ kind: one }) => isReadable(one)) ?? last;
  return {
    text: newest(messages.map((message) => message.text).filter((text) => text !== '')).join('\n'),
    kind: kind as MessageTriggerInput['kind'],
    ...(payload.buttonId && { buttonId: payload.buttonId }),
    contact,
    conversation: { id: last.conversation_id },
    message: { id: last.id },
  };
}

/** Most characters of what a customer wrote that one run is given: five of WhatsApp's longest messages. */
const MOST_TEXT = 20_000;

/** As many of the last texts as fit; of a single one that does not, its beginning. */
function newest(texts: readonly string[]): readonly string[] {
  let left = MOST_TEXT;
  const from = texts.findLastIndex((text) => (left -= text.length + 1) < 0) + 1;
  return from < texts.length ? texts.slice(from) : texts.slice(-1).map((text) => text.slice(0, MOST_TEXT));
}
