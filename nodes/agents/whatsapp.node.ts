import { z } from 'zod';
import {
  historyField,
  instructionsField,
  instructionsFor,
  messageField,
  modelField,
  thinkingWith,
} from '#nodes/sdk/agentFields.js';
import { businessOf, chatMessages, customerLocale, textToRead } from '#nodes/sdk/customer.js';
import { detail } from '#nodes/sdk/details.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { field } from '#nodes/sdk/field.js';
import { asOutput, classifyOutput, readOutput } from '#nodes/sdk/modelOutputs.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { portName } from '#nodes/sdk/values.js';

const task =
  'Read the last message and choose the one label that says what the customer wants. Greetings, thanks, farewells, small talk and ' +
  'whatever fits no label are "other"; only then write a short, warm reply in `text` that says how you can help, without answering ' +
  'questions about the business. Otherwise leave `text` empty: another step answers. In `query` restate what the customer wants as ' +
  'one question that can be understood without the conversation.';

/** Said when the model chose `other` and wrote nothing. */
const fallback = words(
  'Oi! Aqui é o atendimento. Me conta: como posso ajudar?',
  "Hi! You've reached customer service. Tell me, how can I help?",
);

const intent = z.strictObject({
  name: portName.meta(
    field(
      words('Nome', 'Name'),
      words('Curto, sem espaço nem acento. É o nome da saída.', 'Short, no spaces or accents. It names the way out.'),
      { control: 'text', literal: true },
    ),
  ),
  title: z
    .string()
    .min(1)
    .max(40)
    .meta(
      field(words('Título', 'Title'), words('Como aparece no desenho.', 'How it shows on the canvas.'), {
        control: 'text',
        literal: true,
      }),
    ),
  description: z
    .string()
    .min(1)
    .max(500)
    .meta(
      field(words('O que é', 'What it is'), words('Com suas palavras, e exemplos.', 'In your words, with examples.'), {
        control: 'textarea',
        literal: true,
      }),
    ),
});

const understood = z.object({
  intent: z.string(),
  confidence: z.number().min(0).max(1),
  /** What the customer wants, as a question of its own: what to search for. */
  query: z.string(),
  /** A reply, when the intent is `other`; otherwise empty. */
  text: z.string(),
});

/** Understands what the customer wants, among what the author lists, and answers small talk itself. */
export const whatsappAgent = defineNode({
  type: 'agent.whatsapp',
  version: 1,
  kind: 'model',
  group: 'agent',
  title: words('Entende o que quer', 'Understand what they want'),
  summary: words(
    'Entende o que o cliente quer e responde quem só passou pra dar um oi.',
    'Understands what the customer wants, and answers whoever just says hello.',
  ),
  icon: 'message-circle-heart',
  needs: ['models', 'conversation', 'contacts'],
  effects: [],
  config: z.strictObject({
    message: messageField,
    intents: z
      .array(intent)
      .max(12)
      .default([])
      .meta(
        field(
          words('O que pode ser', 'What it may be'),
          words(
            'Cada um vira uma saída. O resto sai por "Outra coisa".',
            'Each becomes a way out. The rest leaves by "Something else".',
          ),
          { control: 'list' },
        ),
      ),
    instructions: instructionsField(
      words('O jeito de falar com quem só dá um oi.', 'How to speak with those who just say hello.'),
    ),
    history: historyField(10),
    model: modelField,
  }),
  inputs: [inPort],
  outputs: [{ name: 'other', title: words('Outra coisa', 'Something else'), schema: understood }],
  outputsFrom: { field: 'intents', nameKey: 'name', titleKey: 'title', schema: understood },
  run: async ({ config, ctx }) => {
    const text = textToRead(ctx, config.message);
    const locale = await customerLocale(ctx, text);
    const result = await ctx.models.chat({
      role: 'classify',
      ...thinkingWith(config.model),
      task: 'classify',
      instructions: instructionsFor(task, config.instructions),
      material: {
        business: businessOf(ctx),
        labels: config.intents.map(({ name, description }) => ({ name, description })),
      },
      messages: await chatMessages(ctx, text, config.history),
      output: asOutput('intent', outputFor(config.intents.map(({ name }) => name))),
      locale,
      temperature: 0,
      maxOutputTokens: 400,
      onText: ctx.preview,
    });
    const { label, confidence, query, text: reply } = readOutput(classifyOutput, result);
    const common = { confidence, query: query.trim() || text };
    if (label === 'other') {
      return { port: 'other', value: { intent: 'other', ...common, text: reply.trim() || fallback[locale] } };
    }
    if (!config.intents.some(({ name }) => name === label)) {
      throw new NodeError(detail('model.no_such_choice', { name: label.slice(0, 80) }), {
        code: 'model_bad_output',
        actor: 'provider',
        retryable: true,
      });
    }
    return { port: label, value: { intent: label, ...common, text: '' } };
  },
});

/** The label as an enum, so that a provider with strict outputs cannot choose another. */
const outputFor = (names: readonly string[]) => classifyOutput.extend({ label: z.enum([...names, 'other']) });
