import type { Database } from '#db/connect.js';
import type { Locale } from '#nodes/sdk/text.js';
import { found } from '../../errors.js';
import type { ListQuery } from '../common.js';
import { readIdCursor, toPage } from '../paging.js';
import type { MailPage, MailView } from './schemas.js';

interface MailRow {
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly template: string;
  readonly locale: Locale;
  readonly created_at: Date;
  readonly body: string;
  readonly html: string;
}

const present = (row: MailRow) => ({
  id: row.id,
  to: row.recipient,
  subject: row.subject,
  template: row.template,
  locale: row.locale,
  createdAt: row.created_at.toISOString(),
});

/** The mails that were written, newest first. */
export const listMails = (db: Database, query: ListQuery): Promise<MailPage> => {
  const before = readIdCursor(query);
  return db.withIdentity(async (trx) => {
    const { rows } = await trx.raw<{ rows: MailRow[] }>(
      `select id, recipient, subject, template, locale, created_at from platform.emails
       where (:before::uuid is null or id < :before) order by id desc limit :limit`,
      { before, limit: query.limit + 1 },
    );
    return toPage(rows, query.limit, present, (row) => [row.id]);
  });
};

/** One of them, with its text. Throws `not_found`. */
export const readMail = (db: Database, id: string): Promise<MailView> =>
  db.withIdentity(async (trx) => {
    const { rows } = await trx.raw<{ rows: MailRow[] }>('select * from platform.emails where id = ?', [id]);
    const row = found(rows[0]);
    return { ...present(row), text: row.body, html: row.html };
  });
