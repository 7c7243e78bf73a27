import { z } from 'zod';
import { defineNode } from '#nodes/sdk/node.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson } from '#nodes/sdk/values.js';

/** Starts a run by hand or through the API, with whatever input is given. */
export const manualTrigger = defineNode({
  type: 'trigger.manual',
  version: 1,
  kind: 'trigger',
  group: 'trigger',
  title: words('Começar na mão', 'Start by hand'),
  summary: words(
    'Começa quando alguém do time manda, aqui ou pela API.',
    'Starts when someone on the team says so, here or through the API.',
  ),
  icon: 'circle-play',
  needs: [],
  effects: [],
  config: z.strictObject({}),
  inputs: [],
  outputs: [{ name: 'out', title: words('Começou', 'Started'), schema: anyJson }],
  run: ({ ctx }) => ({ port: 'out', value: ctx.trigger }),
});
