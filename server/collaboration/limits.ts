/** Messages and bytes of one connection: so many at once, so many a second. Dragging and typing together send some 60 a second. */
const messages = { atOnce: 600, perSecond: 200 } as const;
const bytes = { atOnce: 8_000_000, perSecond: 1_000_000 } as const;
/** Questions for everything that one lacks, which are answered with up to the whole draft. */
const questions = { atOnce: 20, perSecond: 0.5 } as const;
/** Steps of taking edits in, a few million of which take a second. What is written where nobody else wrote meanwhile costs none. */
const steps = { atOnce: 500_000, perSecond: 50_000 } as const;

interface Allowance {
  readonly atOnce: number;
  readonly perSecond: number;
}

/** What is left of an allowance. */
class Bucket {
  #left: number;
  #at = performance.now();

  constructor(readonly allowance: Allowance) {
    this.#left = allowance.atOnce;
  }

  take(amount: number): boolean {
    const now = performance.now();
    this.#left = Math.min(this.allowance.atOnce, this.#left + ((now - this.#at) / 1_000) * this.allowance.perSecond);
    this.#at = now;
    this.#left -= amount;
    return this.#left >= 0;
  }
}

/** Whether a connection may go on, by what it has sent lately. */
export class Pace {
  readonly #messages = new Bucket(messages);
  readonly #bytes = new Bucket(bytes);
  readonly #questions = new Bucket(questions);
  readonly #steps = new Bucket(steps);

  message = (size: number): boolean => this.#messages.take(1) && this.#bytes.take(size);
  work = (amount: number): boolean => this.#steps.take(amount);
  question = (): boolean => this.#questions.take(1);
}
