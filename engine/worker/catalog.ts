import { z } from 'zod';
import type { Priority } from '#engine/graph/statuses.js';

const id = z.uuid();

/**
 * Every kind of job: the queue it travels on, or the line where there are any, and what it carries. A job carries ids only; whoever takes it reloads the rest from
 * PostgreSQL, so that a job that is lost, doubled or late never says anything false.
 */
export const jobs = {
  run: { queue: 'runs', schema: z.strictObject({ runId: id, organizationId: id }) },
  /** The same for an organization that has hardly anything under way: these have workers' room of their own, which no flood of others can fill. */
  firstRun: { queue: 'first-runs', schema: z.strictObject({ runId: id, organizationId: id }) },
  /** Some of its runs wait in PostgreSQL, and whoever hears of it begins those that it has room for. */
  waiting: { queue: 'waiting', line: true, schema: z.strictObject({ organizationId: id }) },
  inbound: { queue: 'inbound', line: true, schema: z.strictObject({ eventId: id }) },
  /** The same from whom little has come of late. */
  firstInbound: { queue: 'first-inbound', line: true, schema: z.strictObject({ eventId: id }) },
  index: { queue: 'knowledge', schema: z.strictObject({ sourceId: id, organizationId: id }) },
  deliver: { queue: 'outbound', schema: z.strictObject({ messageId: id, organizationId: id }) },
} as const;

export type JobName = keyof typeof jobs;
export type JobData<Name extends JobName> = z.output<(typeof jobs)[Name]['schema']>;

/** Lost like any other, it is found by a sweep within moments: it may go over a line. */
export const isLine = (name: JobName): boolean => 'line' in jobs[name];

export interface JobOptions {
  /** At most one job of an id is known to the queue. No `:`, not an integer (BullMQ). */
  readonly jobId?: string;
  /** 0 goes first; the numbers of `priorityOf`, or the places of what arrives. */
  readonly priority?: number;
}

/** Id of the job that wakes a worker for this try of a run. `attempts` counts lost workers, so a new try never meets the old job. */
export const runJobId = (runId: string, attempts: number): string => `run_${runId}_${attempts}`;

const numbers = { high: 0, normal: 1, low: 2 } as const satisfies Record<Priority, number>;

/** As stored in `runs.priority` and given to BullMQ, where jobs without a priority (0) go before all others. */
export const priorityOf = (priority: Priority): number => numbers[priority];
