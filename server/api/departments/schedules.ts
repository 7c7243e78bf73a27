import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import { Department } from '#db/models/department.js';
import { DepartmentVersion } from '#db/models/departmentVersion.js';
import { Organization } from '#db/models/organization.js';
import { Schedule } from '#db/models/schedule.js';
import type { Definition, NodeDefinition, Problem } from '#engine/graph/definition.js';
import { nextTime } from '#engine/graph/nextTime.js';
import { startHours } from '#engine/worker/sweep/schedules.js';
import type { Locale } from '#nodes/sdk/text.js';
import { found } from '../../errors.js';
import { queryOf } from '../../sql.js';

const scheduleNodes = (definition: Definition): readonly NodeDefinition[] =>
  definition.nodes.filter((node) => node.type === 'trigger.schedule' && !node.parentId);

interface Timetable {
  readonly cron: string;
  readonly timezone: string;
  readonly catchUp: boolean;
  /** When it fires next; `null` for never. */
  readonly at: Date | null;
}

function timetableOf({ config }: NodeDefinition, defaultTimezone: string, now: Date): Timetable {
  const cron = String(config['cron'] ?? '0 8 * * 1-5');
  const timezone = String(config['timezone'] ?? defaultTimezone);
  const catchUp = config['missed'] !== 'skip';
  return { cron, timezone, catchUp, at: nextTime(cron, timezone, now) };
}

const never = {
  'pt-BR': 'Esse horário não existe: confira a linha e o fuso.',
  en: 'That schedule never comes: check the line and the time zone.',
} as const;

/** Schedules that cannot be kept. */
export function scheduleProblems(definition: Definition, locale: Locale): Problem[] {
  return scheduleNodes(definition).flatMap((node): Problem[] => {
    if (timetableOf(node, 'UTC', new Date()).at) return [];
    return [{ code: 'bad_schedule', severity: 'error', nodeId: node.id, path: 'config.cron', message: never[locale] }];
  });
}

export interface HeldSchedules {
  /**
   * Makes the schedules of the department those of its live definition; of a paused department none. A timetable that stays as it was keeps its next
   * hour; any other begins now, by the database's clock. Of one that ends, the hour that has just come, and that no worker has seen yet, begins its run
   * on the version that was live until now: each hour counts once, whoever changes what in its very second.
   */
  become(live: { readonly definition: Definition; readonly timezone: string } | null): Promise<void>;
}

/**
 * The time zone of schedules that name none. It stays to the end of the transaction, which asks before it holds any department: whoever changes it moves the
 * schedules of all of them.
 */
export async function timezoneFor(trx: Knex.Transaction, organizationId: string): Promise<string> {
  return found(await Organization.query(trx).findById(organizationId).forShare()).timezone;
}

/** Moves all schedules of the organization, whose row the caller has changed, to another time zone where they name none. */
export async function moveSchedules(trx: Knex.Transaction, organizationId: string, timezone: string): Promise<void> {
  const departments = await Department.query(trx)
    .where({ organizationId, status: 'active' })
    .whereIn('id', Schedule.query(trx).select('departmentId'))
    .orderBy('id')
    .forUpdate();
  for (const department of departments) {
    const { id: departmentId, publishedVersion } = department;
    const live = await DepartmentVersion.query(trx).findOne({ departmentId, number: publishedVersion });
    const schedules = await holdSchedules(trx, department);
    await schedules.become(live ? { definition: live.definition, timezone } : null);
  }
}

/** Holds the schedules of a department that is about to change, to the end of the transaction. */
export async function holdSchedules(
  trx: Knex.Transaction,
  department: { readonly id: string; readonly organizationId: string },
): Promise<HeldSchedules> {
  const { id: departmentId, organizationId } = department;
  const query = queryOf(trx);
  const kept = await Schedule.query(trx).where('departmentId', departmentId).forUpdate();
  const [before] = await query<{ now: Date; versionId: string | null }>(
    `select clock_timestamp() as now, (select v.id from platform.departments d join platform.department_versions v
       on v.department_id = d.id and v.number = d.published_version where d.id = $1 and d.status = 'active') as "versionId"`,
    [departmentId],
  );
  const { now, versionId } = found(before);
  return {
    async become(live) {
      const wanted = live
        ? scheduleNodes(live.definition).map((node) => ({ node, ...timetableOf(node, live.timezone, now) }))
        : [];
      const same = kept.filter(({ nodeId, cron, timezone }) =>
        wanted.some((one) => one.node.id === nodeId && one.cron === cron && one.timezone === timezone),
      );
      const ending = kept.filter((one) => !same.includes(one));
      await startHours(
        query,
        ending.filter(({ nextAt }) => nextAt <= now).map((one) => ({ ...one, versionId, now })),
      );
      await Schedule.query(trx)
        .delete()
        .whereIn(
          'id',
          ending.map(({ id }) => id),
        );
      for (const { node, cron, timezone, catchUp, at } of wanted) {
        const again = same.find(({ nodeId }) => nodeId === node.id);
        if (again) await again.$query(trx).patch({ catchUp });
        else if (at)
          await Schedule.query(trx).insert({
            id: uuidv7(),
            organizationId,
            departmentId,
            nodeId: node.id,
            cron,
            timezone,
            catchUp,
            nextAt: at,
          });
      }
    },
  };
}
