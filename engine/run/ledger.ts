import type { Pool } from 'pg';
import { GroupCommit } from '#db/groupCommit.js';
import type { EffectState } from '#engine/graph/statuses.js';
import { EffectDidNotHappen, NodeError } from '#nodes/sdk/errors.js';
import type { Json } from '#nodes/sdk/json.js';
import { isRefusedData, RunTaken, StoreUnavailable } from './journal.js';
import { LeaseLost, type Lease } from './lease.js';
import { pack, plainArray, textArray } from './packing.js';

/** Which effect: a run's, under a key that is unique within it. */
export interface EffectKey {
  readonly organizationId: string;
  readonly runId: string;
  /** `<path>:<key of the node>`. */
  readonly key: string;
}

/** What the provider says about an effect whose outcome we did not record. */
export type Verdict =
  { readonly happened: true; readonly result: Json } | { readonly happened: false } | { readonly happened: 'unknown' };

/** Asks the provider, by the idempotency key it was given (`<runId>/<key>`). */
export type Reconcile = (effect: EffectKey & { readonly idempotencyKey: string }) => Promise<Verdict>;

/** Nobody knows whether it happened. It is never repeated blindly: a person decides. */
export class EffectUncertain extends NodeError {
  constructor() {
    super('It is not known whether this was done outside; it is not repeated, so that it is never done twice.', {
      code: 'effect_uncertain',
      actor: 'platform',
      retryable: false,
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
type Outcome = EffectKey &
  ({ readonly state: 'done' | 'uncertain'; readonly result: Json } | { readonly state: 'taken back' });

const fence = `lease as materialized (select 1 from platform.workers where id = $1 and epoch = $2 and alive for share)`;

/**
 * Intent, act, outcome: each transition group-committed and fenced by the worker's lease. Whoever comes again gets the recorded outcome; finding
 * only the intent, it asks the provider; without an answer the effect stays `uncertain`.
 */
export class Ledger {
  readonly #pool: Pool;
  readonly #lease: Lease;
  readonly #reconcile: Reconcile;
  readonly #intents: GroupCommit<EffectKey, Known>;
  readonly #outcomes: GroupCommit<Outcome, void>;
  /** Effects under way in this process: a second try of a step that timed out joins the first one instead of acting beside it. */
  readonly #underWay = new Map<string, Promise<Json>>();

  constructor(pool: Pool, lease: Lease, reconcile: Reconcile) {
    this.#pool = pool;
    this.#lease = lease;
    this.#reconcile = reconcile;
    this.#intents = new GroupCommit((rows) => this.#guard(() => this.#intend(rows)), { maxInFlight: 2 });
    this.#outcomes = new GroupCommit((rows) => this.#guard(() => this.#settle(rows)), { maxInFlight: 2 });
  }

  /**
   * Does it at most once and returns its result, now or as recorded. Throws what `perform` throws, `EffectUncertain`, `LeaseLost`,
   * `StoreUnavailable`, or `RunTaken` when another run answers in place of this one.
   */
  effect(effect: EffectKey, perform: (idempotencyKey: string) => Promise<Json>): Promise<Json> {
    const idempotencyKey = `${effect.runId}/${effect.key}`;
    const before = this.#underWay.get(idempotencyKey);
    if (before) return before;
    const doing = this.#effect(effect, idempotencyKey, perform).finally(() => this.#underWay.delete(idempotencyKey));
    this.#underWay.set(idempotencyKey, doing);
    return doing;
  }

  /** What the effect gave in one of these runs, the first named first; `undefined` when it happened in none of them, as far as is known. */
  async outcomeIn(runIds: readonly string[], key: string): Promise<Json | undefined> {
    return this.#guard(async () => {
      const { rows } = await this.#pool.query<{ result: Buffer | null }>({
        name: 'effect:outcome',
        text: `select result from platform.effects where run_id = any($1::uuid[]) and key = $2 and state = 'done'
          order by array_position($1::uuid[], run_id) limit 1`,
        values: [plainArray(runIds), key],
      });
      const [done] = rows;
      return done && (JSON.parse(done.result?.toString() ?? 'null') as Json);
    });
  }

  async #effect(effect: EffectKey, idempotencyKey: string, perform: (key: string) => Promise<Json>): Promise<Json> {
    const asked = performance.now();
    const known = await this.#intents.add(effect);
    if (!known.own) throw new RunTaken(effect.runId);
    if (known.state === 'done') return JSON.parse(known.result?.toString() ?? 'null') as Json;
    if (!known.mine) {
      const verdict = await this.#reconcile({ ...effect, idempotencyKey });
      if (verdict.happened === 'unknown') {
        await this.#outcomes.add({ ...effect, state: 'uncertain', result: null });
        throw new EffectUncertain();
      }
      if (verdict.happened) {
        await this.#outcomes.add({ ...effect, state: 'done', result: verdict.result });
        return verdict.result;
      }
    }
    // The flush has just proved the lease. A process that was stopped since must not act: the clock is the only fence the outside has.
    if (this.#lease.lost.aborted || performance.now() - asked > this.#lease.ttlMs)
      throw new LeaseLost(this.#lease.token);
    let result: Json;
    try {
      result = await perform(idempotencyKey);
    } catch (error) {
      if (error instanceof EffectDidNotHappen) await this.#outcomes.add({ ...effect, state: 'taken back' });
      throw error;
    }
    await this.#outcomes.add({ ...effect, state: 'done', result });
    return result;
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
        fresh as (insert into platform.effects (run_id, key, organization_id, state, worker)
          select run, key, org, 'intended', $1 || '@' || $2 from asked join own on own.id = asked.run, lease on conflict do nothing returning run_id, key)
        select a.i::int as i, f.key is not null as mine, exists (select 1 from own where own.id = a.run) as own, e.state, e.result,
          (select count(*)::int from lease) as held
        from asked a left join fresh f on f.run_id = a.run and f.key = a.key left join platform.effects e on e.run_id = a.run and e.key = a.key`,
      values: [
        this.#lease.id,
        this.#lease.epoch,
        plainArray(rows.map((row) => row.runId)),
        textArray(rows.map((row) => row.key)),
        plainArray(rows.map((row) => row.organizationId)),
      ],
    });
    if (found.rows[0]?.held !== 1) throw new LeaseLost(this.#lease.token);
    const byIndex = new Map(found.rows.map((row) => [row.i, row]));
    return rows.map((_, index): Known => {
      const row = byIndex.get(index + 1);
      return {
        mine: row?.mine ?? false,
        own: row?.own ?? false,
        state: row?.state ?? 'intended',
        result: row?.result ?? null,
      };
    });
  }

  async #settle(rows: readonly Outcome[]): Promise<void[]> {
    const packed = pack(
      rows.map((row) => [row.state === 'taken back' ? null : Buffer.from(JSON.stringify(row.result))]),
      1,
    );
    const settled = await this.#pool.query<{ held: number }>({
      name: 'effect:settle',
      text: `with ${fence},
        outcome as (select * from unnest($4::int[], $5::int[], $6::uuid[], $7::text[], $8::text[]) u(f, l, run, key, state)),
        recorded as (update platform.effects e set state = o.state, result = nullif(substring($3::bytea from o.f for o.l), ''), updated_at = now()
          from outcome o, lease where e.run_id = o.run and e.key = o.key and o.state <> 'taken back' and e.state <> 'done'),
        taken_back as (delete from platform.effects e using outcome o, lease
          where e.run_id = o.run and e.key = o.key and o.state = 'taken back' and e.state <> 'done')
        select count(*)::int as held from lease`,
      values: [
        this.#lease.id,
        this.#lease.epoch,
        packed.data,
        packed.offsets,
        ...packed.lengths,
        plainArray(rows.map((row) => row.runId)),
        textArray(rows.map((row) => row.key)),
        textArray(rows.map((row) => row.state)),
      ],
    });
    if (settled.rows[0]?.held !== 1) throw new LeaseLost(this.#lease.token);
    return rows.map(() => undefined);
  }
}
