import { z } from 'zod';
import { field } from '#nodes/sdk/field.js';
import { defineNode } from '#nodes/sdk/node.js';
import { words } from '#nodes/sdk/text.js';

/** Five fields of a cron line: minute, hour, day of month, month, day of week. What each may hold is checked by whoever schedules. */
const cronLine = /^[0-9*,/-]+( [0-9*,/?L-]+)( [0-9*,/A-Za-z-]+)( [0-9*,/A-Za-z#-]+)( [0-9*,/A-Za-z#-]+)$/;

/** The moment the schedule meant, not the moment a worker got to it. */
const scheduleInput = z.object({ at: z.iso.datetime() });

/** Starts a run on a timetable. */
export const scheduleTrigger = defineNode({
  type: 'trigger.schedule',
  version: 1,
  kind: 'trigger',
  group: 'trigger',
  title: words('Hora marcada', 'On a schedule'),
  summary: words('Começa sozinho nos dias e horas que você marcar.', 'Starts by itself on the days and times you set.'),
  icon: 'calendar-clock',
  needs: [],
  effects: [],
  config: z.strictObject({
    cron: z
      .string()
      .regex(cronLine)
      .max(120)
      .default('0 8 * * 1-5')
      .meta(
        field(
          words('Quando', 'When'),
          words(
            'Minuto, hora, dia, mês e dia da semana. "0 8 * * 1-5" é às 8h de segunda a sexta.',
            'Minute, hour, day, month and weekday. "0 8 * * 1-5" is 8 a.m., Monday to Friday.',
          ),
          { control: 'cron', literal: true },
        ),
      ),
    timezone: z
      .string()
      .min(1)
      .max(64)
      .default('America/Recife')
      .meta(
        field(
          words('Fuso horário', 'Time zone'),
          words('De onde é essa hora, por exemplo America/Recife.', 'Whose clock it is, for example America/Recife.'),
          { control: 'timezone', literal: true },
        ),
      ),
    missed: z
      .enum(['once', 'skip'])
      .default('once')
      .meta(
        field(
          words('Se a hora passar', 'If the hour passes'),
          words(
            'O que fazer com horas que passaram com a plataforma fora do ar.',
            'What to do about hours that passed while the platform was away.',
          ),
          {
            control: 'select',
            literal: true,
            options: {
              once: words('Começa uma vez, atrasado', 'Start once, late'),
              skip: words('Deixa pra próxima', 'Leave it for the next'),
            },
          },
        ),
      ),
  }),
  inputs: [],
  outputs: [{ name: 'out', title: words('Deu a hora', 'Time came'), schema: scheduleInput }],
  run: ({ ctx }) => {
    const planned = scheduleInput.safeParse(ctx.trigger);
    return { port: 'out', value: { at: planned.success ? planned.data.at : ctx.now().toISOString() } };
  },
});
