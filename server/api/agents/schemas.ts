import { z } from 'zod';
import { id, page } from '../common.js';

export const agentView = z
  .object({
    departmentId: id,
    departmentName: z.string(),
    nodeId: z.string(),
    type: z.string(),
    title: z.string(),
    /** Finished executions, failures included. */
    runs: z.int(),
    failures: z.int(),
    medianMs: z.number().nullable(),
    tokens: z.object({ input: z.int(), output: z.int() }),
    /** Millionths of a US dollar. */
    costMicros: z.int(),
  })
  .meta({ id: 'Agent' });
export type AgentView = z.infer<typeof agentView>;
export const agentsPage = page(agentView);
export type AgentsPage = z.infer<typeof agentsPage>;
