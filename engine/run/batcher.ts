/** Given for a row that could not be stored while others of the same flush were. */
export class RowFailure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

export interface BatcherOptions {
  /** Most rows of one flush. */
  readonly maxRows?: number;
  /** Flushes that may be under way at once. One keeps the order of rows; more gives it up. */
  readonly maxInFlight?: number;
}

interface Waiter<Result> {
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Group commit, the one idea everything durable here rests on. Rows from every run of this process wait while the previous flush is
 * under way, or for one turn of the event loop when none is, then go out together. `add` resolves only after the flush has committed:
 * durable means durable; what is shared is the round trip and the fsync.
 */
export class Batcher<Row, Result> {
  readonly #flush: (rows: readonly Row[]) => Promise<readonly (Result | RowFailure)[]>;
  readonly #maxRows: number;
  readonly #maxInFlight: number;
  #queue: Row[] = [];
  #waiters: Waiter<Result>[] = [];
  #inFlight = 0;
  #scheduled = false;

  /** `flush` stores the rows and answers with one result for each, in their order; what it throws is given to all of them. */
  constructor(
    flush: (rows: readonly Row[]) => Promise<readonly (Result | RowFailure)[]>,
    options: BatcherOptions = {},
  ) {
    this.#flush = flush;
    this.#maxRows = options.maxRows ?? 2_000;
    this.#maxInFlight = options.maxInFlight ?? 1;
  }

  add(row: Row): Promise<Result> {
    this.#queue.push(row);
    const promise = new Promise<Result>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    this.#schedule();
    return promise;
  }

  #schedule(): void {
    if (this.#scheduled || this.#queue.length === 0 || this.#inFlight >= this.#maxInFlight) return;
    this.#scheduled = true;
    // setImmediate lets every run that is ready in this turn add its rows: the writes and the checkpoint of one step land together.
    setImmediate(() => {
      this.#scheduled = false;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    const rows = this.#queue.splice(0, this.#maxRows);
    const waiters = this.#waiters.splice(0, this.#maxRows);
    if (rows.length === 0) return;
    this.#inFlight += 1;
    try {
      const results = await this.#flush(rows);
      waiters.forEach((waiter, index) => {
        const result = results[index];
        if (result instanceof RowFailure) waiter.reject(result.error);
        else waiter.resolve(result as Result);
      });
    } catch (error) {
      for (const waiter of waiters) waiter.reject(error);
    } finally {
      this.#inFlight -= 1;
      this.#schedule();
    }
  }
}
