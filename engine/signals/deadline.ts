/**
 * A signal that aborts when `ms` milliseconds have passed, or with its parent and for its parent's reason; until `end`, which must be called. Of `AbortSignal.timeout`
 * and `.any` whatever listens lives until the next full collection, the whole of an answer with it: see docs/decisions/0088.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #parent: AbortSignal | undefined;
  readonly #follow = (): void => this.#controller.abort(this.#parent?.reason);
  #hasPassed = false;

  constructor(ms: number, parent?: AbortSignal) {
    this.#timer = setTimeout(() => {
      this.#hasPassed = true;
      this.#controller.abort(new DOMException(`Nothing came within ${ms} ms`, 'TimeoutError'));
    }, ms);
    this.#parent = parent;
    parent?.addEventListener('abort', this.#follow, { once: true });
    if (parent?.aborted) this.#follow();
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
    this.#parent?.removeEventListener('abort', this.#follow);
  }
}
