import { z } from 'zod';
import { field } from '#nodes/sdk/field.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson, portName } from '#nodes/sdk/values.js';

const switchCase = z.strictObject({
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
      field(words('Título', 'Title'), words('Como o caminho aparece no desenho.', 'How the way shows on the canvas.'), {
        control: 'text',
        literal: true,
      }),
    ),
  when: z
    .boolean()
    .meta(
      field(
        words('Quando', 'When'),
        words('Uma expressão que dá verdadeiro ou falso.', 'An expression that gives true or false.'),
        { control: 'expression' },
      ),
    ),
});

/** As many ways on as the author draws: the first case that holds is taken. What came in goes out unchanged. */
export const switchNode = defineNode({
  type: 'logic.switch',
  version: 1,
  kind: 'pure',
  group: 'logic',
  title: words('Escolhe o caminho', 'Switch'),
  summary: words(
    'Segue pelo primeiro caso que valer; se nenhum valer, pelo de sempre.',
    'Takes the first case that holds; if none does, the usual way.',
  ),
  icon: 'route',
  needs: [],
  effects: [],
  config: z.strictObject({
    cases: z
      .array(switchCase)
      .max(20)
      .default([])
      .meta(
        field(words('Casos', 'Cases'), words('Do primeiro ao último, nesta ordem.', 'Tried in this order.'), {
          control: 'list',
        }),
      ),
  }),
  inputs: [inPort],
  outputs: [{ name: 'default', title: words('Nenhum deles', 'None of them'), schema: anyJson }],
  outputsFrom: { field: 'cases', nameKey: 'name', titleKey: 'title', schema: anyJson },
  run: ({ config, input }) => ({ port: config.cases.find((one) => one.when)?.name ?? 'default', value: input }),
});
