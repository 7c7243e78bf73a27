import { Cron } from 'croner';
import type { Pool } from 'pg';
import { uuidv7 } from 'uuidv7';
import { startRun } from '../startRun.js';
import { sharedQuery, transaction, type Query } from '../query.js';

interface DueSchedule {
  readonly id: string;
  readonly organizationId: string;
  readonly departmentId: string;
  readonly nodeId: string;
  readonly cron: string;
  readonly timezone: string;
  readonly nextAt: Date;
  /** Of the published version; `null` while the department is paused. */
  readonly versionId: string | null;
}

/** First time after `after` that the cron line names in that time zone; `null` when there is none, or the line is no cron line. */
export function nextTime(cron: string, timezone: string, after: Date): Date | null {
  try {
    return new Cron(cron, { timezone, paused: true }).nextRun(after);
  } catch {
    return null;
  }
}

/**
 * Starts the runs whose hour has come. Each hour counts once, however many workers look: the one that holds the row moves it on in the
 * transaction that starts the run. Hours missed while nobody worked become one run. Returns the organizations to wake.
 */
export async function fireSchedules(engine: Pool): Promise<string[]> {
  return transaction(engine, async (query) => {
    const due = await query<DueSchedule>(
      `select s.id, s.organization_id as "organizationId", s.department_id as "departmentId", s.node_id as "nodeId", s.cron, s.timezone,
         s.next_at as "nextAt", v.id as "versionId"
       from platform.schedules s
       left join platform.departments d on d.id = s.department_id and d.status = 'active'
       left join platform.department_versions v on v.department_id = d.id and v.number = d.published_version
       where s.next_at <= now() order by s.next_at limit 100 for update of s skip locked`,
    );
    for (const schedule of due) await fire(query, schedule);
    return [...new Set(due.map((schedule) => schedule.organizationId))];
  });
}

async function fire(query: Query, schedule: DueSchedule): Promise<void> {
  const { id, organizationId, departmentId, nodeId, cron, timezone, nextAt, versionId } = schedule;
  const next = nextTime(cron, timezone, new Date());
  await query(`update platform.schedules set next_at = coalesce($2::timestamptz, 'infinity') where id = $1`, [
    id,
    next,
  ]);
  if (!versionId) return;
  await startRun(sharedQuery(query), {
    id: uuidv7(),
    organizationId,
    departmentId,
    versionId,
    conversationId: null,
    triggerNode: nodeId,
    input: { at: nextAt.toISOString() },
  });
}
