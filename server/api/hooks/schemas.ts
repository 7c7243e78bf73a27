import { z } from 'zod';
import { anyJson, id } from '../common.js';

export const hookParams = z.strictObject({ token: z.string().min(1).max(300) });
/** Any JSON: the run finds it as `trigger.body`. */
export const hookBody = anyJson.optional();
/** The run finds it as `trigger.query`. */
export const hookQuery = z.record(z.string().max(200), z.string().max(2_000));
export const hookAccepted = z.object({ run: z.object({ id }) }).meta({ id: 'WebhookAccepted' });

export const eventQuery = z.strictObject({
  key: z.string().max(200).optional().meta({
    description: 'What ties the event to a run, as the waiting node was given it; absent, the `key` in the body',
  }),
  id: z.string().min(1).max(200).optional().meta({
    description: "The other system's own name for the event: sent again under it, it counts once",
  }),
});
export const eventAccepted = z
  .object({ waiting: z.int().meta({ description: 'How many runs go on with it; with none it is kept for a day' }) })
  .meta({ id: 'EventAccepted', examples: [{ waiting: 1 }] });

export const hooksView = z
  .object({
    items: z
      .array(
        z.object({
          nodeId: z.string(),
          does: z
            .enum(['start', 'report'])
            .meta({ description: '`start`: a call begins a run. `report`: a call is what runs at that node wait for' }),
          /** Path below the host. Whoever has it may use it. */
          path: z.string(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'DepartmentWebhookList' });
export type HooksView = z.infer<typeof hooksView>;
