import type { Pool } from 'pg';
import { runJobId } from './catalog.js';
import type { Queues } from './enqueue.js';

export interface Admission {
  /** A run of this organization was added or ended: admit what its share leaves free, at `notBefore` if that is later. Never throws or blocks. */
  wake(organizationId: string, notBefore?: Date | null): void;
  /** Looks at every organization, and puts back what the queue has forgotten. Returns how many runs went to the queue. */
  sweep(): Promise<number>;
  /** Waits for what is under way and forgets timers. */
  close(): Promise<void>;
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
}

const admitted = `r.id as "runId", r.organization_id as "organizationId", r.attempts, r.priority`;

/**
 * Moves runs from PostgreSQL to the queue. The row is its own outbox: `admitted_at is null` means that the queue does not know it.
 * Above its share an organization waits in PostgreSQL, where it costs the others nothing. Any number of processes may do this at
 * once; two of them may together exceed a share for a moment, which harms nobody.
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const { engine, queues, share, refillAfterMs = 15_000, onError = () => {} } = options;
  const dirty = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  let working: Promise<void> | null = null;
  let closed = false;

  const push = async (runs: readonly Admitted[]): Promise<void> => {
    if (runs.length === 0) return;
    await queues.addMany(
      'run',
      runs.map(({ runId, organizationId }) => ({ runId, organizationId })),
      (_, index) => {
        const run = runs[index] as Admitted;
        return { jobId: runJobId(run.runId, run.attempts), priority: run.priority };
      },
    );
  };

  const admit = async (organizationIds: readonly string[]): Promise<number> => {
    const { rows } = await engine.query<Admitted>({
      name: 'runs:admit',
      text: `with room as (
          select w.o, $2::int - count(r.id) as n from unnest($1::uuid[]) w(o)
          left join platform.runs r on r.organization_id = w.o and r.status in ('queued', 'running') and r.admitted_at is not null group by w.o),
        picked as (
          select p.id from room cross join lateral (
            select id from platform.runs where organization_id = room.o and status = 'queued' and admitted_at is null
              and (not_before is null or not_before <= now())
            order by priority, id limit greatest(room.n, 0) for update skip locked) p)
        update platform.runs r set admitted_at = now() from picked where r.id = picked.id returning ${admitted}`,
      values: [organizationIds, share],
    });
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
    const { rows } = await engine.query<Admitted>(
      `update platform.runs r set admitted_at = now()
       where r.id in (select id from platform.runs where status = 'queued' and admitted_at < now() - make_interval(secs => $1) limit 1000 for update skip locked)
       returning ${admitted}`,
      [refillAfterMs / 1000],
    );
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

  return {
    wake(organizationId, notBefore) {
      const delay = notBefore ? notBefore.getTime() - Date.now() : 0;
      if (delay <= 0) return wakeNow(organizationId);
      if (closed) return;
      // A few milliseconds late rather than early: the database's clock decides.
      const timer = setTimeout(() => {
        timers.delete(timer);
        wakeNow(organizationId);
      }, delay + 5);
      timers.add(timer);
    },
    async sweep() {
      const { rows } = await engine.query<{ id: string }>(
        `select distinct organization_id as id from platform.runs
         where status = 'queued' and admitted_at is null and (not_before is null or not_before <= now())`,
      );
      const fresh = rows.length > 0 ? await admit(rows.map((row) => row.id)) : 0;
      return fresh + (await refill());
    },
    async close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await working;
    },
  };
}
