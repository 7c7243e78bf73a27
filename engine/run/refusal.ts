import type { PlannedNode } from '#engine/compile/plan.js';
import type { StepError } from '#engine/graph/events.js';
import type { Settled } from '#engine/graph/levels.js';
import { engineErrors } from './errors.js';

/**
 * Why what was to undo a step did not: whoever was asked outside refused, so it left by another way than its first, and nothing leads on from there that
 * could do something about it. `null` of one that undid it.
 */
export function refusalOf({ type }: PlannedNode, { port }: Settled): StepError | null {
  return type.kind === 'effect' && port !== type.outputs[0]?.name ? engineErrors.undoingRefused() : null;
}
