import * as Y from 'yjs';
import { limits } from '#engine/graph/definition.js';
import { Refused } from './closeCodes.js';
import type { Id, Inspected, Made } from './inspect.js';

/** Levels of a node above its config: the root, the node, the config. */
const DEEPEST = limits.configDepth + 12;

/**
 * Refuses an update that nests containers deeper than any definition goes: Yjs deletes what is nested by recursion, and a deep enough
 * nest would end the process. `doc` is what the update builds on.
 */
export function checkDepth(doc: Y.Doc, { made }: Inspected): void {
  const byLast = new Map(made.map((each) => [keyOf(each.client, each.last), each]));
  const depths = new Map<Made, number>();
  for (const each of made) if (depthOf(doc, each, byLast, depths) > DEEPEST) throw tooDeep();
}

const tooDeep = (): Refused => new Refused('refused', 'nested too deep');
const keyOf = (client: number, clock: number): string => `${client}:${clock}`;

/** How many containers something stands in. Followed by a loop, not by recursion: that is what is being guarded against. */
function depthOf(doc: Y.Doc, made: Made, byLast: ReadonlyMap<string, Made>, depths: Map<Made, number>): number {
  const way: Made[] = [];
  let at: Made | undefined = made;
  let depth = 0;
  while (at && !depths.has(at)) {
    way.push(at);
    // Until it is known: what leads back to itself stands nowhere.
    depths.set(at, 0);
    if (!at.next) {
      depth = 0;
      at = undefined;
    } else {
      const next: Made | undefined = byLast.get(keyOf(at.next.client, at.next.clock));
      if (!next) depth = depthIn(doc, at.next);
      at = next;
    }
  }
  if (at) depth = depths.get(at) ?? 0;
  for (const each of way.toReversed()) {
    if (each.next && !each.isBeside) depth += 1;
    depths.set(each, depth);
  }
  return depth;
}

/** How many containers something that is in the document already stands in. */
function depthIn(doc: Y.Doc, { client, clock }: Id): number {
  if (clock >= Y.getState(doc.store, client)) return 0;
  const struct = Y.getItem(doc.store, Y.createID(client, clock));
  let depth = 0;
  let parent = struct instanceof Y.Item ? struct.parent : null;
  while (parent instanceof Y.AbstractType && parent._item && depth <= DEEPEST) {
    depth += 1;
    parent = parent._item.parent;
  }
  return depth;
}
