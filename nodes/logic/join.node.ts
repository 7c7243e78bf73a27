import { z } from 'zod';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson } from '#nodes/sdk/values.js';

/** Where parallel ways meet: waits for all that are live, and hands on what they brought, by the id of the step it came from. */
export const joinNode = defineNode({
  type: 'logic.join',
  version: 1,
  kind: 'pure',
  group: 'logic',
  title: words('Espera todos', 'Join'),
  summary: words(
    'Espera todos os caminhos que chegaram até aqui e segue um só.',
    'Waits for every way that leads here and goes on as one.',
  ),
  icon: 'merge',
  needs: [],
  effects: [],
  config: z.strictObject({}),
  inputs: [inPort],
  outputs: [{ name: 'out', title: words('Segue', 'Go on'), schema: anyJson }],
  run: ({ input }) => ({ port: 'out', value: input }),
});
