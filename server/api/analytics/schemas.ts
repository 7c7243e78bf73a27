import { z } from 'zod';
import { time, timeAsked } from '../common.js';

/** From when to count; the start of today in the organization's time zone when absent. At most 31 days back. */
export const overviewQuery = z.strictObject({ from: timeAsked.optional() });
export type OverviewQuery = z.infer<typeof overviewQuery>;

export const overview = z
  .object({
    from: time,
    conversations: z.int(),
    /** Customers' messages that a department answered. */
    messagesAnswered: z.int(),
    handedOff: z.int(),
    /** From a customer's message to the answer, milliseconds. */
    medianAnswerMs: z.number().nullable(),
    /** Millionths of a US dollar. */
    costMicros: z.int(),
    /** One entry for each half hour since `from`, oldest first. */
    halfHours: z.array(z.object({ at: time, answered: z.int(), handedOff: z.int() })).readonly(),
  })
  .meta({ id: 'AnalyticsOverview' });
export type Overview = z.infer<typeof overview>;

export const trafficQuery = z.strictObject({
  version: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_147_483_647)
    .optional()
    .meta({ description: 'Number of the version; the live one when absent' }),
  hours: z.coerce
    .number()
    .int()
    .min(1)
    .max(168)
    .default(24)
    .meta({ description: 'How far back, in hours, up to a week' }),
});
export type TrafficQuery = z.infer<typeof trafficQuery>;

export const traffic = z
  .object({
    /** Null when no version was ever published. */
    version: z.int().nullable(),
    from: time,
    to: time,
    /** Real ones: no draft, no rehearsal, none of the simulator. */
    runs: z.int(),
    failedRuns: z.int(),
    /** False when there were more than the newest 20,000 that are counted. */
    complete: z.boolean(),
    nodes: z
      .array(
        z.object({
          nodeId: z.string(),
          /** Executions that ended; inside a container one for each lap. */
          count: z.int(),
          failures: z.int(),
          /** Executions that took more than one try. */
          retried: z.int(),
          /** Executions that wait right now. */
          waiting: z.int(),
          /** Milliseconds of the last try, waits not counted. */
          p50Ms: z.number().nullable(),
          p95Ms: z.number().nullable(),
          /** How often it left by each port. */
          ways: z.array(z.object({ port: z.string(), count: z.int() })).readonly(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Traffic' });
export type Traffic = z.infer<typeof traffic>;
