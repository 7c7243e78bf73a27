import { z } from 'zod';
import { givenName, id, locale, page, time } from '../common.js';

export const sourceView = z
  .object({
    id,
    title: z.string(),
    kind: z.enum(['text', 'url', 'file']),
    locale,
    status: z.enum(['reading', 'ready', 'failed']),
    error: z.string().nullable(),
    /** How many passages it was cut into. */
    passages: z.int(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'KnowledgeSource' });
export type SourceView = z.infer<typeof sourceView>;
export const sourceWithContent = sourceView.extend({ text: z.string() }).meta({ id: 'KnowledgeSourceWithText' });
export type SourceWithContent = z.infer<typeof sourceWithContent>;
export const sourcesPage = page(sourceView);

export const sourceCreate = z
  .strictObject({
    title: givenName(200),
    kind: z.literal('text').optional(),
    /** Plain text or Markdown. `content` is the same under another name: one of them. */
    text: z.string().min(1).max(500_000).optional(),
    content: z.string().min(1).max(500_000).optional(),
    locale: locale.optional(),
  })
  .refine(({ text, content }) => (text === undefined) !== (content === undefined), {
    path: ['text'],
    message: 'give the text, once',
  })
  .meta({ id: 'KnowledgeSourceCreate', examples: [{ title: 'Horários', text: 'Abrimos às 6h.' }] });
export type SourceCreate = z.infer<typeof sourceCreate>;

export const searchBody = z
  .strictObject({
    query: z.string().trim().min(1).max(1_000),
    limit: z.int().min(1).max(20).default(5),
  })
  .meta({ id: 'KnowledgeSearch', examples: [{ query: 'vocês entregam no domingo?', limit: 3 }] });
export type SearchBody = z.infer<typeof searchBody>;

export const passageView = z
  .object({
    id: z.string(),
    sourceId: id,
    title: z.string(),
    text: z.string(),
    /** 0..1, higher is nearer. */
    score: z.number(),
    updatedAt: time,
  })
  .readonly()
  .meta({ id: 'Passage' });
export const passagesView = z.object({ items: z.array(passageView).readonly() }).meta({ id: 'PassageList' });
export type PassagesView = z.infer<typeof passagesView>;
