import { Room } from './room.js';

/** For so long after somebody who writes little has written. */
const BESIDE_MS = 10_000;

/** Takes something in and says whose it was; `null` when nobody's, or nothing was left to do. */
type Take = () => Promise<string | null>;

export interface Intake {
  /** What comes first from somebody: at once. */
  first(take: Take): Promise<void>;
  /** What comes from those who write much: at once too, or one after the other while somebody else writes. */
  others(take: Take): Promise<void>;
}

/**
 * What arrives is taken in by several at once, in as many sessions of the database. Where no core is left over each of them makes the others wait for theirs, and what a flood
 * takes in faster than it can be answered only waits elsewhere: see docs/decisions/0079.
 */
export function createIntake(now: () => number = () => performance.now()): Intake {
  const one = new Room(1);
  /** The last two who came first, and who wrote much last: a flood begins with a few that come first. */
  let recent: readonly { readonly who: string; readonly at: number }[] = [];
  let busy: string | null = null;
  const isShared = (): boolean => recent.some(({ who, at }) => who !== busy && now() - at < BESIDE_MS);
  return {
    async first(take) {
      const who = await take();
      if (who !== null) recent = [{ who, at: now() }, ...recent.filter((known) => known.who !== who)].slice(0, 2);
    },
    async others(take) {
      const who = await (isShared() ? one.use(false, take) : take());
      if (who !== null) busy = who;
    },
  };
}
