import type { Pool } from 'pg';
import { uuidv7 } from 'uuidv7';
import { nextTime } from '#engine/graph/nextTime.js';
import { priorityOf } from '../catalog.js';
import { transaction, type Query } from '../query.js';

/** Most schedules of one transaction, and most transactions of one look: the other tasks of the sweeper want their turn. */
const AT_ONCE = 500;
const MOST_ROUNDS = 20;
/** Later than this, an hour counts as missed. Workers look every second; a deploy takes some. */
const MISSED_MS = 300_000;

/** An hour that has come. */
export interface Hour {
  /** The schedule's. */
  readonly id: string;
  readonly nextAt: Date;
  /** A missed hour still begins a run. */
  readonly catchUp: boolean;
  /** Of the published version; `null` while the department is paused. */
  readonly versionId: string | null;
  /** What the database's clock says: the clock of this machine may be wrong. */
  readonly now: Date;
}

interface DueSchedule extends Hour {
  readonly organizationId: string;
  readonly cron: string;
  readonly timezone: string;
}

/**
 * Starts the runs whose hour has come. Each hour counts once, however many workers look and whatever their clocks say: the one that holds the
 * row moves it on, by the database's clock, in the transaction that starts the run. Hours missed while nobody worked become one run, or none
 * where the schedule says so. Returns the organizations to wake.
 * @param at the time it is; absent, what the database says
 */
export async function fireSchedules(engine: Pool, at: Date | null = null): Promise<string[]> {
  const organizations = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const due = await transaction(engine, (query) => fireSome(query, at));
    for (const { organizationId } of due) organizations.add(organizationId);
    if (due.length < AT_ONCE) break;
  }
  return [...organizations];
}

async function fireSome(query: Query, at: Date | null): Promise<readonly DueSchedule[]> {
  const due = await query<DueSchedule>(
    `select s.id, s.organization_id as "organizationId", s.cron, s.timezone, s.next_at as "nextAt",
       s.catch_up as "catchUp", v.id as "versionId", coalesce($1::timestamptz, now()) as now
     from platform.schedules s
     left join platform.departments d on d.id = s.department_id and d.status = 'active'
     left join platform.department_versions v on v.department_id = d.id and v.number = d.published_version
     where s.next_at <= coalesce($1::timestamptz, now()) order by s.next_at limit ${AT_ONCE} for update of s skip locked`,
    [at],
  );
  if (due.length === 0) return due;
  await query(
    `update platform.schedules s set next_at = coalesce(n.at, 'infinity') from unnest($1::uuid[], $2::timestamptz[]) n(id, at) where s.id = n.id`,
    [due.map(({ id }) => id), due.map(({ cron, timezone, now }) => nextTime(cron, timezone, now))],
  );
  await startHours(query, due);
  return due;
}

/**
 * Starts the runs of hours that have come: none while the department is paused, none of a missed hour where the schedule says so. The caller holds the
 * schedules, and moves them on or ends them in the same transaction.
 */
export async function startHours(query: Query, due: readonly Hour[]): Promise<void> {
  const starting = due.filter(({ versionId, catchUp, nextAt, now }) => {
    const missed = now.getTime() - nextAt.getTime() > MISSED_MS;
    return versionId !== null && (catchUp || !missed);
  });
  if (starting.length === 0) return;
  await query(
    `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input, priority)
     select n.id, s.organization_id, s.department_id, n.version, s.node_id, jsonb_build_object('at', n.at), $5::smallint
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) n(id, schedule, version, at) join platform.schedules s on s.id = n.schedule`,
    [
      starting.map(() => uuidv7()),
      starting.map(({ id }) => id),
      starting.map(({ versionId }) => versionId),
      starting.map(({ nextAt }) => nextAt.toISOString()),
      // Nobody sits and waits for these: customers and people come first.
      priorityOf('low'),
    ],
  );
}
