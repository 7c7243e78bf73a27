import type { Locale } from '#nodes/sdk/text.js';
import { mailTemplates, type MailData, type MailTemplate, type Words } from './templates.js';

export interface RenderedMail {
  readonly subject: string;
  readonly body: string;
  readonly html: string;
}

/** A mail as plain text and as HTML that loads nothing. Names are data: they cannot become markup, nor a header. */
export function renderMail<Name extends MailTemplate>(
  template: Name,
  data: MailData[Name],
  locale: Locale,
  baseUrl: string,
): RenderedMail {
  const words: Words = mailTemplates[template](data)[locale];
  const link = words.button && { ...words.button, href: `${baseUrl}${words.button.path}` };
  const subject = words.subject.replaceAll(/[\r\n]+/g, ' ');
  const body = [...words.lines, ...(link ? [`${link.label}: ${link.href}`] : []), words.foot].join('\n\n');
  const html = `<!doctype html><html lang="${locale}"><meta charset="utf-8"><title>${escape(subject)}</title>
<body style="margin:0;padding:32px 16px;background:#f4efe6;font:16px/1.5 system-ui,sans-serif;color:#26221c">
<div style="max-width:440px;margin:0 auto;padding:32px;background:#fff;border-radius:22px">
${words.lines.map((line) => `<p style="margin:0 0 14px">${escape(line)}</p>`).join('\n')}
${link ? `<p style="margin:22px 0"><a href="${escape(link.href)}" style="display:inline-block;padding:12px 20px;border-radius:11px;background:#f2b705;color:#26221c;font-weight:600;text-decoration:none">${escape(link.label)}</a></p>` : ''}
<p style="margin:22px 0 0;font-size:13px;color:#6b6357">${escape(words.foot)}</p></div></body></html>`;
  return { subject, body, html };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
