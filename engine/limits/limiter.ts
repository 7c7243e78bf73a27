/** How much of something may happen under a key. */
export interface Rate {
  /** Names what is counted, everywhere: `whatsapp:<number>`. */
  readonly key: string;
  /** Milliseconds in which one more becomes free. */
  readonly everyMs: number;
  /** How many may happen at once after a rest. */
  readonly burst: number;
  /** How many this is. Default 1; more than `burst` counts as `burst`. */
  readonly cost?: number;
}

/**
 * Counts what goes to others who count too. Nobody waits here: whoever is told to wait puts its work back and comes again.
 * Shared by all workers through Redis; embedded there is one process, which counts by itself.
 */
export interface Limiter {
  /** Takes of all of them or of none. 0: taken; else the milliseconds after which to ask again. */
  take(rates: readonly Rate[]): Promise<number>;
  /**
   * The same for who can wait a little: takes what becomes free within so many milliseconds, each caller a time of its own. Resolves with how long to wait before it
   * is used; below zero nothing was taken, and there is to be asked again after so long.
   */
  book(rates: readonly Rate[], withinMs: number): Promise<number>;
  /** Nothing is taken under the rate's key for so long: the other side has said that it is enough. */
  hold(rate: Pick<Rate, 'key' | 'everyMs' | 'burst'>, ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Names kept by one process before those that are free again are forgotten. */
const MOST_KEPT = 10_000;

/**
 * The generic cell rate algorithm (ITU-T I.371): of each key only the time at which it would be empty again is kept.
 * @param now milliseconds since 1970
 */
export function createLocalLimiter(now: () => number = Date.now): Limiter {
  const emptyAt = new Map<string, number>();
  const book = (rates: readonly Rate[], withinMs: number): number => {
    const at = now();
    let wait = 0;
    const next = rates.map((rate) => {
      const after = Math.max(emptyAt.get(rate.key) ?? at, at) + costOf(rate) * rate.everyMs;
      wait = Math.max(wait, after - rate.burst * rate.everyMs - at);
      return after;
    });
    if (wait > withinMs) return -Math.ceil(wait);
    if (emptyAt.size >= MOST_KEPT) for (const [key, time] of emptyAt) if (time <= at) emptyAt.delete(key);
    for (const [index, rate] of rates.entries()) emptyAt.set(rate.key, next[index] ?? at);
    return Math.ceil(wait);
  };
  return {
    take: async (rates) => Math.abs(book(rates, 0)),
    book: async (rates, withinMs) => book(rates, withinMs),
    async hold({ key, everyMs, burst }, ms) {
      const until = now() + ms + (burst - 1) * everyMs;
      emptyAt.set(key, Math.max(emptyAt.get(key) ?? 0, until));
    },
    async close() {},
  };
}

export const costOf = ({ cost = 1, burst }: Rate): number => Math.min(cost, burst);
