import { Cron } from 'croner';
import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import { Schedule } from '#db/models/schedule.js';
import type { Definition, NodeDefinition, Problem } from '#engine/graph/definition.js';
import type { Locale } from '#nodes/sdk/text.js';

const scheduleNodes = (definition: Definition): readonly NodeDefinition[] =>
  definition.nodes.filter((node) => node.type === 'trigger.schedule' && !node.parentId);

/** When a schedule node fires next; `null` for never. Throws when its line or its time zone cannot be read. */
function nextTime(
  { config }: NodeDefinition,
  defaultTimezone: string,
): { cron: string; timezone: string; at: Date | null } {
  const cron = String(config['cron'] ?? '0 8 * * 1-5');
  const timezone = String(config['timezone'] ?? defaultTimezone);
  return { cron, timezone, at: new Cron(cron, { timezone, paused: true }).nextRun() };
}

const never = {
  'pt-BR': 'Esse horário não existe: confira a linha e o fuso.',
  en: 'That schedule never comes: check the line and the time zone.',
} as const;

/** Schedules that cannot be kept. */
export function scheduleProblems(definition: Definition, locale: Locale): Problem[] {
  return scheduleNodes(definition).flatMap((node): Problem[] => {
    try {
      if (nextTime(node, 'UTC').at) return [];
    } catch {
      // Said below.
    }
    return [{ code: 'bad_schedule', severity: 'error', nodeId: node.id, path: 'config.cron', message: never[locale] }];
  });
}

/** Makes the schedules of a department those of its live definition; of a paused department none. */
export async function syncSchedules(
  trx: Knex.Transaction,
  department: { readonly id: string; readonly organizationId: string },
  live: { readonly definition: Definition; readonly timezone: string } | null,
): Promise<void> {
  await Schedule.query(trx).delete().where('departmentId', department.id);
  if (!live) return;
  const rows = scheduleNodes(live.definition).flatMap((node) => {
    const { cron, timezone, at } = nextTime(node, live.timezone);
    if (!at) return [];
    const { id: departmentId, organizationId } = department;
    return [{ id: uuidv7(), organizationId, departmentId, nodeId: node.id, cron, timezone, nextAt: at }];
  });
  if (rows.length > 0) await Schedule.query(trx).insert(rows);
}
