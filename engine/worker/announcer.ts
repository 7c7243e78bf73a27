import type { Admission } from './admission.js';
import type { Queues } from './enqueue.js';
import { createLane } from './lane.js';

/** What a process without a worker does about a run that it wrote down: tells the workers that something waits. */
export interface Announcer extends Pick<Admission, 'wake'> {
  /** Waits for what is under way and forgets timers. */
  close(): Promise<void>;
}

interface AnnouncerOptions {
  readonly queues: Pick<Queues, 'addMany'>;
  /** What could not be told is found by a worker's next look at what waits, within a second. */
  readonly onError: (error: unknown) => void;
}

/** Organizations that are told of in one round trip. */
const AT_ONCE = 200;

/** Tells once of all runs of an organization that were written down while the round trip before was under way. */
export function createAnnouncer({ queues, onError }: AnnouncerOptions): Announcer {
  const timers = new Set<NodeJS.Timeout>();
  const tell = (organizationIds: readonly string[]): Promise<void> =>
    queues.addMany(
      'waiting',
      organizationIds.map((organizationId) => ({ organizationId })),
    );
  const lane = createLane(tell, { atOnce: AT_ONCE, onError });
  return {
    wake(organizationId, notBefore) {
      const delay = notBefore ? notBefore.getTime() - Date.now() : 0;
      if (delay <= 0) return lane.add(organizationId);
      // A few milliseconds late rather than early: the database's clock decides.
      const timer = setTimeout(() => {
        timers.delete(timer);
        lane.add(organizationId);
      }, delay + 5);
      timers.add(timer);
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      await lane.idle();
    },
  };
}
