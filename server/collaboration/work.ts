import type * as Y from 'yjs';
import type { Id, Inspected, Made } from './inspect.js';
import { Places, type Sequence } from './places.js';

/** Counting stops here: nobody is let in with so much. */
const ENOUGH = 2_000_000;

/** Taking out may break what stands there in two, and makes room for that in one long list of everything. */
const STEPS_OF_A_DELETION = 10;

export interface Work {
  /** Steps that Yjs may take to find where everything belongs. */
  readonly steps: number;
  /** Parts of the longest sequence that was met. */
  readonly longest: number;
  /** Parts made where the document has not got to yet. */
  readonly ahead: number;
}

/**
 * How much an update may cost to take in. Where several write at the same place at once, Yjs goes through all that is between the two
 * neighbours each of them saw (`Item.integrate`), so an update whose parts claim neighbours far apart costs the square of its size: 100 KB
 * of it would stop everything for a minute. What is written where nobody else wrote meanwhile costs nothing.
 */
export function workOf(doc: Y.Doc, { made, deletes }: Inspected, longestKnown: number): Work {
  const places = new Places(doc, made);
  const bySequence = new Map<string, { sequence: Sequence; made: Made[] }>();
  for (const each of made) {
    const sequence = places.sequence(each);
    const known = bySequence.get(sequence.name);
    if (known) known.made.push(each);
    else bySequence.set(sequence.name, { sequence, made: [each] });
  }
  let [steps, longest, ahead] = [deletes * STEPS_OF_A_DELETION, 0, 0];
  for (const { sequence, made: own } of bySequence.values()) {
    if (sequence.type === null) ahead += own.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    const astray = countAstray(places, sequence, own);
    if (astray === 0) continue;
    const length = sequence.type === null ? longestKnown : lengthOf(sequence);
    if (sequence.type !== null) longest = Math.max(longest, length);
    // Each of them may also break what stands there in two.
    steps += astray * (length + 2 * own.length);
    if (steps > ENOUGH) break;
  }
  return { steps, longest, ahead };
}

/**
 * How many of them Yjs has to find a place for. Not those that begin between two neighbours of the document, where no other of them
 * begins, nor what each time follows right behind those.
 */
function countAstray(places: Places, sequence: Sequence, made: readonly Made[]): number {
  const first = firstOf(sequence);
  const gaps = new Map<string, number>();
  const followed = new Set<Made>();
  /** Where the row of each begins; `null` for those without a place. */
  const gapOf = new Map<Made, string | null>();
  for (const each of made) {
    const before = each.origin ? places.made(each.origin) : undefined;
    const follows =
      before !== undefined &&
      before.last === each.origin?.clock &&
      isSame(before.rightOrigin, each.rightOrigin) &&
      !followed.has(before);
    if (follows) {
      followed.add(before);
      gapOf.set(each, gapOf.get(before) ?? null);
    } else if (fits(places, first, each)) {
      const gap = `${each.origin?.client}:${each.origin?.clock}`;
      gaps.set(gap, (gaps.get(gap) ?? 0) + 1);
      gapOf.set(each, gap);
    } else gapOf.set(each, null);
  }
  return made.filter((each) => {
    const gap = gapOf.get(each) ?? null;
    return gap === null || gaps.get(gap) !== 1;
  }).length;
}

/** Whether the two neighbours that something claims stand next to each other: nothing is between them to go through. */
function fits(places: Places, first: Y.Item | null, { origin, rightOrigin }: Made): boolean {
  if (!origin) return isSame(rightOrigin, first?.id ?? null);
  const left = places.made(origin) ? null : places.item(origin);
  if (!left) return false;
  const isLast = origin.clock === left.id.clock + left.length - 1;
  const right = isLast ? (left.right?.id ?? null) : { client: origin.client, clock: origin.clock + 1 };
  return isSame(rightOrigin, right);
}

const isSame = (one: Id | null, other: Id | null): boolean =>
  one?.client === other?.client && one?.clock === other?.clock;

function firstOf({ type, key }: Sequence): Y.Item | null {
  if (key === null) return type?._start ?? null;
  let item = type?._map.get(key) ?? null;
  for (let steps = 0; item?.left && steps < ENOUGH; steps += 1) item = item.left;
  return item;
}

function lengthOf(sequence: Sequence): number {
  let length = 0;
  for (let item = firstOf(sequence); item && length < ENOUGH; item = item.right) length += 1;
  return length;
}
