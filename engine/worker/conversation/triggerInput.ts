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
    text: messages
      .map((message) => message.text)
      .filter((text) => text !== '')
      .join('\n'),
    kind: kind as MessageTriggerInput['kind'],
    ...(payload.buttonId && { buttonId: payload.buttonId }),
    contact,
    conversation: { id: last.conversation_id },
    message: { id: last.id },
  };
}
