import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import { Schedule } from '#db/models/schedule.js';
import type { Definition, NodeDefinition, Problem } from '#engine/graph/definition.js';
import { nextTime } from '#engine/graph/nextTime.js';
import type { Locale } from '#nodes/sdk/text.js';
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

/**
 * Makes the schedules of a department those of its live definition; of a paused department none. A timetable that stays as it was keeps its
 * next hour, so that one which has just come is neither lost nor counted twice; any other begins now, by the database's clock.
 */
export async function syncSchedules(
  trx: Knex.Transaction,
  department: { readonly id: string; readonly organizationId: string },
  live: { readonly definition: Definition; readonly timezone: string } | null,
): Promise<void> {
  const { id: departmentId, organizationId } = department;
  const kept = await Schedule.query(trx).where('departmentId', departmentId).forUpdate();
  const [clock] = await queryOf(trx)<{ now: Date }>('select clock_timestamp() as now');
  const now = clock?.now ?? new Date();
  const wanted = live
    ? scheduleNodes(live.definition).map((node) => ({ node, ...timetableOf(node, live.timezone, now) }))
    : [];
  const same = kept.filter(({ nodeId, cron, timezone }) =>
    wanted.some((one) => one.node.id === nodeId && one.cron === cron && one.timezone === timezone),
  );
  await Schedule.query(trx)
    .delete()
    .where({ departmentId })
    .whereNotIn(
      'id',
      same.map(({ id }) => id),
    );
  for (const { node, cron, timezone, catchUp, at } of wanted) {
    const before = same.find(({ nodeId }) => nodeId === node.id);
    if (before) await before.$query(trx).patch({ catchUp });
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
}
