import { isDeadlock, isUnavailable as isDatabaseAway } from '#db/errors.js';

/** What ioredis, BullMQ and our queues say when Redis is away. */
const queueAway =
  /stream isn't writeable|connection is closed|redis does not answer|reached the max retries|^command timed out$|\bREADONLY\b|^(?:LOADING|MASTERDOWN|MISCONF|NOREPLICAS|OOM|UNBLOCKED) /i;

/** True when a store is away for the moment: the same request may succeed in a few seconds. */
export const isUnavailable = (error: unknown): boolean =>
  isDatabaseAway(error) ||
  // Of those who waited for each other one had to give way: nothing of it was done, and the others are gone by then.
  isDeadlock(error) ||
  (error instanceof Error && queueAway.test(error.message));
