import { z } from 'zod';
import { NodeError } from '#nodes/sdk/errors.js';
import { defineNode } from '#nodes/sdk/node.js';
import { words } from '#nodes/sdk/text.js';
import { isReadable, messageTriggerInput } from '#nodes/sdk/triggerInput.js';

/** Starts a run when a customer writes, on WhatsApp or in the simulator. */
export const whatsappTrigger = defineNode({
  type: 'trigger.whatsapp',
  version: 1,
  kind: 'trigger',
  group: 'trigger',
  title: words('Mensagem no WhatsApp', 'WhatsApp message'),
  summary: words(
    'Começa quando um cliente escreve no WhatsApp ou no simulador.',
    'Starts when a customer writes on WhatsApp or in the simulator.',
  ),
  icon: 'message-circle',
  needs: [],
  effects: [],
  config: z.strictObject({}),
  inputs: [],
  outputs: [
    { name: 'message', title: words('Mensagem', 'Message'), schema: messageTriggerInput },
    { name: 'media', title: words('Foto, áudio e outros', 'Photo, audio and others'), schema: messageTriggerInput },
  ],
  run: ({ ctx }) => {
    const message = messageTriggerInput.safeParse(ctx.trigger);
    if (!message.success) {
      throw new NodeError(`This department starts with a customer's message: ${z.prettifyError(message.error)}`, {
        code: 'not_a_message',
        actor: 'caller',
        retryable: false,
      });
    }
    const port = isReadable(message.data.kind) && message.data.text.trim() !== '' ? 'message' : 'media';
    return { port, value: message.data };
  },
});
