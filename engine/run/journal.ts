import type { Pool } from 'pg';
import { isRefusedData } from '#db/errors.js';
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

/** What a batch brings to a flush. */
class Load {
  readonly run: string;
  readonly rows: readonly SealedEntry[];

  constructor(run: string, rows: readonly SealedEntry[]) {
    this.run = run;
    this.rows = rows;
  }
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
    try {
      const loads = await this.#load(batches);
      const whole = loads.filter((load) => load instanceof Load);
      const written = whole.length > 0 ? await this.#flush(whole) : [];
      let at = 0;
      const results = loads.map((load) => (load instanceof RowFailure ? load : written[at++]));
      results.forEach((result, index) => {
        if (result instanceof RowFailure) this.#break(batches[index]?.run, result.error);
      });
      return results;
    } catch (error) {
      for (const { run } of batches) this.#break(run, error);
      throw error;
    }
  }

  #break(run: string | undefined, error: unknown): void {
    if (run !== undefined && !this.#broken.has(run)) this.#broken.set(run, error);
  }

  /** What the batches hold, sealed. Whose organization was deleted meanwhile has no run left to write for. */
  async #load(batches: readonly Batch[]): Promise<readonly (Load | RowFailure)[]> {
    const taken = batches.map((batch) => ({ batch, entries: batch.take() }));
    const vaults = new Map<string, Vault | null>();
    const loads: (Load | RowFailure)[] = [];
    for (const { batch, entries } of taken) {
      const { run, organization } = batch;
      let vault = vaults.get(organization);
      if (vault === undefined) vaults.set(organization, (vault = await this.#open(organization)));
      if (this.#broken.has(run)) loads.push(new RowFailure(this.#broken.get(run)));
      else if (vault === null) loads.push(new RowFailure(new RunTaken(run)));
      else loads.push(new Load(run, sealEntries(vault, entries)));
    }
    return loads;
  }

  /** Kept by the keyring: in the midst of work this waits for nothing. */
  async #open(organization: string): Promise<Vault | null> {
    return this.#vaultOf(organization).catch((error: unknown) => {
      if (error instanceof CannotOpen) return null;
      throw new StoreUnavailable(error);
    });
  }

  async #flush(loads: readonly Load[]): Promise<readonly Result[]> {
    try {
      const flushed = await this.#send(loads.flatMap(({ rows }) => rows));
      return loads.map((load) => resultOf(load, flushed));
    } catch (error) {
      if (!isRefusedData(error)) throw error instanceof LeaseLost ? error : new StoreUnavailable(error);
      const byRun = groupByRun(loads);
      if (byRun.size === 1) return this.#flushApart(loads, error);
      // One run's bad data must not stop the others: each goes alone, and only the bad one is told.
      const results = new Map<Load, Result>();
      for (const own of byRun.values()) {
        const outcome = await this.#flush(own).catch((reason: unknown) => own.map(() => new RowFailure(reason)));
        own.forEach((load, index) => results.set(load, outcome[index]));
      }
      return loads.map((load) => results.get(load));
    }
  }

  /** Of a run's end that the database refuses, the steps before it are written all the same: they happened. */
  async #flushApart(loads: readonly Load[], refusal: unknown): Promise<readonly Result[]> {
    const rows = loads.flatMap((load) => load.rows);
    const last = rows.at(-1);
    if (rows.length === 1 || last?.kind !== 'run') throw refusal;
    const { run } = last;
    await this.#flush([new Load(run, rows.slice(0, -1))]);
    const [end] = await this.#flush([new Load(run, [last])]).catch((reason: unknown) => [new RowFailure(reason)]);
    return loads.map((_, index) => (index === loads.length - 1 ? end : undefined));
  }

  async #send(rows: readonly SealedEntry[]): Promise<Flushed> {
    const { name, text, values, kinds } = flushStatement(this.#lease, rows);
    let send = () => this.#pool.query<Flushed>({ name, text, values: [...values] });
    const around = (before: Failpoint, after: Failpoint): void => {
      const inner = send;
      send = () => between(before, inner, after);
    };
    if (kinds.has('intent')) around('effect.intend.before', 'effect.intend.after');
    if (kinds.has('outcome')) around('effect.settle.before', 'effect.settle.after');
    if (kinds.has('checkpoint')) around('checkpoint.commit.before', 'checkpoint.commit.after');
    else around('journal.commit.before', 'journal.commit.after');
    const result = await send();
    const flushed = result.rows[0];
    if (flushed?.held !== 1) throw new LeaseLost(this.#lease.token);
    return flushed;
  }
}

/** A batch is answered what its last entry is: a run's end and an intent come last, or alone. */
function resultOf({ run, rows }: Load, { runs, intents }: Flushed): Result {
  const last = rows.at(-1);
  if (last?.kind === 'run') return runs?.[run] ?? new RowFailure(new RunTaken(run));
  return last?.kind === 'intent' ? intended(intents?.[`${run}/${last.key}`]) : undefined;
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

function groupByRun(loads: readonly Load[]): ReadonlyMap<string, readonly Load[]> {
  const byRun = new Map<string, Load[]>();
  for (const load of loads) {
    const own = byRun.get(load.run);
    if (own) own.push(load);
    else byRun.set(load.run, [load]);
  }
  return byRun;
}
