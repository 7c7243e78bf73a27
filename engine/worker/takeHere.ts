import type { Pool } from 'pg';
import { claiming, type ClaimedRow } from '#engine/run/claim.js';
import type { Lease } from '#engine/run/lease.js';
import { admitting, FIRST, HANDICAP } from './admission.js';
import { HELD_BACK } from './heldBack.js';
import { storedRun, type StoredRun } from './run/readRuns.js';
import { underWay } from './underWay.js';

/** A run that is this worker's to begin. `stored` and `claim` are those of one that is claimed already; the others are only admitted. */
export interface Taken {
  readonly runId: string;
  readonly organizationId: string;
  readonly whole: { readonly stored: StoredRun; readonly claim: ClaimedRow } | null;
}

export interface TakenRuns {
  readonly taken: readonly Taken[];
  /** Organizations of which something was left waiting. */
  readonly rest: readonly string[];
  /** Organizations of which something is held back with its department, in place of what may have stood behind it. */
  readonly held: readonly string[];
  /** There are other workers, which may have room. */
  readonly others: boolean;
  /** Nothing was taken: this worker was declared dead. */
  readonly lost: boolean;
}

export interface Room {
  /** Runs that may begin here now. */
  readonly free: number;
  /** Runs that may begin here when they are among the first few of their organization; not less than `free`. */
  readonly first: number;
  /** Most runs of one organization that are admitted anywhere. */
  readonly share: number;
  /** Take what was written down first, whatever its priority. */
  readonly oldest: boolean;
}

export interface Asked {
  readonly organizationId: string;
  /** Runs of it that are under way here. */
  readonly underWay: number;
}

/**
 * Admits runs and claims them for this worker in one statement. Organizations take turns as on the queue: a run stands where its organization's number
 * of runs under way here puts it, and the same handicap weighs priorities. A run that answers a customer is only admitted: it is claimed once its messages are taken.
 */
const TAKE = `with lease as materialized (select w.id || '@' || w.epoch as token from platform.workers w where w.id = $1 and w.epoch = $2 and w.alive for share),
    room as materialized (
      select w.o, w.n, greatest($3::int - ${underWay('w.o', '$3::int')}, 0)::int as free
      from unnest($4::uuid[], $5::int[]) w(o, n)),
    chosen as materialized (
      select c.id, room.o, room.n + c.at as place,
        row_number() over (order by case when $6::boolean then 0 else room.n + c.at + c.priority * ${HANDICAP} end, c.id) as turn
      from room cross join lateral (
        select a.id, a.priority, row_number() over (order by case when $6::boolean then 0 else a.priority end, a.id) - 1 as at
        from (values (0::smallint), (1::smallint), (2::smallint)) k(p) cross join lateral (
          select id, priority from platform.runs where organization_id = room.o and status = 'queued' and admitted_at is null and not held
            and priority between k.p and k.p and (not_before is null or not_before <= now()) order by priority, id limit least(room.free, greatest($7::int, ${FIRST}) + 1)) a
        order by at limit least(room.free, greatest($7::int, ${FIRST}) + 1)) c),
    picked as materialized (
      select held.*, held.conversation_id is null as whole from chosen cross join lateral (
        select r.id, r.status, r.admitted_at, r.conversation_id, ${HELD_BACK} as stands from platform.runs r where r.id = chosen.id for update skip locked) held
      where chosen.turn <= $7::int or chosen.place < ${FIRST} and chosen.turn <= $8::int),
    kept as (update platform.runs r set held = true from picked, lease
      where r.id = picked.id and picked.status = 'queued' and picked.admitted_at is null and picked.stands returning r.organization_id),
    taken as (update platform.runs r set admitted_at = now(),
        status = case when picked.whole then 'running' else r.status end, worker = case when picked.whole then lease.token else r.worker end,
        attempts = case when picked.whole then r.attempts + 1 else r.attempts end, unseen_answers = case when picked.whole then 0 else r.unseen_answers end,
        started_at = case when picked.whole then coalesce(r.started_at, now()) else r.started_at end,
        finished_at = case when picked.whole then null else r.finished_at end
      from picked, lease, platform.organizations o
      where r.id = picked.id and picked.status = 'queued' and picked.admitted_at is null and not picked.stands and o.id = r.organization_id
      returning json_build_object('runId', r.id, 'organizationId', r.organization_id, 'whole', case when picked.whole then json_build_object(
        'stored', json_build_object(${storedRun.map(([name, value]) => `'${name}', ${value}`).join(', ')}),
        'claim', json_build_object('attempts', r.attempts, 'cancelRequested', r.cancel_requested, 'deaths', r.deaths, 'failing', r.failing)) end) as run)
  select not exists (select 1 from lease) as lost, array(select distinct organization_id from kept) as held,
    exists (select 1 from platform.workers w where w.alive and w.id <> $1) as others,
    coalesce((select json_agg(run) from taken), '[]') as taken,
    array(select distinct o from chosen where not (turn <= $7::int or place < ${FIRST} and turn <= $8::int)) as rest`;

/** Takes runs of these organizations for this worker. They must be worked on: until they are, only `freeOrphans` would give them back. */
export async function takeHere(
  engine: Pool,
  lease: Lease,
  asked: readonly Asked[],
  { free, first, share, oldest }: Room,
): Promise<TakenRuns> {
  const statement = {
    name: 'runs:take',
    text: TAKE,
    values: [
      lease.id,
      lease.epoch,
      share,
      asked.map(({ organizationId }) => organizationId),
      asked.map(({ underWay }) => underWay),
      oldest,
      free,
      first,
    ],
  };
  const { rows } = await admitting(() => claiming(() => engine.query<TakenRuns>(statement)));
  return rows[0] ?? { taken: [], rest: [], held: [], others: false, lost: true };
}
