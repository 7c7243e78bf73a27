import { getHeapStatistics } from 'node:v8';
import { onAbort } from '#engine/signals/onAbort.js';

/**
 * Characters that the runs of one worker may have made between them before those that came later wait. One costs some six bytes while its run is at work (its value, its record in the
 * clear and sealed, the statement that carries it), twelve where it is no Latin letter: a sixty-fourth of the heap leaves room for the largest run beside it.
 */
export const mostHeld = (): number => Math.floor(getHeapStatistics().heap_size_limit / 64);

/** What a run may make without being counted: nearly all make less. */
const UNCOUNTED = 1_000_000;

/** What one run holds of its worker's memory. */
export interface Weight {
  /** Counts what it is about to keep. A promise when it must wait until others have left; rejects with the signal's reason. */
  grow(characters: number, signal: AbortSignal): Promise<void> | undefined;
  /** Its run is no longer at work. */
  leave(): void;
}

interface Waiting {
  readonly of: Held;
  readonly wanted: number;
  readonly begin: () => void;
}

/**
 * Keeps what all runs of a worker hold within its memory: each of them is bounded, many together are not. Who wants more than there is waits, and the one
 * that has been counted longest does not, so that it ends, and somebody always goes on.
 */
export class Weights {
  readonly #most: number;
  /** Runs that are counted, the longest first. */
  readonly #counted = new Set<Held>();
  #waiting: Waiting[] = [];
  #total = 0;

  constructor(most = mostHeld()) {
    this.#most = most;
  }

  enter(): Weight {
    return new Held({
      take: (held, wanted, signal) => this.#take(held, wanted, signal),
      leave: (held) => {
        this.#total -= held.counted;
        this.#counted.delete(held);
        this.#letIn();
      },
    });
  }

  #take(of: Held, wanted: number, signal: AbortSignal): Promise<void> | undefined {
    if (this.#fits(of, wanted) && (this.#waiting.length === 0 || this.#isFirst(of))) {
      this.#count(of, wanted);
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        of,
        wanted,
        begin: () => {
          release();
          resolve();
        },
      };
      this.#waiting.push(waiting);
      const release = onAbort(signal, (reason) => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        reject(reason as Error);
        this.#letIn();
      });
    });
  }

  #letIn(): void {
    let blocked = false;
    this.#waiting = this.#waiting.filter(({ of, wanted, begin }) => {
      blocked ||= !this.#fits(of, wanted);
      if (blocked && !this.#isFirst(of)) return true;
      this.#count(of, wanted);
      begin();
      return false;
    });
  }

  #count(of: Held, wanted: number): void {
    of.counted += wanted;
    this.#total += wanted;
    this.#counted.add(of);
  }

  #fits = (of: Held, wanted: number): boolean => this.#isFirst(of) || this.#total + wanted <= this.#most;

  #isFirst(of: Held): boolean {
    const [first = of] = this.#counted;
    return first === of;
  }
}

interface Scales {
  take(held: Held, wanted: number, signal: AbortSignal): Promise<void> | undefined;
  leave(held: Held): void;
}

class Held implements Weight {
  counted = 0;
  /** Of what it has made, what it has not asked room for. */
  #unasked = 0;
  readonly #scales: Scales;

  constructor(scales: Scales) {
    this.#scales = scales;
  }

  grow(characters: number, signal: AbortSignal): Promise<void> | undefined {
    this.#unasked += characters;
    if (this.counted === 0 && this.#unasked <= UNCOUNTED) return undefined;
    const wanted = this.#unasked;
    this.#unasked = 0;
    return this.#scales.take(this, wanted, signal);
  }

  leave(): void {
    this.#scales.leave(this);
  }
}
