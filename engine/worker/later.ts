/** What is to be done in a while, forgotten when it is closed. */
export interface Later {
  /** @param ms milliseconds from now */
  after(ms: number, call: () => void): void;
  /** A few milliseconds late rather than early: the database's clock decides what is due. */
  at(when: Date, call: () => void): void;
  close(): void;
}

/** A timer takes no more milliseconds. What is due beyond is found by a sweep, or looked at once too often. */
const LONGEST_MS = 2 ** 31 - 1;
const LATE_MS = 5;

export function createLater(): Later {
  const timers = new Set<NodeJS.Timeout>();
  let closed = false;
  const after: Later['after'] = (ms, call) => {
    if (closed) return;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        call();
      },
      Math.min(ms, LONGEST_MS),
    );
    timers.add(timer);
  };
  return {
    after,
    at: (when, call) => after(when.getTime() - Date.now() + LATE_MS, call),
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
