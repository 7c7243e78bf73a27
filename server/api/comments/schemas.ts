import { z } from 'zod';
import { nodeIdPattern } from '#engine/graph/definition.js';
import { author, id, listQuery, page, time } from '../common.js';

const text = z.string().trim().min(1).max(5_000);
/** People of the organization who see the department; each is told once by mail. */
const mentions = z.array(id).max(20).default([]);

export const commentView = z
  .object({
    id,
    author,
    text: z.string(),
    mentions: z.array(author).readonly(),
    createdAt: time,
    editedAt: time.nullable(),
  })
  .meta({ id: 'Comment' });
export type CommentView = z.infer<typeof commentView>;

export const threadView = commentView
  .extend({
    /** The node it is pinned to, which may be gone by now; `null`: the department as a whole. */
    nodeId: z.string().nullable(),
    resolvedAt: time.nullable(),
    resolvedBy: author.nullable(),
    /** The first 200 answers, oldest first. */
    replies: z.array(commentView).readonly(),
  })
  .meta({ id: 'CommentThread' });
export type ThreadView = z.infer<typeof threadView>;
export const threadsPage = page(threadView);
export type ThreadsPage = z.infer<typeof threadsPage>;

export const threadsQuery = listQuery.extend({
  /** Only those that are, or are not, resolved. */
  resolved: z.enum(['true', 'false']).optional(),
  nodeId: z.string().max(64).optional(),
});
export type ThreadsQuery = z.infer<typeof threadsQuery>;

export const threadCreate = z
  .strictObject({ text, mentions, nodeId: z.string().regex(nodeIdPattern).optional() })
  .meta({ id: 'CommentThreadCreate', examples: [{ text: 'Aqui falta o horário de domingo', nodeId: 'answer' }] });
export type ThreadCreate = z.infer<typeof threadCreate>;
export const replyCreate = z
  .strictObject({ text, mentions })
  .meta({ id: 'CommentCreate', examples: [{ text: 'Feito' }] });
export type ReplyCreate = z.infer<typeof replyCreate>;
export const commentPatch = z
  .strictObject({ text: text.optional(), resolved: z.boolean().optional() })
  .refine((patch) => Object.keys(patch).length > 0, { message: 'give what is to change' })
  .meta({ id: 'CommentPatch', examples: [{ resolved: true }] });
export type CommentPatch = z.infer<typeof commentPatch>;

export const commentParams = z.strictObject({ id, commentId: id });
