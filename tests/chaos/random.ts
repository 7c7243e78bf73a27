/** Seeded randomness: the same seed strikes the same way, as far as the machine's own timing lets it. */
export interface Random {
  /** 0 up to but not 1. */
  next(): number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  pick<T>(of: readonly T[]): T;
  chance(probability: number): boolean;
  /** The same things in another order. */
  shuffle<T>(of: readonly T[]): T[];
}

/** Mulberry32 (Tommy Ettinger, 2017, public domain). */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    whole,
    pick: <T>(of: readonly T[]): T => of[whole(0, of.length - 1)] as T,
    chance: (probability) => next() < probability,
    shuffle<T>(of: readonly T[]) {
      const all = [...of];
      for (let at = all.length - 1; at > 0; at -= 1) {
        const other = whole(0, at);
        [all[at], all[other]] = [all[other] as T, all[at] as T];
      }
      return all;
    },
  };
}
