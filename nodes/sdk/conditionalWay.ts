import { z } from 'zod';
import { field } from './field.js';
import { words } from './text.js';
import { portName } from './values.js';

/** A way out that an author draws: its name, how it is called on the canvas, and when it is taken. */
export const conditionalWay = z.strictObject({
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
