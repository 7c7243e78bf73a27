import { z } from 'zod';
import { conditionalWay } from '#nodes/sdk/conditionalWay.js';
import { field } from '#nodes/sdk/field.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson } from '#nodes/sdk/values.js';

/** Holds a group of steps as one: its body runs once, then the first of its exits that holds is taken. The engine runs it. */
export const subDepartmentNode = defineNode({
  type: 'logic.subDepartment',
  version: 1,
  kind: 'department',
  group: 'logic',
  title: words('Setor', 'Sub-department'),
  summary: words(
    'Junta vários passos em um só, com nome próprio.',
    'Gathers several steps into one with its own name.',
  ),
  icon: 'boxes',
  needs: [],
  effects: [],
  config: z.strictObject({
    exits: z
      .array(conditionalWay)
      .max(20)
      .default([])
      .meta(
        field(
          words('Saídas', 'Exits'),
          words(
            'Olhadas depois dos passos de dentro, nesta ordem. Sem saída que valha, segue por "Nenhuma delas".',
            'Looked at after the steps inside, in this order. When none holds, it goes on by "None of them".',
          ),
          { control: 'list', lazy: true },
        ),
      ),
  }),
  inputs: [inPort],
  outputs: [{ name: 'done', title: words('Feito', 'Done'), schema: anyJson }],
  outputsFrom: {
    field: 'exits',
    nameKey: 'name',
    titleKey: 'title',
    schema: anyJson,
    rest: { port: 'done', title: words('Nenhuma delas', 'None of them') },
  },
});
