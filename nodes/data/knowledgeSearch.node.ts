import { z } from 'zod';
import { inSources, knowledgeField } from '#nodes/sdk/agentFields.js';
import { textToRead } from '#nodes/sdk/customer.js';
import { field } from '#nodes/sdk/field.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { passageValue } from '#nodes/sdk/values.js';

const found = z.object({ query: z.string(), passages: z.array(passageValue) });

/** Looks up what the business has written down. */
export const knowledgeSearchNode = defineNode({
  type: 'data.knowledgeSearch',
  version: 1,
  kind: 'read',
  group: 'data',
  title: words('Busca no que a casa sabe', 'Search knowledge'),
  summary: words(
    'Procura nos documentos do negócio o que responde à pergunta.',
    'Looks through what the business wrote down for what answers the question.',
  ),
  icon: 'book-open-text',
  needs: ['knowledge'],
  effects: [],
  config: z.strictObject({
    query: z
      .string()
      .max(8_000)
      .optional()
      .meta(
        field(
          words('O que procurar', 'What to look for'),
          words('Vazio procura a mensagem do cliente.', "Empty looks for the customer's message."),
          { control: 'expression', placeholder: words('{{ trigger.text }}', '{{ trigger.text }}') },
        ),
      ),
    sources: knowledgeField,
    limit: z
      .int()
      .min(1)
      .max(20)
      .default(5)
      .meta(
        field(
          words('Quantos trechos', 'How many passages'),
          words('Os mais próximos, de 1 a 20.', 'The nearest, 1 to 20.'),
          { control: 'number' },
        ),
      ),
    minScore: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .meta(
        field(
          words('Nota mínima', 'Lowest score'),
          words('De 0 a 1. Trechos mais distantes ficam de fora.', '0 to 1. Passages further off are left out.'),
          { control: 'number' },
        ),
      ),
  }),
  inputs: [inPort],
  outputs: [
    { name: 'found', title: words('Achou', 'Found'), schema: found },
    { name: 'empty', title: words('Não achou', 'Nothing'), schema: found },
  ],
  run: async ({ config, ctx }) => {
    const query = textToRead(ctx, config.query);
    const passages = await ctx.knowledge.search(query, {
      limit: config.limit,
      ...inSources(config.sources),
      ...(config.minScore !== undefined && { minScore: config.minScore }),
    });
    return {
      port: passages.length > 0 ? 'found' : 'empty',
      value: { query, passages: passages.map((passage) => ({ ...passage })) },
    };
  },
});
