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
  if (media && list) refuse('a list carries no media');
  if (media?.kind === 'audio') refuse('buttons carry no audio');
  if (buttons.length === 0 && !list) {
    within('text', message.text, whatsappLimits.text);
    return { type: 'text', text: { body: message.text, preview_url: false } };
  }
  within('text', message.text, whatsappLimits.interactiveBody);
  const body = { text: message.text };
  if (list) return { type: 'interactive', interactive: { type: 'list', body, action: renderList(list) } };
  if (buttons.length > whatsappLimits.buttons) refuse(`${buttons.length} buttons, at most ${whatsappLimits.buttons}`);
  return {
    type: 'interactive',
    interactive: {
      type: 'button',
      ...(media && { header: { type: media.kind, [media.kind]: renderMedia(media, '') } }),
      body,
      action: {
        buttons: buttons.map(({ id, title }) => {
          within('button title', title, whatsappLimits.buttonTitle);
          within('button id', id, whatsappLimits.buttonId);
          return { type: 'reply', reply: { id, title } };
        }),
      },
    },
  };
}

/** A media object. Audio has no caption; only documents have a name. */
function renderMedia({ kind, link, name }: OutgoingMedia, caption: string): Record<string, unknown> {
  within('link', link, whatsappLimits.link);
  if (caption !== '') within('caption', caption, whatsappLimits.caption);
  if (caption !== '' && kind === 'audio') refuse('audio carries no text');
  if (name) within('file name', name, whatsappLimits.fileName);
  return { link, ...(caption !== '' && { caption }), ...(kind === 'document' && name && { filename: name }) };
}

function renderList(list: NonNullable<OutgoingMessage['list']>): Record<string, unknown> {
  const rows = list.sections.reduce((count, section) => count + section.rows.length, 0);
  if (rows === 0 || rows > whatsappLimits.listRows) refuse(`${rows} rows in the list, 1 to ${whatsappLimits.listRows}`);
  within('list button', list.button, whatsappLimits.listButton);
  return {
    button: list.button,
    sections: list.sections.map((section) => {
      within('section title', section.title, whatsappLimits.sectionTitle);
      return {
        title: section.title,
        rows: section.rows.map(({ id, title, description }) => {
          within('row title', title, whatsappLimits.rowTitle);
          within('row id', id, whatsappLimits.rowId);
          if (description !== undefined) within('row description', description, whatsappLimits.rowDescription);
          return { id, title, ...(description && { description }) };
        }),
      };
    }),
  };
}

function within(what: string, value: string, limit: number): void {
  if (value.trim() === '') refuse(`${what} is empty`);
  if (value.length > limit) refuse(`${what} has ${value.length} characters, at most ${limit}`);
}

function refuse(why: string): never {
  throw new NodeError(`WhatsApp would refuse this message: ${why}.`, {
    code: 'message_too_large',
    actor: 'author',
    retryable: false,
  });
}
