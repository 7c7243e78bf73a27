import { z } from 'zod';
import { anyJson, id } from '../common.js';

export const hookParams = z.strictObject({ token: z.string().min(1).max(300) });
/** Any JSON: the run finds it as `trigger.body`. */
export const hookBody = anyJson.optional();
/** The run finds it as `trigger.query`. */
export const hookQuery = z.record(z.string().max(200), z.string().max(2_000));
export const hookAccepted = z.object({ run: z.object({ id }) }).meta({ id: 'WebhookAccepted' });

export const hooksView = z
  .object({
    items: z
      .array(
        z.object({ nodeId: z.string(), /** Path below the host. Whoever has it may start a run. */ path: z.string() }),
      )
      .readonly(),
  })
  .meta({ id: 'DepartmentWebhookList' });
export type HooksView = z.infer<typeof hooksView>;
