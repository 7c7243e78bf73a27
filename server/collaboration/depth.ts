import * as Y from 'yjs';
import { limits } from '#engine/graph/definition.js';
import { Refused } from './closeCodes.js';
import type { Id, Inspected, Made } from './inspect.js';
import { Places } from './places.js';

/** Levels of a node above its config: the root, the node, the config. */
const DEEPEST = limits.configDepth + 12;

/**
 * Refuses an update that nests containers deeper than any definition goes: Yjs deletes what is nested by recursion, and a deep enough
 * nest would end the process. `doc` is what the update builds on.
 */
export function checkDepth(doc: Y.Doc, { made }: Inspected): void {
  const places = new Places(doc, made);
  const depths = new Map<Made, number>();
  for (const each of made) if (depthOf(places, each, depths) > DEEPEST) throw new Refused('refused', 'nested too deep');
}

/** How many containers something stands in. Followed by a loop, not by recursion: that is what is being guarded against. */
function depthOf(places: Places, made: Made, depths: Map<Made, number>): number {
  const way: Made[] = [];
  let at: Made | undefined = made;
  let depth = 0;
  while (at && !depths.has(at)) {
    way.push(at);
    // Until it is known: what leads back to itself stands nowhere.
    depths.set(at, 0);
    const next = nextOf(at);
    const made: Made | undefined = next ? places.made(next) : undefined;
    if (!made) depth = next ? depthIn(places, next) : 0;
    at = made;
  }
  if (at) depth = depths.get(at) ?? 0;
  for (const each of way.toReversed()) {
    if (!besideOf(each) && nextOf(each)) depth += 1;
    depths.set(each, depth);
  }
  return depth;
}

const besideOf = ({ origin, rightOrigin }: Made): Id | null => origin ?? rightOrigin;
/** What it stands next to, or in; `null` for what stands right in a root. */
const nextOf = (made: Made): Id | null => besideOf(made) ?? (typeof made.parent === 'string' ? null : made.parent);

/** How many containers something that is in the document already stands in. */
function depthIn(places: Places, id: Id): number {
  let depth = 0;
  let parent = places.item(id)?.parent ?? null;
  while (parent instanceof Y.AbstractType && parent._item && depth <= DEEPEST) {
    depth += 1;
    parent = parent._item.parent;
  }
  return depth;
}
