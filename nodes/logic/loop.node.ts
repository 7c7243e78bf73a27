import { z } from 'zod';
import { field } from '#nodes/sdk/field.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson } from '#nodes/sdk/values.js';

/** Repeats the steps inside it until a condition holds, a limited number of times. The engine runs its body. */
export const loopNode = defineNode({
  type: 'logic.loop',
  version: 1,
  kind: 'loop',
  group: 'logic',
  title: words('Repete até', 'Loop'),
  summary: words(
    'Repete os passos de dentro até dar certo ou chegar no limite.',
    'Repeats the steps inside until it works out or reaches the limit.',
  ),
  icon: 'refresh-cw',
  needs: [],
  effects: [],
  config: z.strictObject({
    until: z
      .boolean()
      .meta(
        field(
          words('Até que', 'Until'),
          words('Olhado depois de cada volta. Verdadeiro encerra.', 'Looked at after each round. True ends it.'),
          { control: 'expression', lazy: true },
        ),
      ),
    limit: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .meta(
        field(words('No máximo', 'At most'), words('Voltas, de 1 a 100.', 'Rounds, 1 to 100.'), { control: 'number' }),
      ),
  }),
  inputs: [inPort],
  outputs: [
    { name: 'done', title: words('Deu certo', 'Done'), schema: anyJson },
    { name: 'limit', title: words('Chegou no limite', 'Limit reached'), schema: anyJson },
  ],
});
