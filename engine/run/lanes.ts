import { GroupCommit } from '#db/groupCommit.js';
import { deliver } from './deliveries.js';

export interface LanesOptions<Row> {
  /** Whether a row belongs to a run that goes before the others. The same for all rows of a run while it is at work. */
  readonly isUrgent: (row: Row) => boolean;
  /** Flushes under way at once, in each lane. Default 1. */
  readonly maxInFlight?: number;
  /** How long a row waits for company, in milliseconds, unless others are written before. Default: not at all. */
  readonly patienceOf?: (row: Row) => number;
  /** How many rows a row counts for in the size of a flush. Default 1. */
  readonly sizeOf?: (row: Row) => number;
  /** Urgent rows do not wait for others of their turn of the event loop to come along. */
  readonly hurry?: boolean;
}

/**
 * A group commit with a lane of its own for urgent runs: they wait neither for the statement of a flood that is under way nor for what it
 * answers to be handed out. Rows of one run keep their order, because they are all in one lane.
 */
export class Lanes<Row, Result = void> {
  readonly #urgent: GroupCommit<Row, Result>;
  readonly #others: GroupCommit<Row, Result>;
  readonly #isUrgent: (row: Row) => boolean;

  /** `flush` returns one result for each row, in order, or nothing. */
  constructor(
    flush: (rows: Row[]) => Promise<readonly Result[] | void>,
    { isUrgent, maxInFlight = 1, hurry = false, sizeOf, patienceOf }: LanesOptions<Row>,
  ) {
    this.#isUrgent = isUrgent;
    const how = {
      maxInFlight,
      ...(sizeOf && { sizeOf }),
      ...(patienceOf && { patienceOf }),
    };
    this.#urgent = new GroupCommit(flush, { ...how, hurry });
    this.#others = new GroupCommit(flush, { ...how, deliver: (give) => deliver(give) });
  }

  /** Settles after the commit of the flush that took it along. */
  add(row: Row): Promise<Result> {
    return (this.#isUrgent(row) ? this.#urgent : this.#others).add(row);
  }
}
