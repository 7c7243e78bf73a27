import { z } from 'zod';
import type { OutgoingMessage } from '#nodes/sdk/context.js';
import { detail } from '#nodes/sdk/details.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { field } from '#nodes/sdk/field.js';
import type { Json } from '#nodes/sdk/json.js';
import { checkMessage, messageLimits, messageMedia, replyButton, replyList } from '#nodes/sdk/message.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { splitText } from '#nodes/sdk/splitText.js';
import { words } from '#nodes/sdk/text.js';
import { sourceValue } from '#nodes/sdk/values.js';

/** What an agent hands on: its text and, when it has them, its sources. */
const written = z.object({ text: z.string(), sources: z.array(sourceValue).optional() });
const writtenBefore = (input: Json): z.output<typeof written> | undefined => written.safeParse(input).data;

/** Sends the customer a message. A text longer than the channel takes goes out in several, in order. */
export const sendNode = defineNode({
  type: 'channel.send',
  version: 1,
  kind: 'effect',
  group: 'channel',
  title: words('Manda mensagem', 'Send message'),
  summary: words('Manda uma mensagem pra quem escreveu.', 'Sends a message to whoever wrote.'),
  icon: 'send',
  needs: ['channel'],
  effects: [{ name: 'message', summary: words('Manda mensagem pro cliente.', 'Sends the customer a message.') }],
  config: z.strictObject({
    text: z
      .string()
      .max(20_000)
      .optional()
      .meta(
        field(
          words('Texto', 'Text'),
          words(
            'Vazio manda o texto que o passo anterior escreveu.',
            'Empty sends the text that the step before wrote.',
          ),
          { control: 'textarea' },
        ),
      ),
    buttons: z
      .array(replyButton)
      .max(messageLimits.buttons)
      .default([])
      .meta(
        field(
          words('Botões', 'Buttons'),
          words('Até 3, pra responder com um toque.', 'At most 3, to answer with a tap.'),
          {
            control: 'list',
          },
        ),
      ),
    list: replyList
      .optional()
      .meta(
        field(words('Lista', 'List'), words('Até 10 opções atrás de um botão.', 'At most 10 choices behind a button.')),
      ),
    media: messageMedia
      .optional()
      .meta(
        field(
          words('Imagem ou arquivo', 'Image or file'),
          words(
            'Vai junto com o texto. O áudio vai antes, sozinho.',
            'Goes with the text. Audio goes before it, alone.',
          ),
          { control: 'media' },
        ),
      ),
    sources: z
      .array(sourceValue)
      .max(20)
      .optional()
      .meta(
        field(
          words('Fontes', 'Sources'),
          words(
            'De onde veio a resposta. O cliente não vê; você vê. Vazio usa as do passo anterior.',
            'Where the answer came from. The customer does not see it; you do. Empty takes those of the step before.',
          ),
          { control: 'expression' },
        ),
      ),
  }),
  inputs: [inPort],
  outputs: [
    {
      name: 'out',
      title: words('Mandou', 'Sent'),
      schema: z.object({ text: z.string(), messageIds: z.array(z.string()) }),
    },
  ],
  run: async ({ config, input, ctx }) => {
    const before = writtenBefore(input);
    const text = (config.text?.trim() || before?.text.trim()) ?? '';
    const { media } = config;
    if (text === '' && !media) {
      throw new NodeError(detail('send.nothing'), {
        code: 'nothing_to_send',
        actor: 'author',
        retryable: false,
      });
    }
    const sources = config.sources ?? (config.text ? [] : (before?.sources ?? []));
    const choices = {
      ...(config.buttons.length > 0 && { buttons: config.buttons }),
      ...(config.list && { list: config.list }),
    };
    const interactive = 'buttons' in choices || 'list' in choices;
    // The choices go with the last piece, which must leave room for them.
    const pieces =
      text === '' ? [] : splitText(text, interactive || media ? messageLimits.interactiveText : messageLimits.text);
    checkMessage({ text, ...choices, ...(media && { media }) });
    // What has words beside it goes with the first of them; a list and a voice have no place for it.
    const alone = media && (pieces.length === 0 || media.kind === 'audio' || config.list);
    const messages: OutgoingMessage[] = [
      ...(alone ? [{ text: '', media }] : []),
      ...pieces.map((piece, index) => {
        const last = index === pieces.length - 1;
        return {
          text: piece,
          ...(index === 0 && media && !alone && { media }),
          ...(last && choices),
          ...(last && sources.length > 0 && { sources }),
        };
      }),
    ];

    const messageIds: string[] = [];
    for (const [index, message] of messages.entries()) {
      const { messageId } = await ctx.channel.send(`message-${index + 1}`, message);
      // Without an id it was held back: a person has taken over meanwhile.
      if (messageId !== '') messageIds.push(messageId);
    }
    return { port: 'out', value: { text, messageIds } };
  },
});
