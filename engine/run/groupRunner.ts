import type { GroupRunner } from '#engine/compile/compile.js';
import type { Execution } from './execution.js';
import { flow } from './flow.js';
import { stepValues, type Frame } from './frame.js';

/** What the compiled graph calls to run the groups of one run. */
export const groupRunner = (execution: Execution): GroupRunner => ({
  async runGroup(nodes, settled, answers) {
    execution.answered(answers);
    const results = new Map(settled);
    const steps = stepValues(settled);
    const frame: Frame = { prefix: '', results, steps, item: undefined, index: undefined, signal: execution.signal };
    try {
      await flow(
        execution,
        nodes.filter((node) => !settled.has(node.id)),
        frame,
      );
    } catch (error) {
      // Kept because LangGraph may wrap what is thrown through it.
      execution.failure ??= error;
      throw error;
    } finally {
      for (const [id, result] of results) execution.results.set(id, result);
    }
    return new Map(
      nodes.flatMap((node) => {
        const result = results.get(node.id);
        return result ? [[node.id, result] as const] : [];
      }),
    );
  },
});
