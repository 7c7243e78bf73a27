import { z } from 'zod';
import type { OutgoingMessage } from './context.js';
import { detail, type Detail } from './details.js';
import { NodeError } from './errors.js';
import { field } from './field.js';
import { words } from './text.js';

/** WhatsApp's limits (Cloud API reference v23.0, interactive messages). They are the limits of every channel here. */
export const messageLimits = {
  text: 4_096,
  /** Text that carries buttons or a list. */
  interactiveText: 1_024,
  /** Text beside an image, a video or a document. */
  caption: 1_024,
  link: 2_048,
  fileName: 240,
  buttons: 3,
  buttonId: 256,
  buttonTitle: 20,
  rows: 10,
  rowId: 200,
  rowTitle: 24,
  rowDescription: 72,
} as const;

/** The name under which a step sends what it then waits to be told by the customer. */
export const QUESTION = 'question';

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

/** What WhatsApp takes by a link (Cloud API reference v23.0, media messages). Stickers are left out: they are made for it. */
export const mediaKinds = ['image', 'video', 'audio', 'document'] as const;

/** Media, as a config field of a node. */
export const messageMedia = z.strictObject({
  kind: z
    .enum(mediaKinds)
    .default('image')
    .meta(
      field(words('Tipo', 'Kind'), words('Como o cliente recebe.', 'How the customer gets it.'), {
        control: 'select',
        options: {
          image: words('Imagem', 'Image'),
          video: words('Vídeo', 'Video'),
          audio: words('Áudio', 'Audio'),
          document: words('Documento', 'Document'),
        },
      }),
    ),
  link: z
    .string()
    .min(1)
    .max(messageLimits.link)
    .meta(
      field(
        words('Endereço', 'Link'),
        words(
          'Endereço público que começa com https://. Imagem até 5 MB; vídeo e áudio, 16; documento, 100.',
          'A public address that begins with https://. Images up to 5 MB; video and audio 16; documents 100.',
        ),
        { control: 'text', placeholder: words('https://…/bolo.jpg', 'https://…/cake.jpg') },
      ),
    ),
  name: z
    .string()
    .max(messageLimits.fileName)
    .optional()
    .meta(
      field(
        words('Nome do arquivo', 'File name'),
        words('Como o documento aparece pro cliente.', 'What the document is called at the customer’s.'),
        { control: 'text', showWhen: { field: 'kind', is: ['document'] } },
      ),
    ),
});

/**
 * Whether a channel can be asked to fetch it: `https`, no user name, and a host that a name on the Internet may have. Numbers and names of networks
 * inside are none.
 */
export function isMediaLink(link: string): boolean {
  if (link.length > messageLimits.link || /[\s\\]/.test(link) || !URL.canParse(link)) return false;
  const { protocol, hostname, username, password } = new URL(link);
  const host = hostname.replace(/\.$/, '');
  const inside = /(^|\.)(localhost|local|internal|lan|home|corp|test|invalid)$/.test(host);
  return protocol === 'https:' && username === '' && password === '' && /\.[a-z][a-z0-9-]+$/.test(host) && !inside;
}

/** Throws `bad_message` (author) for what no channel could deliver. The limits of single fields are in the schemas. */
export function checkMessage(message: OutgoingMessage): void {
  const refuse = (reason: Detail): never => {
    throw new NodeError(reason, { code: 'bad_message', actor: 'author', retryable: false });
  };
  const buttons = message.buttons ?? [];
  const rows = message.list?.sections.flatMap((section) => section.rows) ?? [];
  const { media } = message;
  const choosing = buttons.length > 0 || message.list !== undefined;
  if (media && !isMediaLink(media.link)) refuse(detail('message.media_link'));
  if (message.text.trim() === '' && (!media || choosing)) refuse(detail('message.no_text'));
  if (buttons.length > 0 && message.list) refuse(detail('message.buttons_and_list'));
  if (rows.length > messageLimits.rows)
    refuse(detail('message.rows', { limit: messageLimits.rows, count: rows.length }));
  for (const choices of [buttons, rows]) {
    if (new Set(choices.map((choice) => choice.id)).size < choices.length) refuse(detail('message.same_id'));
    if (new Set(choices.map((choice) => choice.title)).size < choices.length) refuse(detail('message.same_title'));
  }
}
