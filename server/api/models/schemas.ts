import { z } from 'zod';
import { page } from '../common.js';

export const modelView = z
  .object({
    /** What a step's `model` holds. */
    id: z.string(),
    provider: z.string(),
    /** US dollars for a million tokens; `null` where no price is known. */
    price: z.object({ input: z.number(), output: z.number() }).readonly().nullable(),
    /** What it does when no step chooses: `write`, `reason` or `classify`. */
    roles: z.array(z.enum(['write', 'reason', 'classify'])).readonly(),
    /** There is a key under which it would be asked. Without one the sandbox answers, whatever a step chooses. */
    available: z.boolean(),
  })
  .meta({ id: 'Model' });

export const modelsPage = page(modelView).meta({ id: 'ModelPage' });
