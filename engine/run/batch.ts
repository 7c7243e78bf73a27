import type { Entry } from './journalEntries.js';

/** Most entries of one batch: a run that computes for long does not hold back what it has done. */
const MAX_ENTRIES = 200;

/**
 * What one run writes between two flushes, in its order. It goes on taking entries until a flush takes it along, and all of them are written or none is:
 * whoever waits for one of them waits for all, with one promise.
 */
export class Batch {
  readonly run: string;
  readonly organization: string;
  /** How long it may wait for company, in milliseconds. */
  readonly patience: number;
  #entries: Entry[];
  #isOpen = true;

  constructor(first: Entry, patience = 0) {
    this.run = first.run;
    this.organization = first.organization;
    this.patience = patience;
    this.#entries = [first];
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Whether it took the entry, which is of the same run. It takes none that is less patient. */
  add(entry: Entry, patience = 0): boolean {
    if (!this.#isOpen || this.#entries.length >= MAX_ENTRIES || patience < this.patience) return false;
    this.#entries.push(entry);
    return true;
  }

  /** Gives its entries away, once. */
  take(): readonly Entry[] {
    const entries = this.#entries;
    this.#isOpen = false;
    this.#entries = [];
    return entries;
  }
}
