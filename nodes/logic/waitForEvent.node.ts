import { z } from 'zod';
import { field } from '#nodes/sdk/field.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson } from '#nodes/sdk/values.js';

/** Longest key, in characters: the id of an order, of a payment. */
const LONGEST_KEY = 200;

/** Waits until another system reports something: a payment, a delivery. Waiting costs nothing, and what came before is not missed. */
export const waitForEventNode = defineNode({
  type: 'logic.waitForEvent',
  version: 1,
  kind: 'wait',
  group: 'logic',
  title: words('Espera um aviso', 'Wait for an event'),
  summary: words(
    'Espera outro sistema avisar que algo aconteceu e segue.',
    'Waits until another system reports that something happened, then goes on.',
  ),
  icon: 'radio-tower',
  needs: [],
  effects: [],
  config: z.strictObject({
    // Many systems number their orders and payments: both sides know such a number as text.
    key: z
      .union([z.string().max(LONGEST_KEY), z.number()])
      .default('')
      .meta(
        field(
          words('De qual', 'Which one'),
          words(
            'O que liga o aviso a esta execução, como o número do pedido. O outro sistema manda o mesmo em "key".',
            'What ties the event to this run, such as the order number. The other system sends the same as "key".',
          ),
          { control: 'text', placeholder: words('{{ steps.pedido.json.id }}', '{{ steps.order.json.id }}') },
        ),
      ),
    timeoutMinutes: z
      .number()
      .positive()
      .max(525_600)
      .optional()
      .meta(
        field(
          words('Esperar até', 'Wait at most'),
          words('Em minutos. Vazio espera o tempo que for.', 'In minutes. Empty waits as long as it takes.'),
          { control: 'duration' },
        ),
      ),
  }),
  inputs: [inPort],
  outputs: [
    { name: 'arrived', title: words('Avisou', 'Arrived'), schema: z.object({ event: anyJson }) },
    { name: 'timeout', title: words('Não avisou', 'Never came'), schema: z.null() },
  ],
  run: ({ config, ctx }) => {
    const event = ctx.ask({
      of: 'event',
      title: ctx.node.title,
      key: String(config.key),
      ...(config.timeoutMinutes !== undefined && { timeoutMs: config.timeoutMinutes * 60_000 }),
    });
    return event === null ? { port: 'timeout', value: null } : { port: 'arrived', value: { event } };
  },
});
