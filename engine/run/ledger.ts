import type { Pool } from 'pg';
import { between } from '#db/failpoint.js';
import { openBytes } from '#db/sealing/runRecords.js';
import type { VaultOf } from '#db/sealing/vault.js';
import type { EffectState } from '#engine/graph/statuses.js';
import type { EffectOptions, Verdict } from '#nodes/sdk/context.js';
import { detail } from '#nodes/sdk/details.js';
import { EffectDidNotHappen, NodeError } from '#nodes/sdk/errors.js';
import type { Json } from '#nodes/sdk/json.js';
import { isRefusedData, RunTaken, StoreUnavailable } from './journal.js';
import { Lanes } from './lanes.js';
import { LeaseLost, type Lease } from './lease.js';
import { pack, plainArray, textArray } from './packing.js';

/** Which effect: a run's, under a key that is unique within it. */
export interface EffectKey {
  readonly organizationId: string;
  readonly runId: string;
  /** `<path>:<key of the node>`. */
  readonly key: string;
}

/** Asks the provider, by the idempotency key it was given (`<runId>/<key>`). */
export type Reconcile = (effect: EffectKey & { readonly idempotencyKey: string }) => Promise<Verdict>;

/** A message that its channel has taken. */
export interface SentMessage {
  readonly id: string;
  /** The channel's own. */
  readonly externalId: string | null;
}

/**
 * Does it. `mayAct` throws `LeaseLost` when this worker must not act any more; to be called right before anything leaves. `sent` has the row of a message
 * say what became of it in the statement that records the effect.
 */
export type Perform<Result extends Json = Json> = (
  idempotencyKey: string,
  mayAct: () => void,
  sent: (message: SentMessage) => void,
) => Promise<Result>;

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

interface Known {
  /** The intent was recorded just now, by this call. */
  readonly mine: boolean;
  /** The run may still act: no other was started in its place. Its row is held while the intent is recorded, so that this stays true. */
  readonly own: boolean;
  readonly state: EffectState;
  readonly result: Buffer | null;
}
interface Outcome extends EffectKey {
  readonly state: 'done' | 'uncertain' | 'not_done';
  readonly result: Json;
  /** Who knew. */
  readonly by: 'worker' | 'provider';
  readonly message?: SentMessage | null;
}

const fence = `lease as materialized (select 1 from platform.workers where id = $1 and epoch = $2 and alive for share)`;

/** Not fenced: what the channel has taken, it has taken. A report of it may have come first, and knows better. */
const MESSAGES_SENT = `sent as (update platform.messages m set status = case when m.status = 'queued' then 'sent' else m.status end,
    external_id = coalesce(m.external_id, u.external_id) from unnest($10::uuid[], $11::text[]) u(id, external_id) where m.id = u.id)`;

/**
 * Intent, act, outcome: each transition group-committed and fenced by the worker's lease. Whoever comes again gets the recorded outcome; finding
 * only the intent, it asks the provider; without an answer the effect stays `uncertain`.
 */
export class Ledger {
  readonly #pool: Pool;
  /** Under which this worker acts. */
  readonly lease: Lease;
  readonly #reconcile: Reconcile;
  readonly #vaultOf: VaultOf;
  readonly #intents: Lanes<EffectKey, Known>;
  readonly #outcomes: Lanes<Outcome>;
  /** Effects under way in this process: a second try of a step that timed out joins the first one instead of acting beside it. */
  readonly #underWay = new Map<string, Promise<Json>>();

  /** @param isUrgent whether a run goes before the others, where they wait for each other */
  constructor(
    pool: Pool,
    lease: Lease,
    vaultOf: VaultOf,
    reconcile: Reconcile,
    isUrgent: (runId: string) => boolean = () => false,
  ) {
    this.#pool = pool;
    this.lease = lease;
    this.#reconcile = reconcile;
    this.#vaultOf = vaultOf;
    const lanes = { isUrgent: ({ runId }: EffectKey): boolean => isUrgent(runId), maxInFlight: 2, hurry: true };
    this.#intents = new Lanes<EffectKey, Known>(
      (rows) => this.#guard(() => between('effect.intend.before', () => this.#intend(rows), 'effect.intend.after')),
      lanes,
    );
    this.#outcomes = new Lanes<Outcome>(
      (rows) => this.#guard(() => between('effect.settle.before', () => this.#settle(rows), 'effect.settle.after')),
      lanes,
    );
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
    const doing = this.#effect(effect, idempotencyKey, perform, options).finally(() =>
      this.#underWay.delete(idempotencyKey),
    );
    this.#underWay.set(idempotencyKey, doing);
    return doing;
  }

  /** What the effect gave in one of these runs, the first named first; `undefined` when it happened in none of them, as far as is known. */
  async outcomeIn(runIds: readonly string[], key: string): Promise<Json | undefined> {
    return this.#guard(async () => {
      const { rows } = await this.#pool.query<{ organization: string; result: Buffer | null }>({
        name: 'effect:outcome',
        text: `select organization_id as organization, result from platform.effects where run_id = any($1::uuid[]) and key = $2 and state = 'done'
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
    { repeatable = false, ask }: EffectOptions,
  ): Promise<Json> {
    const known = await this.#intents.add(effect);
    if (!known.own) throw new RunTaken(effect.runId);
    if (known.state === 'done') return this.#guard(() => this.#open(effect.organizationId, known.result));
    if (!known.mine && !repeatable) {
      const verdict = await (ask ? ask() : this.#reconcile({ ...effect, idempotencyKey }));
      if (verdict.happened !== false) return this.#believe(effect, verdict);
    }
    const mayAct = (): void => this.lease.check();
    mayAct();
    let result: Json;
    let message: SentMessage | null = null;
    try {
      result = await perform(idempotencyKey, mayAct, (sent) => (message = sent));
    } catch (error) {
      if (error instanceof EffectDidNotHappen)
        await this.#outcomes.add({ ...effect, state: 'not_done', result: null, by: 'worker' });
      if (!isUnclear(error) || repeatable) throw error;
      const verdict = (await ask?.()) ?? { happened: 'unknown' };
      if (verdict.happened !== false) return this.#believe(effect, verdict, error);
      await this.#outcomes.add({ ...effect, state: 'not_done', result: null, by: 'provider' });
      throw didNotHappen(error);
    }
    await this.#outcomes.add({ ...effect, state: 'done', result, by: 'worker', message });
    return result;
  }

  /** Writes down what was said of an effect that may have happened, and gives its result or throws `EffectUncertain`. */
  async #believe(effect: EffectKey, verdict: Exclude<Verdict, { happened: false }>, cause?: unknown): Promise<Json> {
    if (verdict.happened === 'unknown') {
      await this.#outcomes.add({ ...effect, state: 'uncertain', result: null, by: cause ? 'worker' : 'provider' });
      throw new EffectUncertain(cause);
    }
    await this.#outcomes.add({ ...effect, state: 'done', result: verdict.result, by: 'provider' });
    return verdict.result;
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

  async #intend(rows: readonly EffectKey[]): Promise<Known[]> {
    const found = await this.#pool.query<{
      i: number;
      mine: boolean;
      own: boolean;
      state: EffectState | null;
      result: Buffer | null;
      held: number;
    }>({
      name: 'effect:intend',
      text: `with ${fence},
        asked as (select * from unnest($3::uuid[], $4::text[], $5::uuid[]) with ordinality u(run, key, org, i)),
        own as materialized (select r.id from platform.runs r where r.id = any($3::uuid[]) and r.superseded_by is null
          and (r.status <> 'canceled' or r.error ->> 'code' is distinct from 'superseded') order by r.id for share),
        fresh as (insert into platform.effects as e (run_id, key, organization_id, state, worker)
          select run, key, org, 'intended', $1 || '@' || $2 from asked join own on own.id = asked.run, lease
          on conflict (run_id, key) do update set state = 'intended', attempts = e.attempts + 1, worker = excluded.worker, settled_by = null,
            resolved_by = null, surfaced_at = null, updated_at = now() where e.state = 'not_done' returning run_id, key)
        select a.i::int as i, f.key is not null as mine, exists (select 1 from own where own.id = a.run) as own, e.state, e.result,
          (select count(*)::int from lease) as held
        from asked a left join fresh f on f.run_id = a.run and f.key = a.key left join platform.effects e on e.run_id = a.run and e.key = a.key`,
      values: [
        this.lease.id,
        this.lease.epoch,
        plainArray(rows.map((row) => row.runId)),
        textArray(rows.map((row) => row.key)),
        plainArray(rows.map((row) => row.organizationId)),
      ],
    });
    if (found.rows[0]?.held !== 1) throw new LeaseLost(this.lease.token);
    const byIndex = new Map(found.rows.map((row) => [row.i, row]));
    return rows.map((_, index): Known => {
      const row = byIndex.get(index + 1);
      // Read as it was before this statement: one that is ours now may still say `not_done`.
      const state = row?.mine ? 'intended' : (row?.state ?? 'intended');
      return { mine: row?.mine ?? false, own: row?.own ?? false, state, result: row?.result ?? null };
    });
  }

  async #settle(rows: readonly Outcome[]): Promise<void[]> {
    const results: [Buffer | null][] = [];
    for (const { state, organizationId, result } of rows) {
      const vault = state === 'done' ? await this.#vaultOf(organizationId) : null;
      results.push([vault && vault.seal(Buffer.from(JSON.stringify(result)))]);
    }
    const packed = pack(results, 1);
    const sent = rows.flatMap(({ message }) => message ?? []);
    const settled = await this.#pool.query<{ held: number }>({
      name: 'effect:settle',
      text: `with ${fence},
        outcome as (select * from unnest($4::int[], $5::int[], $6::uuid[], $7::text[], $8::text[], $9::text[]) u(f, l, run, key, state, by)),
        recorded as (update platform.effects e set state = o.state, result = nullif(substring($3::bytea from o.f for o.l), ''), updated_at = now(),
            settled_by = case when o.state <> 'uncertain' then o.by end
          from outcome o, lease where e.run_id = o.run and e.key = o.key and e.state in ('intended', 'uncertain')),
        ${MESSAGES_SENT}
        select count(*)::int as held from lease`,
      values: [
        this.lease.id,
        this.lease.epoch,
        packed.data,
        packed.offsets,
        ...packed.lengths,
        plainArray(rows.map((row) => row.runId)),
        textArray(rows.map((row) => row.key)),
        textArray(rows.map((row) => row.state)),
        textArray(rows.map((row) => row.by)),
        plainArray(sent.map(({ id }) => id)),
        textArray(sent.map(({ externalId }) => externalId)),
      ],
    });
    if (settled.rows[0]?.held !== 1) throw new LeaseLost(this.lease.token);
    return rows.map(() => undefined);
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
