import { z } from 'zod';
import { givenName, id, listQuery, page, time } from '../common.js';

export const channelView = z
  .object({
    id,
    kind: z.enum(['whatsapp', 'simulator']),
    departmentId: id,
    name: z.string(),
    /** WhatsApp's phone number id; absent for the simulator. */
    phoneNumberId: z.string().optional(),
    createdAt: time,
  })
  .meta({ id: 'Channel' });
export type ChannelView = z.infer<typeof channelView>;
export const channelsPage = page(channelView);

export const simulatorCreate = z
  .strictObject({
    departmentId: id,
    version: z.literal('draft').optional().meta({
      description: '`draft`: the draft answers, as it stands when a message is written; absent, what is live',
    }),
  })
  .meta({ id: 'SimulatorCreate' });
export type SimulatorCreate = z.infer<typeof simulatorCreate>;

export const whatsappCreate = z
  .strictObject({
    /** From Meta's "API setup" page; digits only. */
    phoneNumberId: z.string().regex(/^\d{1,32}$/),
    /** A token of a system user, so that it does not expire. Sealed; never shown again. */
    accessToken: z
      .string()
      .min(1)
      .max(2_000)
      // It travels in a header.
      .regex(/^[\x20-\x7e]*$/),
    businessAccountId: z
      .string()
      .regex(/^\d{1,32}$/)
      .optional(),
    departmentId: id,
    name: givenName(120).optional(),
  })
  .meta({ id: 'WhatsAppCreate' });
export type WhatsAppCreate = z.infer<typeof whatsappCreate>;

export const channelsQuery = listQuery.extend({
  departmentId: id.optional(),
  kind: z.enum(['whatsapp', 'simulator']).optional(),
});
export type ChannelsQuery = z.infer<typeof channelsQuery>;
