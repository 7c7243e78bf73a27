import { z } from 'zod';
import { definitionView, problem } from '../common.js';
import { diffView } from '../departments/schemas.js';

export const proposalCreate = z
  .strictObject({
    request: z.string().trim().min(1).max(2_000).meta({ description: 'What should change, in Portuguese or English' }),
  })
  .meta({ id: 'ProposalCreate', examples: [{ request: 'Ponha "Espera um tempo" depois de "Sente o clima"' }] });
export type ProposalCreate = z.infer<typeof proposalCreate>;

export const proposalView = z
  .object({
    /** In one or two sentences. */
    summary: z.string(),
    /** The draft that it was made for, and what it would become. Nothing is stored. */
    base: definitionView,
    proposed: definitionView,
    diff: diffView,
    problems: z.array(problem).readonly().meta({
      description: 'What is left to fill in before it can be published. Anything else that is wrong is refused',
    }),
    /** The sandbox answered: no model is connected. */
    sandbox: z.boolean(),
    /** Millionths of a US dollar. */
    costMicros: z.int(),
  })
  .meta({ id: 'Proposal' });
export type ProposalView = z.infer<typeof proposalView>;
