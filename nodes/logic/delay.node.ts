import { z } from 'zod';
import { field } from '#nodes/sdk/field.js';
import { detail } from '#nodes/sdk/details.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';

const millisecondsIn = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
/** Longest wait: one year. Beyond it a date is what the author means. */
const LONGEST_MS = 366 * millisecondsIn.days;

/** Waits for a while, or until a moment. Waiting costs nothing: nothing sleeps meanwhile. */
export const delayNode = defineNode({
  type: 'logic.delay',
  version: 1,
  kind: 'wait',
  group: 'logic',
  title: words('Espera um tempo', 'Delay'),
  summary: words('Espera o tempo que você disser e segue.', 'Waits as long as you say, then goes on.'),
  icon: 'hourglass',
  needs: [],
  effects: [],
  config: z.strictObject({
    amount: z
      .number()
      .min(0)
      .max(31_622_400)
      .default(5)
      .meta(
        field(words('Quanto', 'How long'), words('De zero a um ano.', 'From nothing to a year.'), {
          control: 'number',
        }),
      ),
    unit: z
      .enum(['seconds', 'minutes', 'hours', 'days'])
      .default('minutes')
      .meta(
        field(words('Unidade', 'Unit'), words('Em que se conta a espera.', 'What the wait is counted in.'), {
          control: 'select',
          options: {
            seconds: words('segundos', 'seconds'),
            minutes: words('minutos', 'minutes'),
            hours: words('horas', 'hours'),
            days: words('dias', 'days'),
          },
        }),
      ),
    until: z.iso
      .datetime({ offset: true })
      .optional()
      .meta(
        field(
          words('Até quando', 'Until'),
          words(
            'Um momento, como 2026-12-24T12:00:00-03:00. Se estiver preenchido, é ele que vale.',
            'A moment, such as 2026-12-24T12:00:00-03:00. When filled in, it is what counts.',
          ),
          { control: 'expression' },
        ),
      ),
  }),
  inputs: [inPort],
  outputs: [{ name: 'out', title: words('Passou', 'Done'), schema: z.object({ waitedUntil: z.iso.datetime() }) }],
  run: ({ config, ctx }) => {
    const span = config.amount * millisecondsIn[config.unit];
    if (config.until === undefined && span > LONGEST_MS) {
      throw new NodeError(detail('delay.too_long'), {
        code: 'wait_too_long',
        actor: 'author',
        retryable: false,
      });
    }
    ctx.waitUntil(config.until === undefined ? new Date(ctx.now().getTime() + span) : new Date(config.until));
    return { port: 'out', value: { waitedUntil: ctx.now().toISOString() } };
  },
});
