import { z } from 'zod';
import { messageLimits } from '#nodes/sdk/message.js';

export const mediaQuery = z.strictObject({
  /** A public address that begins with `https://`. */
  link: z.string().min(1).max(messageLimits.link),
});
