import { z } from 'zod';
import { conditionalWay } from '#nodes/sdk/conditionalWay.js';
import { field } from '#nodes/sdk/field.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson } from '#nodes/sdk/values.js';

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
      .array(conditionalWay)
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
