import { z } from 'zod';
import {
  historyField,
  instructionsField,
  instructionsFor,
  messageField,
  modelField,
  thinkingWith,
} from '#nodes/sdk/agentFields.js';
import { businessOf, chatMessages, textToRead } from '#nodes/sdk/customer.js';
import { field } from '#nodes/sdk/field.js';
import { asOutput, readOutput, sentimentOutput } from '#nodes/sdk/modelOutputs.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';

const task =
  'Judge how the customer feels about the business in their last message; the earlier ones are context. ' +
  'A plain question is neutral: score 0, mood calm.';

/** How the customer feels, from -1 to 1. */
export const sentimentAgent = defineNode({
  type: 'agent.sentiment',
  version: 1,
  kind: 'model',
  group: 'agent',
  title: words('Sente o clima', 'Sense the mood'),
  summary: words('Percebe se o cliente tá bem ou tá bravo.', 'Notices whether the customer is fine or upset.'),
  icon: 'smile',
  needs: ['models', 'conversation'],
  effects: [],
  config: z.strictObject({
    message: messageField,
    instructions: instructionsField(
      words('O que pesar de um jeito diferente no seu negócio.', 'What weighs differently in your business.'),
    ),
    history: historyField(4),
    model: modelField,
    routeNegative: z
      .boolean()
      .default(false)
      .meta(
        field(
          words('Separar quem tá mal', 'Part the unhappy'),
          words('Quem estiver abaixo da nota sai por "Tá mal".', 'Whoever is below the score leaves by "Unhappy".'),
          { control: 'switch' },
        ),
      ),
    negativeBelow: z
      .number()
      .min(-1)
      .max(0)
      .default(-0.5)
      .meta(field(words('Nota', 'Score'), words('De -1 a 0.', '-1 to 0.'), { control: 'number' })),
  }),
  inputs: [inPort],
  outputs: [
    { name: 'out', title: words('Segue', 'Go on'), schema: sentimentOutput },
    { name: 'negative', title: words('Tá mal', 'Unhappy'), schema: sentimentOutput },
  ],
  run: async ({ config, ctx }) => {
    const text = textToRead(ctx, config.message);
    const result = await ctx.models.chat({
      role: 'classify',
      ...thinkingWith(config.model),
      task: 'sentiment',
      instructions: instructionsFor(task, config.instructions),
      material: { business: businessOf(ctx) },
      messages: await chatMessages(ctx, text, config.history),
      output: asOutput('sentiment', sentimentOutput),
      locale: ctx.organization.locale,
      temperature: 0,
      maxOutputTokens: 60,
    });
    const { score, mood } = readOutput(sentimentOutput, result);
    const unhappy = config.routeNegative && score <= config.negativeBelow;
    return { port: unhappy ? 'negative' : 'out', value: { score, mood } };
  },
});
