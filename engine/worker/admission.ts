import type { Pool } from 'pg';
import { between } from '#db/failpoint.js';
import { runJobId } from './catalog.js';
import type { Queues } from './enqueue.js';
import { createLater } from './later.js';
import { HELD_BACK } from './heldBack.js';
import { underWay } from './underWay.js';

export interface Admission {
  /** A run of this organization was added or ended: admit what its share leaves free, at `notBefore` if that is later. Never throws or blocks. */
  wake(organizationId: string, notBefore?: Date | null): void;
  /** A run of this organization has ended and may have left room for another: as `wake`, but ends that come together are looked at together. */
  left(organizationId: string): void;
  /** Looks at every organization, and puts back what the queue has forgotten. Returns how many runs went to the queue. */
  sweep(): Promise<number>;
  /** Waits for what is under way and forgets timers. */
  close(): Promise<void>;
}

/** The way over the queue, for who may also begin runs without it. */
export interface QueueAdmission extends Admission {
  /** Organizations of which a run waits to be admitted. */
  waiting(): Promise<readonly string[]>;
  /** Puts back what the queue has forgotten; returns how many runs. */
  refill(): Promise<number>;
}

export interface AdmissionOptions {
  readonly engine: Pool;
  readonly queues: Queues;
  /**
   * Most runs of one organization on the queue or running. About twice a worker's concurrency keeps small tenants quick beside a
   * flood; below the concurrency it wastes workers (measured: 86 ms against 2,486 ms, and half the throughput).
   */
  readonly share: number;
  /** A queued run that no worker has taken for this long may be unknown to the queue and is announced again. */
  readonly refillAfterMs?: number;
  readonly onError?: (error: unknown) => void;
}

interface Admitted {
  readonly runId: string;
  readonly organizationId: string;
  readonly attempts: number;
  readonly priority: number;
  /** Runs of the organization that were on the queue or running before this statement. */
  readonly busy: number;
  /** It has waited so long that it goes before everything else. */
  readonly late: boolean;
  /** It was held back with its department instead. */
  readonly isHeld: boolean;
}

/** Runs of an organization, counted in what it has under way, that go to the queue of the first. */
export const FIRST = 4;
/**
 * How far behind the organization's own runs one of a lower priority stands, in places. Within an organization the more urgent goes first in any
 * case; between organizations these are weights: somebody's tenth urgent run and somebody else's first one that is not urgent are equals.
 */
export const HANDICAP = 16;
/** Ends of runs within this time are looked at together. Only who is at its share waits for it, and has others under way meanwhile. */
export const TOGETHER_MS = 5;
/** One admission in so many takes the organization's oldest run whatever its priority, so that what is low goes on as well. */
const OLDEST_EVERY = 8;
/** Whatever admits runs goes through here. */
export const admitting = <T>(admit: () => PromiseLike<T>): Promise<T> =>
  between('admission.commit.before', admit, 'admission.commit.after');

/** Organizations of which a run waits to be admitted: from one to the next along the index, however many runs each has there. */
const WAITING = `with recursive o(id) as (
    (select organization_id from platform.runs where status = 'queued' and admitted_at is null and not held order by organization_id limit 1)
    union all select (select r.organization_id from platform.runs r where r.status = 'queued' and r.admitted_at is null and not r.held and r.organization_id > o.id
      order by r.organization_id limit 1) from o where o.id is not null)
  select id from o cross join lateral (select 1 from platform.runs r where r.organization_id = o.id and r.status = 'queued' and r.admitted_at is null and not r.held
    and (r.not_before is null or r.not_before <= now()) order by r.priority, r.id limit 1) due`;
/** A run not taken this long after it was written goes before everything else on the queue. */
const LATE_MS = 60_000;

/**
 * Moves runs from PostgreSQL to the queue. The row is its own outbox: `admitted_at is null` means that the queue does not know it yet.
 * Above its share an organization waits in PostgreSQL, where it costs the others nothing. On the queue a run stands where it would if
 * organizations took turns: its number is how many its organization has before it. Any number of processes may do this at
 * once; two of them may together exceed a share for a moment, which harms nobody.
 */
export function createAdmission(options: AdmissionOptions): QueueAdmission {
  const { engine, queues, share, refillAfterMs = 15_000, onError = () => {} } = options;
  const dirty = new Set<string>();
  const later = createLater();
  let working: Promise<void> | null = null;
  let closed = false;
  let turn = 0;

  const push = async (runs: readonly Admitted[]): Promise<void> => {
    const [first, rest]: [Placed[], Placed[]] = [[], []];
    for (const run of inTurn(runs)) (run.place < FIRST ? first : rest).push(run);
    await Promise.all([announce('firstRun', first), announce('run', rest)]);
  };

  const announce = (name: 'firstRun' | 'run', runs: readonly Placed[]): Promise<void> =>
    queues.addMany(
      name,
      runs.map(({ runId, organizationId }) => ({ runId, organizationId })),
      (_, index) => {
        const { runId, attempts, late, place, priority } = runs[index] as Placed;
        // Known to the queue under its own id already, at a place that never came: a second job overtakes the first, which then finds nothing to do.
        if (late) return { jobId: `${runJobId(runId, attempts)}_late` };
        return {
          jobId: runJobId(runId, attempts),
          priority: name === 'firstRun' ? priority : place + priority * HANDICAP,
        };
      },
    );

  const admit = async (organizationIds: readonly string[]): Promise<number> => {
    turn = (turn + 1) % OLDEST_EVERY;
    const statement = {
      name: 'runs:admit',
      // Written so that however many wait, and whatever the planner believes of the table, only what is admitted is read: an index by priority gives
      // the first of each, and each is looked up by its id. A join would be a scan of all that waits.
      text: `with room as materialized (
          select w.o, greatest($2::int - ${underWay('w.o', '$2::int')}, 0)::int as free from unnest($1::uuid[]) w(o)),
        chosen as (
          select c.id, room.free from room cross join lateral (
            select a.id from (values (0::smallint), (1::smallint), (2::smallint)) k(p) cross join lateral (
              select id, priority from platform.runs where organization_id = room.o and status = 'queued' and admitted_at is null and not held
                and priority between k.p and k.p and (not_before is null or not_before <= now()) order by priority, id limit room.free) a
            order by case when $3::boolean then 0 else a.priority end, a.id limit room.free) c),
        picked as materialized (
          select held.*, chosen.free from chosen cross join lateral (
            select r.id, r.status, r.admitted_at, ${HELD_BACK} as stands from platform.runs r where r.id = chosen.id for update skip locked) held)
        update platform.runs r set admitted_at = case when not picked.stands then now() end, held = picked.stands from picked
        where r.id = picked.id and picked.status = 'queued' and picked.admitted_at is null
        returning r.id as "runId", r.organization_id as "organizationId", r.attempts, r.priority, $2::int - picked.free as busy, false as late, picked.stands as "isHeld"`,
      values: [organizationIds, share, turn === 0],
    };
    const { rows: looked } = await admitting(() => engine.query<Admitted>(statement));
    // Others may stand behind what is held back.
    for (const { organizationId, isHeld } of looked) if (isHeld) wakeNow(organizationId);
    const rows = looked.filter(({ isHeld }) => !isHeld);
    try {
      await push(rows);
    } catch (error) {
      // Back to the outbox, so that the next sweep need not wait until they count as forgotten.
      await engine.query(`update platform.runs set admitted_at = null where id = any($1) and status = 'queued'`, [
        rows.map((run) => run.runId),
      ]);
      throw error;
    }
    return rows.length;
  };

  /** The queue came back empty, or a process died between commit and add. The job's id makes a needless announcement harmless. */
  const refill = async (): Promise<number> => {
    const { rows } = await engine.query<Admitted>({
      name: 'runs:refill',
      text: `update platform.runs r set admitted_at = now()
       where r.id in (select id from platform.runs where status = 'queued' and admitted_at < now() - make_interval(secs => $1) limit 1000 for update skip locked)
       returning r.id as "runId", r.organization_id as "organizationId", r.attempts, r.priority, ${FIRST} as busy,
         greatest(r.created_at, coalesce(r.not_before, r.created_at)) < now() - make_interval(secs => $2) as late, false as "isHeld"`,
      values: [refillAfterMs / 1000, LATE_MS / 1000],
    });
    await push(rows);
    return rows.length;
  };

  const work = async (): Promise<void> => {
    while (dirty.size > 0) {
      const batch = [...dirty];
      dirty.clear();
      await admit(batch);
    }
  };

  const wakeNow = (organizationId: string): void => {
    if (closed) return;
    dirty.add(organizationId);
    working ??= work()
      .catch(onError)
      .finally(() => {
        working = null;
      });
  };

  const leaving = new Set<string>();
  const lookAtLeft = (): void => {
    const organizations = [...leaving];
    leaving.clear();
    organizations.forEach(wakeNow);
  };

  const waiting = async (): Promise<readonly string[]> =>
    (await engine.query<{ id: string }>(WAITING)).rows.map(({ id }) => id);

  return {
    left(organizationId) {
      if (closed) return;
      leaving.add(organizationId);
      if (leaving.size === 1) later.after(TOGETHER_MS, lookAtLeft);
    },
    wake(organizationId, notBefore) {
      if (notBefore && notBefore.getTime() > Date.now()) later.at(notBefore, () => wakeNow(organizationId));
      else wakeNow(organizationId);
    },
    waiting,
    refill,
    async sweep() {
      const organizations = await waiting();
      const fresh = organizations.length > 0 ? await admit(organizations) : 0;
      return fresh + (await refill());
    },
    async close() {
      closed = true;
      later.close();
      await working;
    },
  };
}

interface Placed extends Admitted {
  /** How many of its organization stand before it. */
  readonly place: number;
}

/** Gives each run its place behind those that its organization has under way and those admitted with it. */
function inTurn(runs: readonly Admitted[]): Placed[] {
  const places = new Map<string, number>();
  return [...runs]
    .sort((a, b) => a.priority - b.priority || (a.runId < b.runId ? -1 : 1))
    .map((run) => {
      const place = places.get(run.organizationId) ?? run.busy;
      places.set(run.organizationId, place + 1);
      return { ...run, place };
    });
}
