import { z } from 'zod';
import { priorities, runStatuses, stepStatuses } from '#engine/graph/statuses.js';
import { anyJson, id, listQuery, page, time } from '../common.js';

export const stepError = z
  .object({
    code: z.string(),
    message: z.string(),
    /** Who must act. */
    actor: z.enum(['author', 'provider', 'platform', 'caller']),
    retryable: z.boolean(),
  })
  .readonly();

export const stepView = z
  .object({
    nodeId: z.string(),
    /** The node id, with `#<round>/` for each container around it. */
    path: z.string(),
    status: z.enum(stepStatuses),
    attempt: z.int(),
    port: z.string().nullable(),
    input: anyJson,
    output: anyJson,
    error: stepError.nullable(),
    startedAt: time.nullable(),
    durationMs: z.number().nullable(),
    tokens: z.object({ input: z.int(), output: z.int() }).readonly(),
    /** Millionths of a US dollar. */
    cost: z.object({ micros: z.int(), currency: z.literal('USD') }).readonly(),
    model: z.string().nullable(),
  })
  .readonly()
  .meta({ id: 'Step' });

export const runView = z
  .object({
    id,
    departmentId: id,
    conversationId: id.nullable(),
    status: z.enum(runStatuses),
    /** The version it is pinned to; null when it tries a draft. */
    version: z.int().nullable(),
    priority: z.enum(priorities),
    input: anyJson,
    output: anyJson,
    error: anyJson,
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Run' });
export type RunView = z.infer<typeof runView>;

export const waitView = z
  .object({
    path: z.string(),
    kind: z.enum(['contact', 'member', 'time']),
    question: anyJson,
    wakeAt: time.nullable(),
  })
  .meta({ id: 'Wait' });
export type WaitView = z.infer<typeof waitView>;

export const runWithSteps = runView
  .extend({ steps: z.array(stepView).readonly(), waits: z.array(waitView).readonly() })
  .meta({ id: 'RunWithSteps' });
export type RunWithSteps = z.infer<typeof runWithSteps>;

export const runsPage = page(runView);
export type RunsPage = z.infer<typeof runsPage>;
export const runAccepted = z.object({ run: runView }).meta({ id: 'RunAccepted' });

export const runsQuery = listQuery.extend({
  departmentId: id.optional(),
  conversationId: id.optional(),
  status: z.enum(runStatuses).optional(),
});
export type RunsQuery = z.infer<typeof runsQuery>;

export const resumeBody = z
  .strictObject({
    value: anyJson,
    /** Which question is answered, when several are open. */
    path: z.string().max(400).optional(),
  })
  .meta({ id: 'ResumeBody', examples: [{ value: 'approved' }] });
export type ResumeBody = z.infer<typeof resumeBody>;
