import type { Pool } from 'pg';
import type { EventBus } from '#engine/graph/events.js';
import { queryOf } from '../query.js';

const AT_ONCE = 200;

/**
 * Ends runs that came to wait in a department, or were written down for it, in the very moment in which it was let go: whoever let it go saw them at
 * work, or not yet, and whoever wrote saw it still there.
 */
export async function endDismissed(engine: Pool, bus: Pick<EventBus, 'publish'>): Promise<void> {
  const ended = await queryOf(engine)<{
    id: string;
    organizationId: string;
    departmentId: string;
    conversationId: string | null;
  }>(
    `with gone as materialized (select r.id from platform.runs r join platform.departments d on d.id = r.department_id
       where r.id in (select id from platform.runs where status = 'waiting' union all select id from platform.runs where held and status = 'queued')
         and d.dismissed_at is not null order by r.id limit ${AT_ONCE} for no key update of r skip locked)
     update platform.runs r set status = 'canceled', cancel_requested = true, finished_at = now() from gone
     where r.id = gone.id and (r.status = 'waiting' or r.held and r.status = 'queued')
     returning r.id, r.organization_id as "organizationId", r.department_id as "departmentId", r.conversation_id as "conversationId"`,
  );
  for (const { organizationId, ...run } of ended)
    bus.publish(organizationId, { type: 'run', run: { ...run, status: 'canceled' } });
}
