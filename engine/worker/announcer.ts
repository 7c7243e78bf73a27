import type { Admission } from './admission.js';
import type { Queues } from './enqueue.js';
import { createLane } from './lane.js';
import { createLater } from './later.js';

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
  const later = createLater();
  const tell = (organizationIds: readonly string[]): Promise<void> =>
    queues.addMany(
      'waiting',
      organizationIds.map((organizationId) => ({ organizationId })),
    );
  const lane = createLane(tell, { atOnce: AT_ONCE, onError });
  return {
    wake(organizationId, notBefore) {
      if (notBefore && notBefore.getTime() > Date.now()) later.at(notBefore, () => lane.add(organizationId));
      else lane.add(organizationId);
    },
    async close() {
      later.close();
      await lane.idle();
    },
  };
}
