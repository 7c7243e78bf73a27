import { z } from 'zod';
import { time } from '../common.js';

/** From when to count; the start of today in the organization's time zone when absent. At most 31 days back. */
export const overviewQuery = z.strictObject({ from: time.optional() });
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
