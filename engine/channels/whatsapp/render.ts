import { detail, type InnerDetail, type DetailCode } from '#nodes/sdk/details.js';
import { NodeError } from '#nodes/sdk/errors.js';
import type { OutgoingMedia, OutgoingMessage } from '#nodes/sdk/context.js';

/** WhatsApp's own limits, in characters and counts. Source: Cloud API reference v23.0, "Messages", interactive object. */
export const whatsappLimits = {
  text: 4_096,
  interactiveBody: 1_024,
  buttons: 3,
  buttonTitle: 20,
  buttonId: 256,
  listButton: 20,
  listRows: 10,
  rowTitle: 24,
  caption: 1_024,
  fileName: 240,
  link: 2_048,
  rowDescription: 72,
  rowId: 200,
  sectionTitle: 24,
} as const;

/** The `type` and content of a Cloud API message. Throws `NodeError` `message_too_large` when the author's message breaks a limit. */
export function renderMessage(message: OutgoingMessage): Record<string, unknown> {
  const { buttons = [], list, media } = message;
  if (media && buttons.length === 0 && !list)
    return { type: media.kind, [media.kind]: renderMedia(media, message.text) };
  if (media && list) refuse(detail('whatsapp.list_media'));
  if (media?.kind === 'audio') refuse(detail('whatsapp.buttons_audio'));
  if (buttons.length === 0 && !list) {
    within('part.text', message.text, whatsappLimits.text);
    return { type: 'text', text: { body: message.text, preview_url: false } };
  }
  within('part.text', message.text, whatsappLimits.interactiveBody);
  const body = { text: message.text };
  if (list) return { type: 'interactive', interactive: { type: 'list', body, action: renderList(list) } };
  if (buttons.length > whatsappLimits.buttons)
    refuse(detail('whatsapp.buttons', { count: buttons.length, limit: whatsappLimits.buttons }));
  return {
    type: 'interactive',
    interactive: {
      type: 'button',
      ...(media && { header: { type: media.kind, [media.kind]: renderMedia(media, '') } }),
      body,
      action: {
        buttons: buttons.map(({ id, title }) => {
          within('part.button_title', title, whatsappLimits.buttonTitle);
          within('part.button_id', id, whatsappLimits.buttonId);
          return { type: 'reply', reply: { id, title } };
        }),
      },
    },
  };
}

/** A media object. Audio has no caption; only documents have a name. */
function renderMedia({ kind, link, name }: OutgoingMedia, caption: string): Record<string, unknown> {
  within('part.link', link, whatsappLimits.link);
  if (caption !== '') within('part.caption', caption, whatsappLimits.caption);
  if (caption !== '' && kind === 'audio') refuse(detail('whatsapp.audio_text'));
  if (name) within('part.file_name', name, whatsappLimits.fileName);
  return { link, ...(caption !== '' && { caption }), ...(kind === 'document' && name && { filename: name }) };
}

function renderList(list: NonNullable<OutgoingMessage['list']>): Record<string, unknown> {
  const rows = list.sections.reduce((count, section) => count + section.rows.length, 0);
  if (rows === 0 || rows > whatsappLimits.listRows)
    refuse(detail('whatsapp.rows', { count: rows, limit: whatsappLimits.listRows }));
  within('part.list_button', list.button, whatsappLimits.listButton);
  return {
    button: list.button,
    sections: list.sections.map((section) => {
      within('part.section_title', section.title, whatsappLimits.sectionTitle);
      return {
        title: section.title,
        rows: section.rows.map(({ id, title, description }) => {
          within('part.row_title', title, whatsappLimits.rowTitle);
          within('part.row_id', id, whatsappLimits.rowId);
          if (description !== undefined) within('part.row_description', description, whatsappLimits.rowDescription);
          return { id, title, ...(description && { description }) };
        }),
      };
    }),
  };
}

function within(part: DetailCode & `part.${string}`, value: string, limit: number): void {
  const what = detail(part);
  if (value.trim() === '') refuse(detail('whatsapp.empty', { what }));
  if (value.length > limit) refuse(detail('whatsapp.long', { what, count: value.length, limit }));
}

function refuse(why: InnerDetail): never {
  throw new NodeError(detail('whatsapp.would_refuse', { why }), {
    code: 'message_too_large',
    actor: 'author',
    retryable: false,
  });
}
