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
  /** Waits this long for company, in milliseconds, where nobody waits for the result. */
  readonly gatherMs?: number;
  /** Which rows wait so; one that does not takes along those before it. Default: all. */
  readonly isPatient?: (row: Row) => boolean;
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
  /** Somebody in the queue does not wait for company. */
  private pressed = false;

  /** `flush` returns one result for each row, in order, or nothing. */
  constructor(
    private readonly flush: (rows: Row[]) => Promise<readonly Result[] | void>,
    private readonly options: GroupCommitOptions<Row> = {},
  ) {}

  add(row: Row): Promise<Result> {
    this.queue.push(row);
    if (this.options.isPatient && !this.options.isPatient(row)) this.pressed = true;
    const settled = new Promise<Result>((resolve, reject) => this.waiting.push({ resolve, reject }));
    this.schedule();
    return settled;
  }

  private schedule(): void {
    if (this.scheduled && !(this.gathering && this.pressed)) return;
    if (this.queue.length === 0 || this.inFlight >= (this.options.maxInFlight ?? 1)) return;
    clearTimeout(this.gathering);
    this.gathering = undefined;
    this.scheduled = true;
    const go = (): void => {
      this.scheduled = false;
      this.gathering = undefined;
      void this.run();
    };
    if (this.options.hurry) queueMicrotask(go);
    else if (this.options.gatherMs && !this.pressed) this.gathering = setTimeout(go, this.options.gatherMs);
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
    this.pressed &&= this.queue.length > 0;
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
