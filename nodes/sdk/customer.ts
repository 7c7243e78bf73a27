import { z } from 'zod';
import type { ChatMessage, NodeContext } from './context.js';
import { detail } from './details.js';
import { NodeError } from './errors.js';
import type { Json } from './json.js';
import { detectLocale } from './language.js';
import type { Locale } from './text.js';
import { messageTriggerInput, type MessageTriggerInput } from './triggerInput.js';

/** Longest message that is shown to a model, in characters. WhatsApp's own limit is 4,096. */
const MESSAGE_LIMIT = 8_000;

/** The customer's message that started the run, when one did. */
export function triggerMessage(trigger: Json): MessageTriggerInput | null {
  const parsed = messageTriggerInput.safeParse(trigger);
  return parsed.success ? parsed.data : null;
}

/** What a run started by hand may bring instead of a whole message. */
const written = z.object({ text: z.string() });

/**
 * The text a node works on: what the author filled in, else the `text` that started the run, cut at 8,000 characters.
 * Throws `nothing_to_read` (author) when there is neither.
 */
export function textToRead(ctx: NodeContext, configured: string | undefined): string {
  const text = configured?.trim() || written.safeParse(ctx.trigger).data?.text.trim() || '';
  if (text !== '') return text.slice(0, MESSAGE_LIMIT);
  throw new NodeError(detail('customer.no_text'), {
    code: 'nothing_to_read',
    actor: 'author',
    retryable: false,
  });
}

/** The language to write to the customer in: that of the text, else the one remembered, else the conversation's, else the organization's. */
export async function customerLocale(ctx: NodeContext, text: string): Promise<Locale> {
  const detected = detectLocale(text);
  if (detected !== null) return detected;
  const contact = await ctx.contacts.get();
  return contact?.locale ?? ctx.conversation?.locale ?? ctx.organization.locale;
}

/** The conversation as a model reads it: the last `limit` messages before this one (0 for none), then `text`. */
export async function chatMessages(ctx: NodeContext, text: string, limit: number): Promise<ChatMessage[]> {
  const history = limit > 0 && ctx.conversation !== null ? await ctx.conversation.history(limit) : [];
  const before = history.flatMap((message): ChatMessage[] => {
    if (message.author === 'system' || message.text === '') return [];
    return [{ role: message.author === 'contact' ? 'user' : 'assistant', content: message.text }];
  });
  return [...before, { role: 'user', content: text }];
}

/** The business in its owner's words, for `Material.business`. */
export const businessOf = (ctx: NodeContext): string => `${ctx.organization.name}\n${ctx.organization.profile}`.trim();
