import { z } from 'zod';
import type { OutgoingMessage } from './context.js';
import { NodeError } from './errors.js';
import { field } from './field.js';
import { words } from './text.js';

/** WhatsApp's limits (Cloud API reference v23.0, interactive messages). They are the limits of every channel here. */
export const messageLimits = {
  text: 4_096,
  /** Text that carries buttons or a list. */
  interactiveText: 1_024,
  buttons: 3,
  buttonId: 256,
  buttonTitle: 20,
  rows: 10,
  rowId: 200,
  rowTitle: 24,
  rowDescription: 72,
} as const;

const idField = field(
  words('Código', 'Code'),
  words('Volta em trigger.buttonId quando a pessoa toca.', 'Comes back in trigger.buttonId when the person taps.'),
  { control: 'text' },
);

/** A reply button, as a config field of a node. */
export const replyButton = z.strictObject({
  id: z.string().min(1).max(messageLimits.buttonId).meta(idField),
  title: z
    .string()
    .min(1)
    .max(messageLimits.buttonTitle)
    .meta(
      field(words('Texto do botão', 'Button text'), words('Até 20 letras.', 'At most 20 letters.'), {
        control: 'text',
      }),
    ),
});

const listRow = z.strictObject({
  id: z.string().min(1).max(messageLimits.rowId).meta(idField),
  title: z
    .string()
    .min(1)
    .max(messageLimits.rowTitle)
    .meta(field(words('Título', 'Title'), words('Até 24 letras.', 'At most 24 letters.'), { control: 'text' })),
  description: z
    .string()
    .max(messageLimits.rowDescription)
    .optional()
    .meta(field(words('Detalhe', 'Detail'), words('Até 72 letras.', 'At most 72 letters.'), { control: 'text' })),
});

const listSection = z.strictObject({
  title: z
    .string()
    .min(1)
    .max(messageLimits.rowTitle)
    .meta(field(words('Grupo', 'Group'), words('Até 24 letras.', 'At most 24 letters.'), { control: 'text' })),
  rows: z
    .array(listRow)
    .min(1)
    .max(messageLimits.rows)
    .meta(field(words('Itens', 'Rows'), words('Até 10 ao todo.', 'At most 10 in all.'), { control: 'list' })),
});

/** A reply list, as a config field of a node. */
export const replyList = z.strictObject({
  button: z
    .string()
    .min(1)
    .max(messageLimits.buttonTitle)
    .meta(
      field(words('Botão que abre', 'Opening button'), words('Até 20 letras.', 'At most 20 letters.'), {
        control: 'text',
      }),
    ),
  sections: z
    .array(listSection)
    .min(1)
    .max(messageLimits.rows)
    .meta(
      field(words('Grupos', 'Groups'), words('Cada um com seus itens.', 'Each with its rows.'), { control: 'list' }),
    ),
});

/** Throws `bad_message` (author) for what no channel could deliver. The limits of single fields are in the schemas. */
export function checkMessage(message: OutgoingMessage): void {
  const refuse = (reason: string): never => {
    throw new NodeError(reason, { code: 'bad_message', actor: 'author', retryable: false });
  };
  const buttons = message.buttons ?? [];
  const rows = message.list?.sections.flatMap((section) => section.rows) ?? [];
  if (message.text.trim() === '') refuse('The message has no text.');
  if (buttons.length > 0 && message.list) refuse('A message carries buttons or a list, not both.');
  if (rows.length > messageLimits.rows)
    refuse(`A list holds at most ${messageLimits.rows} rows; this one has ${rows.length}.`);
  for (const choices of [buttons, rows]) {
    if (new Set(choices.map((choice) => choice.id)).size < choices.length)
      refuse('Two choices of one message have the same code.');
    if (new Set(choices.map((choice) => choice.title)).size < choices.length)
      refuse('Two choices of one message read the same.');
  }
}
