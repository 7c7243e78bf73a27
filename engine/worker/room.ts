/** Lets a few at a time do something, those in a hurry first; the rest wait in the order in which they came. */
export class Room {
  readonly #waiting: Record<'urgent' | 'others', (() => void)[]> = { urgent: [], others: [] };
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  async use<T>(urgent: boolean, work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    // Whoever leaves hands over its place.
    else await new Promise<void>((resolve) => this.#waiting[urgent ? 'urgent' : 'others'].push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.urgent.shift() ?? this.#waiting.others.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
