import type { PlannedNode } from '#engine/compile/plan.js';
import { inputFrom, isLive, SKIPPED, type Settled } from '#engine/graph/levels.js';
import type { Execution } from './execution.js';
import { runStep } from './step.js';
import type { Frame, RunLevel } from './frame.js';

/**
 * Runs nodes of one level, given in topological order, as data flow: each starts when all above it are settled, so that no branch waits
 * for another. Fills `frame`; a node is left without a result while it, or one above it, waits. Throws the first failure, after the
 * steps that were under way have ended.
 */
export async function flow(execution: Execution, nodes: readonly PlannedNode[], frame: Frame): Promise<void> {
  const running = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  const inside: RunLevel = (body, round) => flow(execution, body, round);
  for (const node of nodes) {
    const above = running.size > 0 ? node.incoming.flatMap((edge) => running.get(edge.from.node) ?? []) : [];
    const step = above.length > 0 ? Promise.all(above).then(() => start(node)) : start(node);
    // A step that finished at once needs no promise and no turn of the event loop.
    if (step) running.set(node.id, step);
  }
  await Promise.all(running.values());
  if (failures.length > 0) throw failures[0];

  function start(node: PlannedNode): Promise<void> | undefined {
    if (failures.length > 0) return undefined;
    if (frame.signal.aborted) {
      failures.push(frame.signal.reason);
      return undefined;
    }
    if (node.incoming.some((edge) => !frame.results.has(edge.from.node))) return undefined;
    try {
      const result = settle(execution, node, frame, inside);
      if (!(result instanceof Promise)) {
        keep(frame, node.id, result);
        return undefined;
      }
      return result.then(
        (settled) => keep(frame, node.id, settled),
        (error: unknown) => void failures.push(error),
      );
    } catch (error) {
      failures.push(error);
      return undefined;
    }
  }
}

/** `null`: the step waits. */
function settle(
  execution: Execution,
  node: PlannedNode,
  frame: Frame,
  inside: RunLevel,
): Settled | null | Promise<Settled | null> {
  const path = frame.prefix + node.id;
  if (execution.isOtherTrigger(node)) return SKIPPED;
  const recalled = execution.recall(path);
  if (recalled) {
    if (recalled.port !== null) execution.countStep();
    return recalled;
  }
  if (isLive(node.incoming, frame.results)) {
    const pinned = execution.pinned(node.id);
    return pinned ? standIn(execution, node, frame, path, pinned) : runStep(execution, node, frame, path, inside);
  }
  execution.records.step({
    node,
    path,
    attempt: execution.nextAttempt(path),
    status: 'skipped',
    port: null,
    input: null,
    output: null,
    error: null,
    startedAt: execution.records.moment(),
    durationMs: 0,
    spent: null,
  });
  return SKIPPED;
}

/** A pinned node: on record like any other, without having been executed. */
function standIn(execution: Execution, node: PlannedNode, frame: Frame, path: string, pinned: Settled): Settled {
  execution.countStep();
  execution.records.step({
    node,
    path,
    attempt: execution.nextAttempt(path),
    status: 'succeeded',
    port: pinned.port,
    input: node.type.kind === 'trigger' ? execution.run.input : inputFrom(node.incoming, frame.results),
    output: pinned.value,
    error: null,
    startedAt: execution.records.moment(),
    durationMs: 0,
    spent: null,
  });
  return pinned;
}

function keep(frame: Frame, id: string, result: Settled | null): void {
  if (!result) return;
  frame.results.set(id, result);
  if (result.port !== null) frame.steps[id] = result.value;
}
