interface GroupCommitOptions<Row> {
  /** Hands the result of a row to whoever waits for it, in order. Default: at once. */
  readonly deliver?: (give: () => void, row: Row) => void;
  readonly maxRows?: number;
  /** How many of `maxRows` a row counts for. Default 1. */
  readonly sizeOf?: (row: Row) => number;
  /** Flushes under way at once. Default 1. */
  readonly maxInFlight?: number;
  /** When idle, does not wait for the turn of the event loop, which in a busy process takes milliseconds: only what is added in one go travels together. */
  readonly hurry?: boolean;
  /** How long a row may wait for company, in milliseconds, where nobody waits for the result. Whoever has waited long enough takes all along. Default: not at all. */
  readonly patienceOf?: (row: Row) => number;
}

/**
 * Group commit: rows from everywhere in this process wait while the previous flush is in flight (or for one turn of the event loop when
 * idle) and then go out together. `add` settles after the flush's COMMIT, so durable means durable; what is shared is the round trip
 * and the fsync. A flush that fails rejects everyone in it.
 */
export class GroupCommit<Row, Result = void> {
  private queue: Row[] = [];
  private waiting: { resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  private inFlight = 0;
  private scheduled = false;
  /** Running while all in the queue are patient. */
  private gathering: NodeJS.Timeout | undefined;
  /** When the patience of whoever has least of it in the queue ends, on the clock of `performance`. */
  private due = Infinity;
  /** When the flush that is scheduled goes: the same, or before anything else can be added. */
  private goesAt = Infinity;

  /** `flush` returns one result for each row, in order, or nothing. */
  constructor(
    private readonly flush: (rows: Row[]) => Promise<readonly Result[] | void>,
    private readonly options: GroupCommitOptions<Row> = {},
  ) {}

  add(row: Row): Promise<Result> {
    this.queue.push(row);
    const patience = this.options.patienceOf?.(row) ?? 0;
    this.due = Math.min(this.due, patience > 0 ? performance.now() + patience : 0);
    const settled = new Promise<Result>((resolve, reject) => this.waiting.push({ resolve, reject }));
    this.schedule();
    return settled;
  }

  private schedule(): void {
    if (this.scheduled && !(this.gathering && this.due < this.goesAt)) return;
    if (this.queue.length === 0 || this.inFlight >= (this.options.maxInFlight ?? 1)) return;
    clearTimeout(this.gathering);
    this.gathering = undefined;
    this.scheduled = true;
    this.goesAt = this.due;
    const go = (): void => {
      this.scheduled = false;
      this.gathering = undefined;
      void this.run();
    };
    if (this.options.hurry) queueMicrotask(go);
    else if (this.due > 0) this.gathering = setTimeout(go, Math.max(0, Math.ceil(this.due - performance.now())));
    // A turn later, so that all that is ready now travels together.
    else setImmediate(go);
  }

  /** How many of those in the queue go with the next flush. */
  private fitting(): number {
    const { maxRows = 2_000, sizeOf } = this.options;
    if (!sizeOf) return maxRows;
    let count = 0;
    for (let size = 0; count < this.queue.length && size < maxRows; count += 1)
      size += sizeOf(this.queue[count] as Row);
    return count;
  }

  private async run(): Promise<void> {
    const count = this.fitting();
    const rows = this.queue.splice(0, count);
    const waiting = this.waiting.splice(0, count);
    this.due = this.queue.length > 0 ? 0 : Infinity;
    const { deliver = (give) => give() } = this.options;
    this.inFlight += 1;
    this.schedule();
    try {
      const results = await this.flush(rows);
      waiting.forEach(({ resolve }, index) => deliver(() => resolve(results?.[index] as Result), rows[index] as Row));
    } catch (error) {
      waiting.forEach(({ reject }, index) => deliver(() => reject(error), rows[index] as Row));
    } finally {
      this.inFlight -= 1;
      this.schedule();
    }
  }
}
