import { z } from 'zod';
import { field } from '#nodes/sdk/field.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson } from '#nodes/sdk/values.js';

/** Two ways on. What came in goes out unchanged, so that the next step sees through it. */
export const ifNode = defineNode({
  type: 'logic.if',
  version: 1,
  kind: 'pure',
  group: 'logic',
  title: words('Se', 'If'),
  summary: words('Segue por um caminho ou por outro.', 'Goes one way or the other.'),
  icon: 'split',
  needs: [],
  effects: [],
  config: z.strictObject({
    condition: z
      .boolean()
      .meta(
        field(
          words('Condição', 'Condition'),
          words('Uma expressão que dá verdadeiro ou falso.', 'An expression that gives true or false.'),
          { control: 'expression', placeholder: words("{{ trigger.kind == 'text' }}", "{{ trigger.kind == 'text' }}") },
        ),
      ),
  }),
  inputs: [inPort],
  outputs: [
    { name: 'yes', title: words('Sim', 'Yes'), schema: anyJson },
    { name: 'no', title: words('Não', 'No'), schema: anyJson },
  ],
  run: ({ config, input }) => ({ port: config.condition ? 'yes' : 'no', value: input }),
});
