import type { Pool } from 'pg';
import { between } from '#db/failpoint.js';
import { GroupCommit } from '#db/groupCommit.js';
import { flushStatement, type Entry } from './journalTables.js';
import { LeaseLost, type Lease } from './lease.js';

/** The database could not be asked. The work is not lost: the run is taken up again from what was stored. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';

  constructor(cause: unknown) {
    super('The database did not answer', { cause });
  }
}

/** Another worker owns this run now, or it has ended: what this one writes about its status is not kept. */
export class RunTaken extends Error {
  override readonly name = 'RunTaken';

  constructor(run: string) {
    super(`Run ${run} is no longer this worker's`);
  }
}

/** Given for a row that could not be stored while others of the same flush were. */
class RowFailure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

interface Flushed {
  readonly held: number;
  /** Status that each run of the flush came to, by id. */
  readonly runs?: Readonly<Record<string, string>> | null;
}

/**
 * Everything that runs write, from all runs of this worker, in group-committed flushes fenced by the worker's lease. One flush is under
 * way at a time: with two, the end of a run could commit before its steps.
 */
export class Journal {
  readonly #pool: Pool;
  readonly #lease: Lease;
  readonly #commits: GroupCommit<Entry, string | undefined | RowFailure>;

  constructor(pool: Pool, lease: Lease) {
    this.#pool = pool;
    this.#lease = lease;
    this.#commits = new GroupCommit((rows) => this.#flush(rows));
  }

  /**
   * Resolves once the entry is durable; for a run, with the status it came to. Rejects with `LeaseLost`, `StoreUnavailable`, or the
   * database's own error when it refused this run's data.
   */
  async add(entry: Entry): Promise<string | undefined> {
    const result = await this.#commits.add(entry);
    if (result instanceof RowFailure) throw result.error;
    return result;
  }

  async #flush(rows: readonly Entry[]): Promise<readonly (string | undefined | RowFailure)[]> {
    try {
      const flushed = await this.#send(rows);
      return rows.map((row) => {
        if (row.kind !== 'run') return undefined;
        return flushed.runs?.[row.run] ?? new RowFailure(new RunTaken(row.run));
      });
    } catch (error) {
      if (!isRefusedData(error)) throw error instanceof LeaseLost ? error : new StoreUnavailable(error);
      const byRun = groupByRun(rows);
      if (byRun.size === 1) throw error;
      // One run's bad data must not stop the others: each goes alone, and only the bad one is told.
      const results = new Map<Entry, string | undefined | RowFailure>();
      for (const own of byRun.values()) {
        const outcome = await this.#flush(own).catch((reason: unknown) => own.map(() => new RowFailure(reason)));
        own.forEach((row, index) => results.set(row, outcome[index]));
      }
      return rows.map((row) => results.get(row));
    }
  }

  async #send(rows: readonly Entry[]): Promise<Flushed> {
    const { name, text, values } = flushStatement(this.#lease, rows);
    const query = () => this.#pool.query<Flushed>({ name, text, values: [...values] });
    const result = await (rows.some(({ kind }) => kind === 'checkpoint')
      ? between('checkpoint.commit.before', query, 'checkpoint.commit.after')
      : between('journal.commit.before', query, 'journal.commit.after'));
    const flushed = result.rows[0];
    if (flushed?.held !== 1) throw new LeaseLost(this.#lease.token);
    return flushed;
  }
}

/** PostgreSQL's classes 22 (data exception), 23 (integrity) and 54 (program limit): the rows are at fault, not the connection. */
export function isRefusedData(error: unknown): boolean {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(22|23|54)...$/.test(code);
}

function groupByRun(rows: readonly Entry[]): Map<string, Entry[]> {
  const byRun = new Map<string, Entry[]>();
  for (const row of rows) {
    const own = byRun.get(row.run);
    if (own) own.push(row);
    else byRun.set(row.run, [row]);
  }
  return byRun;
}
