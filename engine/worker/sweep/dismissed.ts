import type { Pool } from 'pg';
import type { EventBus } from '#engine/graph/events.js';
import { queryOf } from '../query.js';

const AT_ONCE = 200;

/**
 * Ends runs that came to wait in a department in the very moment in which it was let go: whoever let it go saw them at work, and their worker saw it
 * still there.
 */
export async function endDismissed(engine: Pool, bus: Pick<EventBus, 'publish'>): Promise<void> {
  const ended = await queryOf(engine)<{
    id: string;
    organizationId: string;
    departmentId: string;
    conversationId: string | null;
  }>(
    `with waiting as materialized (select r.id from platform.runs r join platform.departments d on d.id = r.department_id
       where r.status = 'waiting' and d.dismissed_at is not null order by r.id limit ${AT_ONCE} for no key update of r skip locked)
     update platform.runs r set status = 'canceled', cancel_requested = true, finished_at = now() from waiting where r.id = waiting.id
     returning r.id, r.organization_id as "organizationId", r.department_id as "departmentId", r.conversation_id as "conversationId"`,
  );
  for (const { organizationId, ...run } of ended)
    bus.publish(organizationId, { type: 'run', run: { ...run, status: 'canceled' } });
}
