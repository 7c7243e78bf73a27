import { z } from 'zod';
import { NodeError } from '#nodes/sdk/errors.js';
import { field } from '#nodes/sdk/field.js';
import { misfitDetail } from '#nodes/sdk/issueDetail.js';
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
  config: z.strictObject({
    onNewMessage: z
      .enum(['restart', 'queue'])
      .default('restart')
      .meta(
        field(
          words('Se chegar outra mensagem', 'When another message arrives'),
          words(
            'O que fazer com uma mensagem que chega enquanto o departamento ainda pensa na anterior. Depois que ele fez algo, como responder, a nova sempre espera a vez.',
            'What to do with a message that arrives while the department still thinks about the one before. Once it has done something, such as answer, the new one always waits its turn.',
          ),
          {
            control: 'select',
            literal: true,
            options: {
              restart: words('Pensa de novo, com todas', 'Think again, with all of them'),
              queue: words('Responde uma depois da outra', 'Answer one after the other'),
            },
          },
        ),
      ),
    burstSeconds: z
      .number()
      .min(0)
      .max(60)
      .optional()
      .meta(
        field(
          words('Espera por mais mensagens (segundos)', 'Wait for more messages (seconds)'),
          words(
            'Quanto esperar depois da primeira mensagem, pra responder junto tudo que o cliente escrever em seguida.',
            'How long to wait after the first message, so that all the customer writes in one go is answered together.',
          ),
          { control: 'number', literal: true },
        ),
      ),
  }),
  inputs: [],
  outputs: [
    { name: 'message', title: words('Mensagem', 'Message'), schema: messageTriggerInput },
    { name: 'media', title: words('Foto, áudio e outros', 'Photo, audio and others'), schema: messageTriggerInput },
  ],
  run: ({ ctx }) => {
    const message = messageTriggerInput.safeParse(ctx.trigger);
    if (!message.success) {
      throw new NodeError(
        misfitDetail(message.error, ctx.trigger, { field: 'trigger.bad_field', whole: 'trigger.no_message' }),
        {
          code: 'not_a_message',
          actor: 'caller',
          retryable: false,
        },
      );
    }
    const port = isReadable(message.data.kind) && message.data.text.trim() !== '' ? 'message' : 'media';
    return { port, value: message.data };
  },
});
