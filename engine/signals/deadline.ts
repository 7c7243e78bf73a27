import { onAbort } from './onAbort.js';

/**
 * A signal that aborts when `ms` milliseconds have passed, or with its parent and for its parent's reason; until `end`, which must be called. Of `AbortSignal.timeout`
 * and `.any` whatever listens lives until the next full collection, the whole of an answer with it: see docs/decisions/0088.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #leave: (() => void) | undefined;
  #hasPassed = false;

  constructor(ms: number, parent?: AbortSignal) {
    this.#timer = setTimeout(() => {
      this.#hasPassed = true;
      this.#controller.abort(new DOMException(`Nothing came within ${ms} ms`, 'TimeoutError'));
    }, ms);
    this.#leave = parent && onAbort(parent, (reason) => this.#controller.abort(reason));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it was the time that aborted it. */
  get hasPassed(): boolean {
    return this.#hasPassed;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#leave?.();
  }
}
