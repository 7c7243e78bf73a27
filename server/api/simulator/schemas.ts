import { z } from 'zod';
import { id } from '../common.js';

export const simulatorParams = z.strictObject({ channelId: id });

export const simulatorMessage = z
  .strictObject({
    /** Who writes: any name for the customer's phone. The same one is the same customer. */
    from: z.string().trim().min(1).max(64),
    text: z.string().min(1).max(4_096),
    name: z.string().trim().min(1).max(120).optional(),
    /** The customer tapped this button or list row of ours. */
    buttonId: z.string().max(256).optional(),
  })
  .meta({ id: 'SimulatorMessage', examples: [{ from: '5581999990001', text: 'Que horas vocês abrem?' }] });
export type SimulatorMessage = z.infer<typeof simulatorMessage>;

export const simulatorAccepted = z
  .object({ conversation: z.object({ id }), message: z.object({ id }) })
  .meta({ id: 'SimulatorAccepted' });
export type SimulatorAccepted = z.infer<typeof simulatorAccepted>;
