/** One time limit: of a run, or of a part of it. */
class Clock {
  #left: number;
  #since = performance.now();
  #timer: NodeJS.Timeout | undefined;
  readonly #over: () => void;

  constructor(ms: number, over: () => void) {
    this.#left = ms;
    this.#over = over;
  }

  run(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(this.#over, this.#left);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#left = Math.max(0, this.#left - (performance.now() - this.#since));
  }
}

/** The time limits of one run at work. They stand still while it waits for room that other runs have taken: that is no work of its own. */
export class Clocks {
  readonly #running = new Set<Clock>();
  #waiting = 0;

  /** Calls `over` after so many milliseconds of work. Returns what ends it before. */
  start(ms: number, over: () => void): () => void {
    const clock = new Clock(ms, over);
    this.#running.add(clock);
    if (this.#waiting === 0) clock.run();
    return () => {
      this.#running.delete(clock);
      clock.stop();
    };
  }

  /** The same as `wait`, which does not count. */
  async standFor<T>(wait: Promise<T>): Promise<T> {
    if (this.#waiting === 0) for (const clock of this.#running) clock.stop();
    this.#waiting += 1;
    try {
      return await wait;
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) for (const clock of this.#running) clock.run();
    }
  }
}
