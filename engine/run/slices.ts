import { setImmediate } from 'node:timers/promises';

/** Longest a run computes before everything else in this process gets its turn: timers, the lease, other runs, requests. */
const SLICE_MS = 20;

/** How long a run has computed without letting others in. */
export class Slices {
  #began = performance.now();
  #number = 0;

  get isOver(): boolean {
    return performance.now() - this.#began > SLICE_MS;
  }

  /** Resolves in a later turn of the event loop, in which nobody else has used up the run's next slice. */
  async pauseForOthers(): Promise<void> {
    while (this.isOver) {
      const before = this.#number;
      await setImmediate();
      if (this.#number !== before) continue;
      this.#number += 1;
      this.#began = performance.now();
    }
  }
}
