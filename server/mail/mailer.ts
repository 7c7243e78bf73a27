import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import { storableText } from '#db/text.js';
import type { Locale } from '#nodes/sdk/text.js';
import { renderMail } from './render.js';
import type { MailData, MailTemplate } from './templates.js';

export type Mail = {
  readonly [Name in MailTemplate]: {
    readonly to: string;
    readonly locale: Locale;
    readonly template: Name;
    readonly data: MailData[Name];
    /** Named when the transaction is an organization's. */
    readonly organizationId?: string;
  };
}[MailTemplate];

export interface Mailer {
  /** Writes a mail down in the transaction of what it tells; it leaves after the commit, and never without it. */
  queue(trx: Knex.Transaction, mail: Mail): Promise<void>;
}

/** @param baseUrl where the links of a mail lead, known once the server listens */
export const createMailer = (baseUrl: () => string): Mailer => ({
  async queue(trx, { to, locale, template, data, organizationId }) {
    // The pair of template and data is checked where the mail is written; the union cannot carry it here.
    const { subject, body, html } = renderMail(template, data as never, locale, baseUrl());
    await trx.raw(
      `insert into platform.emails (id, organization_id, recipient, template, locale, subject, body, html) values (?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        uuidv7(),
        organizationId ?? null,
        to,
        template,
        locale,
        storableText(subject),
        storableText(body),
        storableText(html),
      ],
    );
  },
});
