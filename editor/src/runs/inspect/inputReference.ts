import type { Definition } from '../../api/types.js';
import { stepReference } from '../reference.js';
import type { NodeFacts } from '../timeline/nodesOf.js';
import type { TimelineRow } from '../timeline/rows.js';

/**
 * The expression that gives what a step received: what started the run for a trigger, else the one step whose way led here. With several
 * of them the input is an object of their values by id, which is what `steps` is. `null` inside a container that got it from outside.
 */
export function inputReference(
  row: TimelineRow,
  rows: readonly TimelineRow[],
  definition: Definition,
  factsOf: (nodeId: string) => NodeFacts,
): string | null {
  if (factsOf(row.nodeId).type?.kind === 'trigger') return 'trigger';
  const prefix = row.path.slice(0, row.path.length - row.nodeId.length);
  const taken = definition.edges.filter(({ from, to }) => {
    if (to.node !== row.nodeId) return false;
    const before = rows.find(({ kind, path }) => kind !== 'lap' && path === prefix + from.node);
    return before?.tries.at(-1)?.port === from.port;
  });
  const sources = [...new Set(taken.map(({ from }) => from.node))];
  const [only] = sources;
  if (only === undefined) return null;
  return sources.length === 1 ? stepReference(only) : 'steps';
}
