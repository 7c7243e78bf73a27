import { z } from 'zod';
import { chosenOf, spokenOf } from '#nodes/sdk/choice.js';
import type { NodeContext, OutgoingMessage } from '#nodes/sdk/context.js';
import { detail } from '#nodes/sdk/details.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { field } from '#nodes/sdk/field.js';
import type { Json } from '#nodes/sdk/json.js';
import { checkMessage, messageLimits, QUESTION } from '#nodes/sdk/message.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson } from '#nodes/sdk/values.js';

const option = z.strictObject({
  value: z
    .string()
    .min(1)
    .max(messageLimits.rowId)
    .meta(
      field(
        words('Valor', 'Value'),
        words('O que fica guardado quando escolhem esta.', 'What is kept when this is chosen.'),
        {
          control: 'text',
        },
      ),
    ),
  title: z
    .string()
    .min(1)
    .max(messageLimits.buttonTitle)
    .meta(field(words('Texto', 'Text'), words('Até 20 letras.', 'At most 20 letters.'), { control: 'text' })),
});
type Option = z.output<typeof option>;

const answered = z.object({
  /** What they wrote, or the title of what they chose. */
  text: z.string(),
  /** The value of the option chosen; `null` when there were none or the answer fits none. */
  value: z.string().nullable(),
  /** The answer as it came. */
  raw: anyJson,
});

const openButton = words('Escolher', 'Choose');
function read(raw: Json, options: readonly Option[]): z.output<typeof answered> {
  const answer = spokenOf(raw);
  if (answer === undefined) return { text: JSON.stringify(raw), value: null, raw };
  const chosen = chosenOf(answer, options);
  return { text: chosen?.title ?? answer.text, value: chosen?.value ?? null, raw };
}

function asMessage(ctx: NodeContext, question: string, options: readonly Option[]): OutgoingMessage {
  if (options.length === 0) return { text: question };
  const choices = options.map((one) => ({ id: one.value, title: one.title }));
  if (choices.length <= messageLimits.buttons) return { text: question, buttons: choices };
  const title = openButton[ctx.conversation?.locale ?? ctx.organization.locale];
  return { text: question, list: { button: title, sections: [{ title, rows: choices }] } };
}

/** Asks the customer or somebody of the organization, and waits for the answer as long as the author allows. */
export const askNode = defineNode({
  type: 'human.ask',
  version: 1,
  kind: 'wait',
  group: 'human',
  title: words('Pergunta e espera', 'Ask and wait'),
  summary: words(
    'Pergunta ao cliente ou a alguém do time e espera a resposta.',
    'Asks the customer or someone on the team and waits for the answer.',
  ),
  icon: 'message-circle-question-mark',
  needs: ['channel', 'conversation'],
  effects: [{ name: 'message', summary: words('Manda a pergunta pro cliente.', 'Sends the customer the question.') }],
  config: z.strictObject({
    question: z
      .string()
      .min(1)
      .max(messageLimits.interactiveText)
      .meta(field(words('Pergunta', 'Question'), words('O que perguntar.', 'What to ask.'), { control: 'textarea' })),
    of: z
      .enum(['contact', 'member'])
      .default('contact')
      .meta(
        field(words('Pra quem', 'Whom'), words('Quem responde.', 'Who answers.'), {
          control: 'select',
          options: {
            contact: words('O cliente', 'The customer'),
            member: words('Alguém do time', 'Someone on the team'),
          },
        }),
      ),
    options: z
      .array(option)
      .max(messageLimits.rows)
      .default([])
      .meta(
        field(
          words('Opções', 'Options'),
          words(
            'Até 3 viram botões; até 10, uma lista. Sem nenhuma, a resposta é livre.',
            'Up to 3 become buttons, up to 10 a list. With none the answer is free.',
          ),
          { control: 'list' },
        ),
      ),
    timeoutMinutes: z
      .number()
      .positive()
      .max(525_600)
      .optional()
      .meta(
        field(
          words('Esperar até', 'Wait at most'),
          words('Em minutos. Vazio espera o tempo que for.', 'In minutes. Empty waits as long as it takes.'),
          { control: 'duration' },
        ),
      ),
  }),
  inputs: [inPort],
  outputs: [
    { name: 'answered', title: words('Respondeu', 'Answered'), schema: answered },
    { name: 'timeout', title: words('Não respondeu', 'No answer'), schema: z.null() },
  ],
  run: async ({ config, ctx }) => {
    if (config.of === 'contact') {
      if (ctx.conversation === null) {
        throw new NodeError(detail('ask.nobody'), {
          code: 'no_conversation',
          actor: 'author',
          retryable: false,
        });
      }
      const message = asMessage(ctx, config.question, config.options);
      checkMessage(message);
      await ctx.channel.send(QUESTION, message);
    }
    const answer = ctx.ask({
      of: config.of,
      title: config.question,
      ...(config.options.length > 0 && { options: config.options }),
      ...(config.timeoutMinutes !== undefined && { timeoutMs: config.timeoutMinutes * 60_000 }),
    });
    return answer === null
      ? { port: 'timeout', value: null }
      : { port: 'answered', value: read(answer, config.options) };
  },
});
