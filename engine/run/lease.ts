import { setMaxListeners } from 'node:events';
import type { Pool, QueryConfig } from 'pg';
import { between } from '#db/failpoint.js';
import { death, pauseAfter } from './deaths.js';

/** This worker was declared dead: another may own its runs. Nothing it writes from now on is kept, and it must do nothing outside. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  /** @param outlived the process did not stand still: only the database was out of its reach, and what was at work in it has not died */
  constructor(
    worker: string,
    readonly outlived = false,
  ) {
    super(`Worker ${worker} has lost its lease`);
  }
}

/** One incarnation of a worker process: the fencing token of everything it writes. */
export interface Lease {
  readonly id: string;
  readonly epoch: number;
  /** `id@epoch`, as `runs.worker` names the owner of a run. */
  readonly token: string;
  readonly ttlMs: number;
  /** Aborted, with a `LeaseLost`, when the lease is lost. */
  readonly lost: AbortSignal;
  /**
   * Throws `LeaseLost` when this worker may have been declared dead by now: for what cannot be fenced by the database. A process that was stopped
   * wakes up without knowing; the clock, which went on, tells it.
   */
  check(): void;
  /** Whether it has been hearing from the database for long enough that whoever still lives must have been heard of there as well. */
  steady(): boolean;
  /** What time it is by the database's clock, which all workers share: that of this machine may be wrong, or be set. */
  now(): Date;
  /** Gives the lease up: the runs it still holds may be taken at once. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  /** Name of the worker; a restart under the same name ends the incarnation before it. */
  readonly id: string;
  /** A worker not heard of for this long may be declared dead. */
  readonly ttlMs?: number;
  /** Token of the life before, when this very process has outlived it: what was at work in that is given back, and nobody says that its worker died. */
  readonly outlived?: string | null;
}

/** Of the lease's time: a process whose beats are so far apart, of which there are to be three in it, stood still, or what was at work in it did not let go of it. */
const STOOD_STILL = 0.6;

export async function registerWorker(pool: Pool, options: LeaseOptions): Promise<Lease> {
  const { id, ttlMs = 15_000, outlived = null } = options;
  const began = performance.now();
  const { rows } = await pool.query<{ epoch: number; now: Date }>(
    `with me as (insert into platform.workers (id, epoch) values ($1, 1)
       on conflict (id) do update set epoch = workers.epoch + 1, alive = true, seen_at = now() returning epoch),
     mine as materialized (select r.id from me cross join platform.runs r where r.status = 'running' and r.worker = $2 order by r.id for no key update of r),
     given as (update platform.runs r set status = 'queued', admitted_at = null, worker = null, apart = false from mine where r.id = mine.id)
     select epoch, clock_timestamp() as now from me`,
    [id, outlived],
  );
  const { epoch, now } = rows[0] ?? { epoch: 1, now: new Date() };
  /** What has to be added to the time that this process has been running. */
  let ahead = aheadOf(now, began);
  const token = `${id}@${epoch}`;
  const lost = new AbortController();
  // Every run at work listens.
  setMaxListeners(0, lost.signal);
  // Not the wall clock, which may be set.
  let heardAt = performance.now();
  let triedAt = heardAt;
  let stoodStill = false;
  /** Since when every beat was heard; `null` while they are not. */
  let steadySince: number | null = heardAt;
  const isLate = (): boolean => performance.now() - heardAt > ttlMs;
  // pg takes a timeout of its own for a query; its types do not know.
  const pulse: QueryConfig & { readonly query_timeout: number } = {
    name: 'lease:beat',
    text: 'update platform.workers set seen_at = now() where id = $1 and epoch = $2 and alive returning clock_timestamp() as now',
    values: [id, epoch],
    query_timeout: ttlMs / 3,
  };
  const lose = (): void => lost.abort(new LeaseLost(token, !stoodStill));
  const beat = async (): Promise<void> => {
    const asked = performance.now();
    stoodStill ||= asked - triedAt > ttlMs * STOOD_STILL;
    triedAt = asked;
    // Past the lease's time we must assume that we were declared dead, whether the database is away or only does not answer.
    if (isLate()) return lose();
    try {
      const ask = () => pool.query<{ now: Date }>(pulse);
      const [beaten] = (await between('lease.beat.before', ask, 'lease.beat.after')).rows;
      if (!beaten) return lose();
      heardAt = asked;
      stoodStill = false;
      if (steadySince === null) steadySince = performance.now();
      ahead = aheadOf(beaten.now, asked);
    } catch {
      // The database is away: so it is for whoever would declare us dead.
      steadySince = null;
      if (isLate()) lose();
    }
  };
  const timer = setInterval(() => void beat(), ttlMs / 3);
  timer.unref();
  lost.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return {
    id,
    epoch,
    token,
    ttlMs,
    lost: lost.signal,
    check() {
      if (lost.signal.aborted || isLate()) throw new LeaseLost(token);
    },
    steady: () => steadySince !== null && performance.now() - steadySince > ttlMs / 2,
    now: () => new Date(performance.now() + ahead),
    async release() {
      clearInterval(timer);
      await pool.query('update platform.workers set alive = false where id = $1 and epoch = $2', [id, epoch]);
    },
  };
}

/** By how many milliseconds the database's clock is ahead of the time that this process has been running; it was asked at `asked`, and answers now. */
const aheadOf = (now: Date, asked: number): number => now.getTime() - (asked + performance.now()) / 2;

export interface FreedRun {
  readonly id: string;
  readonly organizationId: string;
  /** How often in a row its worker has died at it: see `deaths.ts`. */
  readonly deaths: number;
}

/**
 * Declares dead every worker not heard of for `ttlMs`, `null`: no other than those that are known to be, and gives the runs of dead workers back to the queue
 * (`queued`, not admitted): those at which workers die again and again not at once. Any worker may call it at any time; a late write of the dead one is refused
 * by its epoch.
 */
export async function reapWorkers(pool: Pool, ttlMs: number | null): Promise<readonly FreedRun[]> {
  if (ttlMs !== null)
    await pool.query(
      `update platform.workers set alive = false where alive and seen_at < now() - make_interval(secs => $1)`,
      [ttlMs / 1_000],
    );
  const { rows } = await pool.query<FreedRun>(
    `with lost as materialized (select r.id, ${death.ended} as ended, ${death.deaths} as deaths from platform.runs r where r.status = 'running'
       and not exists (select 1 from platform.workers w where w.alive and w.id || '@' || w.epoch = r.worker) order by r.id for no key update of r)
     update platform.runs r set status = 'queued', admitted_at = null, worker = null, deaths = lost.deaths, ended_at_death = lost.ended, apart = false,
       not_before = coalesce(${pauseAfter('lost.deaths')}, r.not_before) from lost where r.id = lost.id
     returning r.id, r.organization_id as "organizationId", r.deaths`,
  );
  return rows;
}
