import { z } from 'zod';
import { messageLimits } from '#nodes/sdk/message.js';

export const mediaQuery = z.strictObject({
  link: z
    .string()
    .min(1)
    .max(messageLimits.link)
    .meta({ description: 'A public address that begins with `https://`', example: 'https://example.com/cake.jpg' }),
});
