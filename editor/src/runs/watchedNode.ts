import type { Definition, PublicNode } from '../api/types.js';
import type { LiveRun } from '../canvas/liveRun.js';

/** The step worth watching: the one that failed, else the one at work, else the last that thought, else the last. */
export function watchedNode(
  run: LiveRun | null,
  definition: Definition,
  types: ReadonlyMap<string, PublicNode>,
): string | null {
  const steps = [...(run?.steps.values() ?? [])].filter((step) => step.status !== 'skipped');
  const failed = steps.find((step) => step.status === 'failed');
  const running = steps.findLast((step) => step.status === 'running');
  const groups = new Map(definition.nodes.map((node) => [node.id, types.get(node.type)?.group]));
  const thought = steps.findLast((step) => groups.get(step.nodeId) === 'agent' && step.model !== null);
  return (failed ?? running ?? thought ?? steps.at(-1))?.nodeId ?? null;
}
