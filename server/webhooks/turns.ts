/** Places on the queue for what arrives. */
export interface Turns {
  /** 0 for a source that sends little; the more it has sent of late, the further back. */
  next(source: string): number;
}

/** Events a second that a source may send and still go first. A person's shop never gets there, a campaign's echo does. */
const FREELY = 10;
/** The furthest back: BullMQ's priorities end at 2,097,151. */
const LAST = 1_000_000;
const MOST_SOURCES = 10_000;

/**
 * Sources take turns: each has a place that moves back by one for each event and forward by `FREELY` a second. What a flood brings
 * stands behind whatever others bring meanwhile, in the order in which it came.
 */
export function createTurns(now: () => number = Date.now): Turns {
  const places = new Map<string, { place: number; at: number }>();
  return {
    next(source) {
      const at = now();
      const known = places.get(source);
      const place = known ? Math.max(0, known.place - ((at - known.at) / 1_000) * FREELY) + 1 : 1;
      if (!known && places.size >= MOST_SOURCES) places.clear();
      places.set(source, { place, at });
      return place <= FREELY ? 0 : Math.min(LAST, Math.ceil(place - FREELY));
    },
  };
}
