import { z } from 'zod';
import { anyJson, id, listQuery, locale, page, time } from '../common.js';

export const messageView = z
  .object({
    id,
    conversationId: id,
    direction: z.enum(['in', 'out']),
    author: z.enum(['contact', 'team', 'person', 'system']),
    kind: z.string(),
    text: z.string(),
    buttons: z.array(z.object({ id: z.string(), title: z.string() }).readonly()).readonly(),
    list: anyJson,
    /** What a message of ours carries beside its words, by a public link. */
    media: z
      .object({
        kind: z.enum(['image', 'video', 'audio', 'document']),
        link: z.string(),
        name: z.string().nullable(),
      })
      .readonly()
      .nullable(),
    /** Passages the answer rests on; the customer never sees them. */
    sources: z.array(z.object({ title: z.string(), passageId: z.string() }).readonly()).readonly(),
    status: z.enum(['received', 'queued', 'sent', 'delivered', 'read', 'played', 'failed', 'uncertain']),
    error: z.string().nullable(),
    runId: id.nullable(),
    changed: z
      .enum(['edited', 'deleted'])
      .nullable()
      .meta({ description: 'What the customer did to it afterwards. Of one that they deleted the text is empty' }),
    changedAt: time.nullable().meta({ description: 'When they did, by the clock of the channel' }),
    createdAt: time,
  })
  .readonly()
  .meta({ id: 'Message' });
export type MessageView = z.infer<typeof messageView>;

export const conversationView = z
  .object({
    id,
    channel: z.object({ id, kind: z.enum(['whatsapp', 'simulator']) }),
    contact: z.object({ id, name: z.string().nullable() }),
    departmentId: id,
    status: z.enum(['open', 'closed']),
    /** `team`: the department answers. `person`: it is quiet and somebody must. */
    handler: z.enum(['team', 'person']),
    assignedTo: id.nullable(),
    handoffReason: z.string().nullable(),
    handoffSummary: z.string().nullable(),
    locale,
    lastInboundAt: time.nullable(),
    lastMessageAt: time.nullable(),
    lastMessage: messageView.nullable(),
  })
  .meta({ id: 'Conversation' });
export type ConversationView = z.infer<typeof conversationView>;
export const conversationsPage = page(conversationView);
export type ConversationsPage = z.infer<typeof conversationsPage>;
export const messagesPage = page(messageView);
export type MessagesPage = z.infer<typeof messagesPage>;

export const conversationsQuery = listQuery.extend({
  channelId: id.optional(),
  departmentId: id.optional(),
  handler: z.enum(['team', 'person']).optional(),
  status: z.enum(['open', 'closed']).optional(),
});
export type ConversationsQuery = z.infer<typeof conversationsQuery>;

export const answerBody = z
  .strictObject({ text: z.string().trim().min(1).max(4_096) })
  .meta({ id: 'AnswerBody', examples: [{ text: 'Oi! Aqui é a Lúcia, já te respondo.' }] });
export type AnswerBody = z.infer<typeof answerBody>;
