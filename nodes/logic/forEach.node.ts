import { z } from 'zod';
import { field } from '#nodes/sdk/field.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson } from '#nodes/sdk/values.js';

/** Runs the steps inside it once for each item of a list; inside, expressions see `item` and `index`. The engine runs its body. */
export const forEachNode = defineNode({
  type: 'logic.forEach',
  version: 1,
  kind: 'forEach',
  group: 'logic',
  title: words('Para cada item', 'For each'),
  summary: words(
    'Faz os passos de dentro uma vez pra cada item de uma lista.',
    'Does the steps inside once for each item of a list.',
  ),
  icon: 'repeat-2',
  needs: [],
  effects: [],
  config: z.strictObject({
    items: z.array(anyJson).meta(
      field(words('Lista', 'List'), words('Uma expressão que dá uma lista.', 'An expression that gives a list.'), {
        control: 'expression',
        lazy: true,
      }),
    ),
    mode: z
      .enum(['sequential', 'parallel'])
      .default('sequential')
      .meta(
        field(
          words('Como', 'How'),
          words('Um depois do outro, ou vários ao mesmo tempo.', 'One after the other, or several at once.'),
          {
            control: 'select',
            options: {
              sequential: words('Um depois do outro', 'One after the other'),
              parallel: words('Ao mesmo tempo', 'At the same time'),
            },
          },
        ),
      ),
    concurrency: z
      .int()
      .min(1)
      .max(20)
      .default(4)
      .meta(
        field(
          words('Quantos ao mesmo tempo', 'How many at once'),
          words('Só vale pra "ao mesmo tempo". De 1 a 20.', 'Only for "at the same time". 1 to 20.'),
          { control: 'number', showWhen: { field: 'mode', is: ['parallel'] } },
        ),
      ),
    limit: z
      .int()
      .min(1)
      .max(1_000)
      .default(100)
      .meta(
        field(
          words('No máximo', 'At most'),
          words('Itens, de 1 a 1000. Uma lista maior é um erro.', 'Items, 1 to 1,000. A longer list is an error.'),
          { control: 'number' },
        ),
      ),
  }),
  inputs: [inPort],
  outputs: [{ name: 'done', title: words('Todos feitos', 'All done'), schema: z.object({ items: z.array(anyJson) }) }],
});
