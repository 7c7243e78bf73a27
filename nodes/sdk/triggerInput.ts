import { z } from 'zod';

/** Kinds of customer message that a department can be started by. Anything else is `unsupported`. */
export const messageKinds = [
  'text',
  'button',
  'list',
  'image',
  'audio',
  'video',
  'document',
  'sticker',
  'location',
  'contacts',
  'reaction',
  'unsupported',
] as const;

/** Those whose text a department can read. */
export const isReadable = (kind: string): boolean => ['text', 'button', 'list'].includes(kind);

/** Input of a run started by a customer's message (WhatsApp or the simulator); a manual run may give the same by hand. */
export const messageTriggerInput = z.object({
  text: z.string(),
  kind: z.enum(messageKinds),
  /** Set when the customer tapped a button or a list row: the id we gave it. */
  buttonId: z.string().optional(),
  contact: z.object({ id: z.string(), name: z.string().nullable() }),
  conversation: z.object({ id: z.string() }),
  message: z.object({ id: z.string() }),
});
export type MessageTriggerInput = z.infer<typeof messageTriggerInput>;
