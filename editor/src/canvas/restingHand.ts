/** Milliseconds after a key or a turn of the wheel in which the next one may be expected. */
const beat = 200;

/**
 * Knows whether somebody is in the midst of something: a pointer is down (on a step, the canvas, or anything else), or a key or the wheel moved
 * a moment ago. What is not needed at once waits for the hand to rest.
 */
export class RestingHand {
  #down = new Set<number>();
  #movedAt = -Infinity;
  #waiting: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Begins to watch what comes to the page. Gives back how to stop. */
  watch(page: Pick<Window, 'addEventListener'> = window): () => void {
    const end = new AbortController();
    const on = <Kind extends keyof WindowEventMap>(kind: Kind, heard: (event: WindowEventMap[Kind]) => void): void =>
      page.addEventListener(kind, heard, { capture: true, passive: true, signal: end.signal });
    on('pointerdown', ({ pointerId }) => void this.#down.add(pointerId));
    for (const kind of ['pointerup', 'pointercancel'] as const) on(kind, ({ pointerId }) => this.#lift(pointerId));
    // It was let go where nobody could see it.
    on('pointermove', ({ pointerId, buttons }) => void (buttons === 0 && this.#lift(pointerId)));
    on('blur', () => {
      this.#down.clear();
      this.#look();
    });
    for (const kind of ['keydown', 'wheel'] as const) on(kind, () => void (this.#movedAt = performance.now()));
    return () => {
      end.abort();
      this.#down.clear();
    };
  }

  /** Does something once the hand rests, the last that was asked for. Gives back how to let it be. */
  whenResting(work: () => void): () => void {
    this.#waiting = work;
    this.#look();
    return () => {
      if (this.#waiting === work) this.#waiting = null;
      clearTimeout(this.#timer);
    };
  }

  #lift(pointer: number): void {
    if (this.#down.delete(pointer)) this.#look();
  }

  #look(): void {
    clearTimeout(this.#timer);
    if (!this.#waiting || this.#down.size > 0) return;
    const left = this.#movedAt + beat - performance.now();
    if (left > 0) {
      this.#timer = setTimeout(() => this.#look(), left);
      return;
    }
    const work = this.#waiting;
    this.#waiting = null;
    work();
  }
}
