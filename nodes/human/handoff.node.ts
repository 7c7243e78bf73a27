import { z } from 'zod';
import { customerLocale, triggerMessage } from '#nodes/sdk/customer.js';
import { detail } from '#nodes/sdk/details.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { field } from '#nodes/sdk/field.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';

/** What the customer reads when the author wrote nothing. */
const defaultMessage = words(
  'Vou chamar uma pessoa da equipe pra continuar com você por aqui. Já avisei.',
  "I'm calling someone from the team to carry on with you right here. They've been told.",
);
const defaultReason = words('Precisa de uma pessoa', 'Needs a person');

/** What a step such as `agent.escalation` hands on. */
const judged = z.object({ reason: z.string(), summary: z.string() });

/** Gives the conversation to a person: the customer is told, the team goes quiet, someone of the organization is asked. */
export const handoffNode = defineNode({
  type: 'human.handoff',
  version: 1,
  kind: 'effect',
  group: 'human',
  title: words('Passa pra uma pessoa', 'Hand over to a person'),
  summary: words(
    'Chama alguém de carne e osso, e o time para de responder.',
    'Calls a real person, and the team stops answering.',
  ),
  icon: 'hand',
  needs: ['conversation', 'channel', 'contacts'],
  effects: [
    { name: 'handoff', summary: words('Passa a conversa pra uma pessoa.', 'Gives the conversation to a person.') },
    { name: 'message', summary: words('Avisa o cliente.', 'Tells the customer.') },
  ],
  config: z.strictObject({
    message: z
      .string()
      .max(1_024)
      .optional()
      .meta(
        field(
          words('O que dizer ao cliente', 'What to tell the customer'),
          words('Vazio usa uma frase nossa, na língua dele.', 'Empty uses a sentence of ours, in their language.'),
          { control: 'textarea' },
        ),
      ),
    reason: z
      .string()
      .max(200)
      .optional()
      .meta(
        field(
          words('Motivo', 'Reason'),
          words(
            'O que a pessoa vê na fila. Vazio usa o do passo anterior.',
            'What the person sees in the queue. Empty takes that of the step before.',
          ),
          { control: 'expression' },
        ),
      ),
    summary: z
      .string()
      .max(2_000)
      .optional()
      .meta(
        field(
          words('Resumo', 'Summary'),
          words(
            'O que ela precisa saber. Vazio usa o do passo anterior.',
            'What they need to know. Empty takes that of the step before.',
          ),
          { control: 'expression' },
        ),
      ),
  }),
  inputs: [inPort],
  outputs: [
    {
      name: 'out',
      title: words('Passou', 'Handed over'),
      schema: z.object({ reason: z.string(), summary: z.string() }),
    },
  ],
  run: async ({ config, input, ctx }) => {
    if (ctx.conversation === null) {
      throw new NodeError(detail('handoff.no_conversation'), {
        code: 'no_conversation',
        actor: 'author',
        retryable: false,
      });
    }
    const before = judged.safeParse(input).data;
    const text = triggerMessage(ctx.trigger)?.text ?? '';
    const reason = config.reason?.trim() || before?.reason.trim() || defaultReason[ctx.organization.locale];
    const summary = config.summary?.trim() || before?.summary.trim() || text.slice(0, 500);

    const message = config.message?.trim() || defaultMessage[await customerLocale(ctx, text)];
    // First the sentence: once a person has the conversation the team sends nothing. When the channel is down somebody must still come.
    try {
      await ctx.channel.send('handoff', { text: message });
    } catch (error) {
      if (!ctx.signal.aborted) await ctx.conversation.handoff(reason, summary);
      throw error;
    }
    await ctx.conversation.handoff(reason, summary);
    return { port: 'out', value: { reason, summary } };
  },
});
