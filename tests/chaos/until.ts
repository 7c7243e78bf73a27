import { setTimeout as after } from 'node:timers/promises';

/** Times that something may take are those of a machine with nothing else to do; it may take this many times as long. */
export const PATIENCE = 4;

/** Waits for a condition; a look that fails counts as "not yet". Answers how long it took, in milliseconds; throws when it took much longer than `seconds`. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  seconds: number,
  everyMs = 250,
): Promise<number> {
  const began = Date.now();
  for (;;) {
    const yes = await Promise.resolve()
      .then(holds)
      .catch(() => false);
    if (yes) return Date.now() - began;
    if (Date.now() - began > seconds * PATIENCE * 1_000) throw new Error(`${what}: not within ${seconds * PATIENCE} s`);
    await after(everyMs);
  }
}
