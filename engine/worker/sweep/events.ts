import type { Pool } from 'pg';
import { blindEvent, eventIndex } from '#db/sealing/eventIndex.js';
import type { Json } from '#nodes/sdk/json.js';
import { answerEvent, type AwaitedEvent } from '../conversation/answerEvent.js';
import { queryOf, transaction, type WorkQuery } from '../query.js';

/** Most events given out by one look. */
const AT_ONCE = 200;

/**
 * Brings events that came before anybody waited for them, within a day, to the runs that wait now. Returns the organizations to wake.
 */
export async function answerEarlyEvents(engine: Pool): Promise<string[]> {
  return transaction(engine, async (query) => {
    await hideKeys(query);
    const met = await query<AwaitedEvent & { readonly organizationId: string }>(
      `select e.id, e.department_id as "departmentId", e.key, e.payload, e.organization_id as "organizationId" from platform.awaited_events e
       where e.taken_at is null and e.received_at > now() - interval '24 hours' and exists (
         select 1 from platform.waits w join platform.runs r on r.id = w.run_id where w.event_key = e.key and w.answered_at is null
           and r.department_id = e.department_id and r.status in ('queued', 'running', 'waiting'))
       order by e.received_at limit ${AT_ONCE} for update of e skip locked`,
    );
    for (const event of met) {
      const vault = await query.vault(event.organizationId);
      await answerEvent(query, vault, { ...event, payload: vault.openJson(event.payload) as Json });
    }
    return [...new Set(met.map((event) => event.organizationId))];
  });
}

/** Events that were kept with what they are tied by in the clear, before that was made unreadable. */
async function hideKeys(query: WorkQuery): Promise<void> {
  const legible = await query<{ readonly id: string; readonly key: string; readonly organizationId: string }>(
    `select id, key, organization_id as "organizationId" from platform.awaited_events
     where taken_at is null and received_at > now() - interval '24 hours' and key !~ $1 limit ${AT_ONCE} for update skip locked`,
    [blindEvent],
  );
  for (const { id, key, organizationId } of legible)
    await query('update platform.awaited_events set key = $2 where id = $1', [
      id,
      eventIndex(await query.vault(organizationId), key),
    ]);
}

/** Forgets events that nobody will be given any more; their names are remembered for eight days, so that none counts twice. */
export async function forgetEvents(engine: Pool): Promise<number> {
  const gone = await queryOf(engine)(
    `delete from platform.awaited_events where id = any(array(
       select id from platform.awaited_events where received_at < now() - interval '8 days' limit 5000)) returning 1`,
  );
  return gone.length;
}
