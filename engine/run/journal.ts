import type { Pool } from 'pg';
import { between, type Failpoint } from '#db/failpoint.js';
import { CannotOpen } from '#db/sealing/cipher.js';
import type { Vault, VaultOf } from '#db/sealing/vault.js';
import { Batch } from './batch.js';
import { flushStatement } from './flushStatement.js';
import type { Entry, Intended, IntentEntry, SealedEntry } from './journalEntries.js';
import { Lanes } from './lanes.js';
import { LeaseLost, type Lease } from './lease.js';
import { sealEntries } from './sealEntries.js';

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
  /** What the ledger knew of each effect that the flush intends, by run and key. */
  readonly intents?: Readonly<Record<string, KnownIntent>> | null;
}

interface KnownIntent {
  readonly mine: boolean;
  readonly own: boolean;
  readonly state: Intended['state'] | null;
  readonly attempt: number | null;
  /** Base64. */
  readonly result: string | null;
}

type Result = string | Intended | undefined | RowFailure;

/**
 * Everything that runs write, from all runs of this worker, in group-committed flushes fenced by the worker's lease. A run's entries are written in
 * their order and none after one that could not be, so that whoever adds a run's end need not wait for its steps: one flush of a lane is under
 * way at a time, and a run is in one lane. Entries come in the clear and are sealed on their way out.
 */
export class Journal {
  readonly #pool: Pool;
  readonly #lease: Lease;
  readonly #vaultOf: VaultOf;
  readonly #commits: Lanes<Batch, Result>;
  /** Runs at work of which something could not be written, and why: what comes after it is not written either. */
  readonly #broken = new Map<string, unknown>();

  /** @param isUrgent whether a run goes before the others, where they wait for each other */
  constructor(pool: Pool, lease: Lease, vaultOf: VaultOf, isUrgent: (runId: string) => boolean = () => false) {
    this.#pool = pool;
    this.#lease = lease;
    this.#vaultOf = vaultOf;
    this.#commits = new Lanes((batches) => this.#flushBatches(batches), {
      isUrgent: ({ run }) => isUrgent(run),
      sizeOf: ({ size }) => size,
      patienceOf: ({ patience }) => patience,
    });
  }

  /**
   * Resolves once the entry, or the whole batch, is durable; for a run, with the status it came to. Rejects with `LeaseLost`, `StoreUnavailable`, or
   * the database's own error when it refused this run's data.
   */
  async add(what: Exclude<Entry, IntentEntry> | Batch): Promise<string | undefined> {
    const result = await this.#give(what instanceof Batch ? what : new Batch(what));
    return typeof result === 'string' ? result : undefined;
  }

  /** The same for an intent: all that its run wrote before is durable with it, or it is not recorded. */
  async intend(entry: IntentEntry): Promise<Intended> {
    const result = await this.#give(new Batch(entry));
    if (typeof result !== 'object') throw new TypeError('An intent was answered as something else');
    return result;
  }

  async #give(batch: Batch): Promise<Exclude<Result, RowFailure>> {
    const result = await this.#commits.add(batch);
    if (result instanceof RowFailure) throw result.error;
    return result;
  }

  /** The run is no longer at work here: should it be again, it begins with what is on record. */
  forget(run: string): void {
    this.#broken.delete(run);
  }

  async #flushBatches(batches: readonly Batch[]): Promise<readonly Result[]> {
    const taken = batches.map((batch) => batch.take());
    const results = await this.#flushWhole(taken.flat());
    let end = 0;
    return taken.map(({ length }) => {
      const own = results.slice(end, (end += length));
      return own.find((result) => result instanceof RowFailure) ?? own.at(-1);
    });
  }

  async #flushWhole(rows: readonly Entry[]): Promise<readonly Result[]> {
    const whole = this.#broken.size === 0 ? rows : rows.filter(({ run }) => !this.#broken.has(run));
    const results = whole.length > 0 ? await this.#remembering(whole) : [];
    let at = 0;
    return rows.map((row) => (whole[at] === row ? results[at++] : new RowFailure(this.#broken.get(row.run))));
  }

  /** Writes, and remembers the runs of which something was not written. */
  async #remembering(rows: readonly Entry[]): Promise<readonly Result[]> {
    try {
      const results = await this.#sealAndFlush(rows);
      results.forEach((result, index) => {
        const run = rows[index]?.run;
        if (result instanceof RowFailure && run !== undefined) this.#broken.set(run, result.error);
      });
      return results;
    } catch (error) {
      for (const { run } of rows) this.#broken.set(run, error);
      throw error;
    }
  }

  /** Whose organization was deleted meanwhile has no run left to write for. */
  async #sealAndFlush(rows: readonly Entry[]): Promise<readonly Result[]> {
    const vaults = await this.#vaultsOf(rows);
    const sealedAs = new Map<Entry, SealedEntry>();
    for (const own of groupByRun(rows).values()) {
      const vault = vaults.get(own[0].organization);
      if (vault) sealEntries(vault, own, (entry, as) => sealedAs.set(entry, as));
    }
    const sealed = rows.flatMap((row) => sealedAs.get(row) ?? []);
    const results = sealed.length > 0 ? await this.#flush(sealed) : [];
    let at = 0;
    return rows.map(({ run, organization }) =>
      vaults.get(organization) ? results[at++] : new RowFailure(new RunTaken(run)),
    );
  }

  /** Kept by the keyring: in the midst of work this waits for nothing. */
  async #vaultsOf(rows: readonly Entry[]): Promise<ReadonlyMap<string, Vault | null>> {
    const vaults = new Map<string, Vault | null>();
    for (const { organization } of rows) {
      if (vaults.has(organization)) continue;
      const vault = await this.#vaultOf(organization).catch((error: unknown) => {
        if (error instanceof CannotOpen) return null;
        throw new StoreUnavailable(error);
      });
      vaults.set(organization, vault);
    }
    return vaults;
  }

  async #flush(rows: readonly SealedEntry[]): Promise<readonly Result[]> {
    try {
      const flushed = await this.#send(rows);
      return rows.map((row) => {
        if (row.kind === 'run') return flushed.runs?.[row.run] ?? new RowFailure(new RunTaken(row.run));
        return row.kind === 'intent' ? intended(flushed.intents?.[`${row.run}/${row.key}`]) : undefined;
      });
    } catch (error) {
      if (!isRefusedData(error)) throw error instanceof LeaseLost ? error : new StoreUnavailable(error);
      const byRun = groupByRun(rows);
      if (byRun.size === 1) return this.#flushApart(rows, error);
      // One run's bad data must not stop the others: each goes alone, and only the bad one is told.
      const results = new Map<SealedEntry, Result>();
      for (const own of byRun.values()) {
        const outcome = await this.#flush(own).catch((reason: unknown) => own.map(() => new RowFailure(reason)));
        own.forEach((row, index) => results.set(row, outcome[index]));
      }
      return rows.map((row) => results.get(row));
    }
  }

  /** Of a run's end that the database refuses, the steps before it are written all the same: they happened. */
  async #flushApart(rows: readonly SealedEntry[], refusal: unknown): Promise<readonly Result[]> {
    const last = rows.at(-1);
    if (rows.length === 1 || last?.kind !== 'run') throw refusal;
    const before = await this.#flush(rows.slice(0, -1));
    const [end] = await this.#flush([last]).catch((reason: unknown) => [new RowFailure(reason)]);
    return [...before, end];
  }

  async #send(rows: readonly SealedEntry[]): Promise<Flushed> {
    const { name, text, values } = flushStatement(this.#lease, rows);
    const has = (wanted: Entry['kind']): boolean => rows.some(({ kind }) => kind === wanted);
    let send = () => this.#pool.query<Flushed>({ name, text, values: [...values] });
    const around = (before: Failpoint, after: Failpoint): void => {
      const inner = send;
      send = () => between(before, inner, after);
    };
    if (has('intent')) around('effect.intend.before', 'effect.intend.after');
    if (has('outcome')) around('effect.settle.before', 'effect.settle.after');
    if (has('checkpoint')) around('checkpoint.commit.before', 'checkpoint.commit.after');
    else around('journal.commit.before', 'journal.commit.after');
    const result = await send();
    const flushed = result.rows[0];
    if (flushed?.held !== 1) throw new LeaseLost(this.#lease.token);
    return flushed;
  }
}

const NOTHING: KnownIntent = { mine: false, own: false, state: null, attempt: null, result: null };

function intended(known: KnownIntent | undefined): Intended {
  const { mine, own, state, attempt, result } = known ?? NOTHING;
  const now = mine ? 'intended' : (state ?? 'intended');
  return {
    mine,
    own,
    state: now,
    attempt: attempt ?? 1,
    result: result === null ? null : Buffer.from(result, 'base64'),
  };
}

/** PostgreSQL's classes 22 (data exception), 23 (integrity) and 54 (program limit): the rows are at fault, not the connection. */
export function isRefusedData(error: unknown): boolean {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(22|23|54)...$/.test(code);
}

function groupByRun<Row extends { readonly run: string }>(rows: readonly Row[]): Map<string, [Row, ...Row[]]> {
  const byRun = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const own = byRun.get(row.run);
    if (own) own.push(row);
    else byRun.set(row.run, [row]);
  }
  return byRun;
}
