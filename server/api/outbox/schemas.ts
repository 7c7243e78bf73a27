import { z } from 'zod';
import { id, locale, page, time } from '../common.js';

export const outboxHeaders = z.looseObject({
  'x-operator-key': z.string().max(200).optional().meta({ description: 'The one printed when the platform started' }),
});

export const mailItem = z
  .object({ id, to: z.string(), subject: z.string(), template: z.string(), locale, createdAt: time })
  .meta({ id: 'OutboxItem' });
export const mailPage = page(mailItem).meta({ id: 'OutboxPage' });
export type MailPage = z.infer<typeof mailPage>;

export const mailView = mailItem.extend({ text: z.string(), html: z.string() }).meta({ id: 'OutboxMail' });
export type MailView = z.infer<typeof mailView>;
