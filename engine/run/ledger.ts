import { setTimeout as after } from 'node:timers/promises';
import type { Pool } from 'pg';
import { isRefusedData, isUnavailable } from '#db/errors.js';
import { openBytes } from '#db/sealing/runRecords.js';
import type { VaultOf } from '#db/sealing/vault.js';
import type { EffectOptions, Verdict } from '#nodes/sdk/context.js';
import { detail } from '#nodes/sdk/details.js';
import { EffectDidNotHappen, NodeError } from '#nodes/sdk/errors.js';
import type { Json } from '#nodes/sdk/json.js';
import { RunTaken, StoreUnavailable, type Journal } from './journal.js';
import type { OutcomeEntry, SentMessage } from './journalEntries.js';
import { LeaseLost, type Lease } from './lease.js';
import { plainArray } from './packing.js';
import { nothingToUndo, undoingHappened } from './undone.js';

/** Which effect: a run's, under a key that is unique within it. */
export interface EffectKey {
  readonly organizationId: string;
  readonly runId: string;
  /** `<path>:<key of the node>`. */
  readonly key: string;
}

/** Asks the provider, by the idempotency key it was given (`<runId>/<key>`). */
export type Reconcile = (effect: EffectKey & { readonly idempotencyKey: string }) => Promise<Verdict>;

/**
 * Does it. `mayAct` throws `LeaseLost` when this worker must not act any more; to be called right before anything leaves. `sent` has the row of a message
 * say what became of it in the statement that records the effect.
 */
export type Perform<Result extends Json = Json> = (
  idempotencyKey: string,
  mayAct: () => void,
  sent: (message: SentMessage) => void,
) => Promise<Result>;

/** What became of an effect went on record after an outage: shown to whoever looks at its run, and at the message that it sent, if it sent one. */
export type SettledLate = (effect: EffectKey, messageId: string | null) => Promise<void>;

/** Nobody knows whether it happened. It is never repeated blindly: the provider's word or a person decides. `cause`: what broke, when this worker saw it. */
export class EffectUncertain extends NodeError {
  constructor(cause?: unknown) {
    super(detail('effect.uncertain'), {
      code: 'effect_uncertain',
      actor: 'platform',
      retryable: false,
      cause,
    });
  }
}

/** How long after a database that was away is tried again. */
const LATER_MS = 500;

interface Outcome {
  readonly state: OutcomeEntry['state'];
  readonly attempt: number;
  readonly by: OutcomeEntry['by'];
  readonly result?: Json;
  readonly message?: SentMessage | null;
}

/**
 * Intent, act, outcome: both on record through the journal, the intent with what led to it, the outcome with what follows from it. Whoever comes again gets
 * the recorded outcome; finding only the intent, it asks the provider; without an answer the effect stays `uncertain`.
 */
export class Ledger {
  readonly #pool: Pool;
  /** Under which this worker acts. */
  readonly lease: Lease;
  readonly #reconcile: Reconcile;
  readonly #vaultOf: VaultOf;
  readonly #journal: Journal;
  readonly #isAtWork: (runId: string) => boolean;
  readonly #settledLate: SettledLate;
  /**
   * Effects under way in this process, until their outcome is on record: a second try of a step that timed out joins the first one instead of acting beside
   * it, and one that failed after its effect is given what that gave.
   */
  readonly #underWay = new Map<string, Promise<Json>>();

  /** @param isAtWork whether a run is being executed here: else what became of its effect is waited for, as nothing of it follows */
  constructor(
    pool: Pool,
    lease: Lease,
    vaultOf: VaultOf,
    reconcile: Reconcile,
    journal: Journal,
    isAtWork: (runId: string) => boolean,
    settledLate: SettledLate = async () => {},
  ) {
    this.#pool = pool;
    this.lease = lease;
    this.#reconcile = reconcile;
    this.#vaultOf = vaultOf;
    this.#journal = journal;
    this.#isAtWork = isAtWork;
    this.#settledLate = settledLate;
  }

  /**
   * Does it at most once and returns its result, now or as recorded. `repeatable` effects may be asked for again under the same key, because the
   * provider does them once. Throws what `perform` throws, `EffectUncertain`, `LeaseLost`, `StoreUnavailable`, or `RunTaken` when another run answers
   * in place of this one.
   */
  effect(effect: EffectKey, perform: Perform, options: EffectOptions = {}): Promise<Json> {
    const idempotencyKey = `${effect.runId}/${effect.key}`;
    const before = this.#underWay.get(idempotencyKey);
    if (before) return before;
    const over = (): void => {
      this.#underWay.delete(idempotencyKey);
      // Of a run at work the executor forgets what could not be written, once it is not any more.
      if (!this.#isAtWork(effect.runId)) this.#journal.forget(effect.runId);
    };
    const doing = this.#effect(effect, idempotencyKey, perform, options).then(
      async ({ result, recorded }) => {
        // The journal writes nothing of the run behind what it could not write, so that what follows stands for it.
        const kept = recorded?.finally(over);
        kept?.catch(() => {});
        if (!recorded) over();
        else if (!this.#isAtWork(effect.runId)) await kept;
        return result;
      },
      (error: unknown) => {
        over();
        throw error;
      },
    );
    this.#underWay.set(idempotencyKey, doing);
    return doing;
  }

  /** What the effect gave in one of these runs, the first named first; `undefined` when it happened in none of them, as far as is known, or that is kept no longer. */
  async outcomeIn(runIds: readonly string[], key: string): Promise<Json | undefined> {
    return this.#guard(async () => {
      const { rows } = await this.#pool.query<{ organization: string; result: Buffer | null }>({
        name: 'effect:outcome',
        text: `select organization_id as organization, result from platform.effects where run_id = any($1::uuid[]) and key = $2 and state = 'done' and result is not null
          order by array_position($1::uuid[], run_id) limit 1`,
        values: [plainArray(runIds), key],
      });
      const [done] = rows;
      return done && this.#open(done.organization, done.result);
    });
  }

  async #effect(
    effect: EffectKey,
    idempotencyKey: string,
    perform: Perform,
    options: EffectOptions,
  ): Promise<{ readonly result: Json; readonly recorded?: Promise<unknown> }> {
    const { runId: run, organizationId: organization, key } = effect;
    const { repeatable = false, ask } = options;
    const known = await this.#journal.intend({ kind: 'intent', run, organization, key });
    if (!known.own) throw new RunTaken(run);
    const { attempt } = known;
    if (known.state === 'done') return { result: await this.#guard(() => this.#open(organization, known.result)) };
    if (!known.mine && !repeatable) {
      const verdict = await (ask ? ask() : this.#reconcile({ ...effect, idempotencyKey }));
      if (verdict.happened !== false) return { result: await this.#believe(effect, attempt, verdict) };
      // A try of its own: whoever made the one before may still come to say what became of that.
      await this.#settle(effect, { state: 'not_done', attempt, by: 'provider' });
      return this.#effect(effect, idempotencyKey, perform, options);
    }
    const mayAct = (): void => this.lease.check();
    mayAct();
    let result: Json;
    let message: SentMessage | null = null;
    try {
      result = await perform(idempotencyKey, mayAct, (sent) => (message = sent));
    } catch (error) {
      if (error instanceof EffectDidNotHappen)
        await this.#settle(effect, { state: 'not_done', attempt, by: 'worker', message });
      if (!isUnclear(error) || repeatable) throw error;
      const verdict = (await ask?.()) ?? { happened: 'unknown' };
      if (verdict.happened !== false) return { result: await this.#believe(effect, attempt, verdict, error) };
      await this.#settle(effect, { state: 'not_done', attempt, by: 'provider' });
      throw didNotHappen(error);
    }
    return { result, recorded: this.#settle(effect, { state: 'done', attempt, result, by: 'worker', message }) };
  }

  /** Writes down what was said of an effect that may have happened, and gives its result or throws `EffectUncertain`. */
  async #believe(
    effect: EffectKey,
    attempt: number,
    verdict: Exclude<Verdict, { happened: false }>,
    cause?: unknown,
  ): Promise<Json> {
    if (verdict.happened === 'unknown') {
      await this.#settle(effect, { state: 'uncertain', attempt, by: cause ? 'worker' : 'provider' });
      throw new EffectUncertain(cause);
    }
    await this.#settle(effect, { state: 'done', attempt, result: verdict.result, by: 'provider' });
    return verdict.result;
  }

  async #settle(effect: EffectKey, outcome: Outcome): Promise<void> {
    try {
      await this.#record(effect, outcome);
    } catch (error) {
      if (error instanceof StoreUnavailable && outcome.state !== 'uncertain') void this.#recordLater(effect, outcome);
      throw error;
    }
  }

  #record(
    { runId: run, organizationId: organization, key }: EffectKey,
    { state, attempt, by, result = null, message = null }: Outcome,
  ): Promise<unknown> {
    const bytes = state === 'done' ? Buffer.from(JSON.stringify(result)) : null;
    return this.#journal.add({ kind: 'outcome', run, organization, key, state, attempt, result: bytes, by, message });
  }

  /**
   * What became of an effect while the database was away is known here all the same, whether it happened or not: it goes on record once that is back, unless
   * this worker was declared dead meanwhile, and a run that came to wait for somebody to say it goes on.
   */
  async #recordLater(effect: EffectKey, outcome: Outcome): Promise<void> {
    const { runId } = effect;
    while (!this.#pool.ending && !this.lease.lost.aborted) {
      await after(LATER_MS, undefined, { ref: false });
      try {
        await this.#record(effect, outcome);
        const settle = { done: undoingHappened, not_done: nothingToUndo, uncertain: null }[outcome.state];
        await settle?.((...asked) => this.#pool.query(...asked), runId, effect.key);
        // Last: whoever is woken finds all of it.
        await this.#pool.query('update platform.runs set unseen_answers = unseen_answers + 1 where id = $1', [runId]);
        // Only shown: read anew, it is there.
        return void (await this.#settledLate(effect, outcome.message?.id ?? null).catch(() => {}));
      } catch (error) {
        if (!isUnavailable(error) && !(error instanceof StoreUnavailable)) return;
      } finally {
        if (!this.#isAtWork(runId)) this.#journal.forget(runId);
      }
    }
  }

  async #open(organizationId: string, result: Buffer | null): Promise<Json> {
    return result && (JSON.parse(openBytes(await this.#vaultOf(organizationId), result).toString()) as Json);
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof LeaseLost || isRefusedData(error) ? error : new StoreUnavailable(error);
    }
  }
}

/** The provider was asked and gave no clear answer. A store that was away, or a fault of ours, says nothing about the provider. */
const isUnclear = (error: unknown): error is NodeError =>
  error instanceof NodeError && !(error instanceof EffectDidNotHappen);

/** What the other side never did may be tried again. */
const didNotHappen = (error: NodeError): EffectDidNotHappen =>
  new EffectDidNotHappen(error.message, {
    code: error.code,
    actor: error.actor,
    retryable: true,
    cause: error,
    detail: error.detail,
  });
