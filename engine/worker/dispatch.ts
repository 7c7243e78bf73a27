import type { Lease } from '#engine/run/lease.js';
import { FIRST, TOGETHER_MS, type Admission, type QueueAdmission } from './admission.js';
import { createLane } from './lane.js';
import { createLater } from './later.js';
import type { Room, Taken, TakenRuns } from './takeHere.js';

/** A worker that can begin runs. */
export interface Here {
  /** `null` while it is not registered or closes. */
  readonly lease: () => Lease | null;
  /** How many may begin now: of anybody, and of organizations with little under way. */
  readonly room: () => Pick<Room, 'free' | 'first'>;
  /** Runs of the organization that were begun here and are under way. */
  readonly underWay: (organizationId: string) => number;
  readonly take: (lease: Lease, organizationIds: readonly string[], oldest: boolean) => Promise<TakenRuns>;
  /** Counts the run as at work before it returns. */
  readonly begin: (run: Taken, lease: Lease) => void;
}

export interface Dispatch extends Admission {
  /** From now on runs begin here while there is room; until then, and after `rest`, they go to the queue. */
  workHere(here: Here): void;
  /** A run that was at work here is not any more. */
  freed(): void;
  /** Takes no more runs; resolves when what was being taken has begun. */
  rest(): Promise<void>;
  /** Runs `look` while nothing is being taken. */
  undisturbed<T>(look: () => Promise<T>): Promise<T>;
}

/** Organizations that one look takes in, so that a look stays short however many wait. */
const AT_ONCE = 64;
/** One look in so many takes the oldest run whatever its priority, so that what is low goes on as well. */
const OLDEST_EVERY = 8;

/**
 * What a worker does about runs that wait in PostgreSQL: it claims them in the statement that admits them and begins them itself, without a way over the queue. What it has no room
 * for stays where it is, until there is room or, when there are other workers, goes to the queue up to the organization's share.
 */
export function createDispatch(admission: QueueAdmission, onError: (error: unknown) => void): Dispatch {
  let here: Here | null = null;
  /** Of whom something waits that there was no room for. */
  const hungry = new Set<string>();
  const leaving = new Set<string>();
  const later = createLater();
  let lookingAgain = false;
  let others = true;
  let turn = 0;

  const toQueue = (organizationIds: readonly string[]): void => organizationIds.forEach((id) => admission.wake(id));

  const leave = (organizationIds: readonly string[]): void => {
    for (const id of organizationIds) hungry.add(id);
    if (others) toQueue(organizationIds);
  };

  const look = async (asked: readonly string[]): Promise<void> => {
    // What is being taken when this worker is told to rest is its own to begin: nobody else would.
    const taker = here;
    const lease = taker?.lease() ?? null;
    if (!taker || !lease) return toQueue(asked);
    const { free, first } = taker.room();
    const mayBegin = (id: string): boolean => free > 0 || (first > 0 && taker.underWay(id) < FIRST);
    leave(asked.filter((id) => !mayBegin(id)));
    const organizationIds = asked.filter(mayBegin);
    if (organizationIds.length === 0) return;
    turn = (turn + 1) % OLDEST_EVERY;
    const found = await taker.take(lease, organizationIds, turn === 0);
    if (found.lost) return toQueue(organizationIds);
    others = found.others;
    for (const run of found.taken) taker.begin(run, lease);
    for (const id of organizationIds) hungry.delete(id);
    leave(found.rest);
    found.held.forEach(wakeNow);
  };

  const options = { atOnce: AT_ONCE, onError };
  // Apart, so that who has little under way does not wait for the statement of a flood.
  const lanes = { first: createLane(look, options), rest: createLane(look, options) };
  const every = [lanes.first, lanes.rest];
  const wakeNow = (organizationId: string): void => {
    if (!here) return admission.wake(organizationId);
    lanes[here.underWay(organizationId) < FIRST ? 'first' : 'rest'].add(organizationId);
  };

  const lookAgain = (): void => {
    lookingAgain = false;
    const organizationIds = new Set(leaving);
    leaving.clear();
    for (const id of hungry) {
      if (organizationIds.size >= AT_ONCE) break;
      organizationIds.add(id);
    }
    // Whoever is still hungry afterwards stands behind those that were not looked at.
    for (const id of organizationIds) hungry.delete(id);
    organizationIds.forEach(wakeNow);
  };
  const soon = (): void => {
    if (!lookingAgain) later.after(TOGETHER_MS, lookAgain);
    lookingAgain = true;
  };

  return {
    wake(organizationId, notBefore) {
      if (notBefore && notBefore.getTime() > Date.now()) later.at(notBefore, () => wakeNow(organizationId));
      else wakeNow(organizationId);
    },
    left(organizationId) {
      leaving.add(organizationId);
      soon();
    },
    freed() {
      if (hungry.size > 0) soon();
    },
    async sweep() {
      if (here?.lease()) {
        (await admission.waiting()).forEach(wakeNow);
        await Promise.all(every.map((lane) => lane.idle()));
        return admission.refill();
      }
      return admission.sweep();
    },
    workHere(worker) {
      here = worker;
    },
    async rest() {
      here = null;
      hungry.clear();
      await Promise.all(every.map((lane) => lane.idle()));
    },
    async undisturbed(work) {
      const goOn = await Promise.all(every.map((lane) => lane.hold()));
      try {
        return await work();
      } finally {
        for (const go of goOn) go();
      }
    },
    async close() {
      later.close();
      await Promise.all(every.map((lane) => lane.idle()));
      await admission.close();
    },
  };
}
