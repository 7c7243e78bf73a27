import type { Pool } from 'pg';
import type { EventBus } from '#engine/graph/events.js';
import type { Locale } from '#nodes/sdk/text.js';
import { words } from '#nodes/sdk/text.js';
import { reporting } from '../effects/rules.js';
import { queryOf } from '../query.js';

const AT_ONCE = 200;
/** An intent whose run has ended is nobody's any more: longer than any provider may take to answer. */
const ABANDONED = `interval '2 minutes'`;

const sentence = words(
  'Não sabemos se uma ação saiu. Confira e diga se aconteceu.',
  'We do not know whether something was done. Please check and say whether it was.',
);

/**
 * Asks a person about what nobody could find out: at once where the provider never reports, else when its reports should have come. Each is
 * told once, by whichever worker looks first.
 */
export async function surfaceUncertain(engine: Pool, bus: EventBus): Promise<void> {
  const query = queryOf(engine);
  await query(
    `update platform.effects e set state = 'uncertain', updated_at = now() from platform.runs r
     where e.state = 'intended' and r.id = e.run_id and r.status in ('succeeded', 'failed', 'canceled') and e.updated_at < now() - ${ABANDONED}`,
  );
  const surfaced = await query<{ id: string; runId: string; organizationId: string; locale: Locale }>(
    `update platform.effects e set surfaced_at = now() from platform.organizations o
     where o.id = e.organization_id and e.id in (
       select e.id from platform.effects e left join unnest($1::text[], $2::int[]) k(kind, ms) on e.key like '%:' || k.kind || ':%' or e.key = 'apology'
       where e.state = 'uncertain' and e.surfaced_at is null and e.updated_at < now() - make_interval(secs => coalesce(k.ms, 0) / 1000.0)
       order by e.updated_at limit ${AT_ONCE} for update of e skip locked)
     returning e.id, e.run_id as "runId", e.organization_id as "organizationId", o.locale`,
    [reporting.map(({ kind }) => kind), reporting.map(({ reportsWithinMs }) => reportsWithinMs)],
  );
  for (const { id: effectId, runId, organizationId, locale } of surfaced) {
    const alert = { code: 'effect_uncertain', message: sentence[locale], runId, effectId };
    bus.publish(organizationId, { type: 'alert', alert });
  }
}
