import { z } from 'zod';
import { defineNode } from '#nodes/sdk/node.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson } from '#nodes/sdk/values.js';

const webhookInput = z.object({ body: anyJson, query: z.record(z.string(), z.string()) });

/** Starts a run when another system calls the department's address. What it sent is data, all of it. */
export const webhookTrigger = defineNode({
  type: 'trigger.webhook',
  version: 1,
  kind: 'trigger',
  group: 'trigger',
  title: words('Aviso de outro sistema', 'Another system calls'),
  summary: words(
    'Começa quando outro sistema chama o endereço deste departamento.',
    "Starts when another system calls this department's address.",
  ),
  icon: 'webhook',
  needs: [],
  effects: [],
  config: z.strictObject({}),
  inputs: [],
  outputs: [{ name: 'out', title: words('Chegou', 'Arrived'), schema: webhookInput }],
  run: ({ ctx }) => {
    const call = webhookInput.safeParse(ctx.trigger);
    return { port: 'out', value: call.success ? call.data : { body: ctx.trigger, query: {} } };
  },
});
