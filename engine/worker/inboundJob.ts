import type { Pool } from 'pg';
import { isUnavailable } from '#db/errors.js';
import type { InboundItem } from '#engine/channels/whatsapp/inbound.js';
import type { EventBus } from '#engine/graph/events.js';
import type { Admission } from './admission.js';
import type { JobData } from './catalog.js';
import { startNextRun } from './conversation/nextRun.js';
import type { Versions } from './department.js';
import type { DirectRuns } from './directRuns.js';
import type { Arrived, Handled } from './inbound/arrived.js';
import { takeMessage } from './inbound/message.js';
import { takeStatus } from './inbound/status.js';
import { problemOf } from './log.js';
import { keyringOf, queryOf, transaction, type WorkQuery } from './query.js';

export interface InboundDeps {
  readonly engine: Pool;
  readonly bus: EventBus;
  readonly admission: Admission;
  readonly versions: Versions;
  readonly direct: DirectRuns;
  /** Runs this worker works on, and how to stop each. */
  readonly active: ReadonlyMap<string, AbortController>;
}

/** Turns one stored event into what it means, once: whoever comes second finds it done. */
export async function inboundJob(deps: InboundDeps, { eventId }: JobData<'inbound'>): Promise<void> {
  const { engine, bus, admission, versions, direct, active } = deps;
  const handled = await transaction(engine, async (query): Promise<Handled | null> => {
    const [stored] = await query<Arrived<unknown>>(
      `select e.id, e.received_at as "receivedAt", e.payload as item, case when c.id is not null then json_build_object(
         'id', c.id, 'organizationId', c.organization_id, 'departmentId', c.department_id, 'kind', c.kind, 'locale', o.locale) end as channel
       from platform.inbound_events e
       left join platform.channels c on c.kind = e.provider and c.external_id = coalesce(e.channel_external_id, e.payload ->> 'phoneNumberId')
       left join platform.organizations o on o.id = c.organization_id
       where e.id = $1 and e.processed_at is null for update of e skip locked`,
      [eventId],
    );
    if (!stored) return null;
    const arrived = { ...stored, item: keyringOf(engine).inbound.openJson(stored.item) as InboundItem };
    const result = await handle(query, deps, arrived);
    if (result.outcome !== 'later') {
      const { organizationId } = result;
      // Now that it is known whose it is, their key keeps it.
      const kept = organizationId ? (await query.vault(organizationId)).sealJson(arrived.item) : null;
      await query(
        `update platform.inbound_events set processed_at = now(), error = null, outcome = $2, organization_id = coalesce($3, organization_id),
           payload = coalesce($4::jsonb, payload) where id = $1`,
        [eventId, result.outcome, organizationId, kept],
      );
    }
    return result;
  });
  if (!handled?.organizationId) return;
  const { organizationId, prepared, joined, wake, superseded } = handled;
  // Another worker notices by itself; what it does until then is refused where it could be felt.
  if (superseded) active.get(superseded)?.abort();
  if (prepared) direct.begin(prepared);
  for (const event of handled.events) bus.publish(organizationId, event);
  if (wake) admission.wake(organizationId, wake.notBefore);
  if (joined && !(await isBusy(engine, joined))) {
    // Its run came to rest between our look and our commit, and may have looked for more before it.
    await transaction(engine, (query) => startNextRun(query, versions, joined, { burst: 'now' }));
    admission.wake(organizationId);
  }
}

async function isBusy(engine: Pool, conversationId: string): Promise<boolean> {
  const [row] = await queryOf(engine)<{ busy: boolean }>(
    `select exists (select 1 from platform.runs where conversation_id = $1 and status in ('queued', 'running')) as busy`,
    [conversationId],
  );
  return row?.busy ?? false;
}

/** An event that cannot be handled is tried again by the sweeper for this long, then kept with its error. */
const GIVE_UP = `interval '10 minutes'`;

/** Keeps what went wrong with an event. That the database was away is not the event's fault and is not held against it. */
export async function inboundFailed(engine: Pool, { eventId }: JobData<'inbound'>, error: unknown): Promise<void> {
  if (isUnavailable(error)) return;
  await engine.query(
    `update platform.inbound_events set error = $2, outcome = case when received_at < now() - ${GIVE_UP} then 'failed' end,
       processed_at = case when received_at < now() - ${GIVE_UP} then now() end where id = $1 and processed_at is null`,
    [eventId, problemOf(error).problem],
  );
}

async function handle(
  query: WorkQuery,
  { versions, direct }: InboundDeps,
  arrived: Arrived<InboundItem>,
): Promise<Handled> {
  const { item } = arrived;
  switch (item.kind) {
    case 'message':
      return takeMessage(query, versions, { ...arrived, item }, direct.share());
    case 'status':
      return takeStatus(query, { ...arrived, item });
    case 'other':
      return { outcome: 'ignored', organizationId: null, events: [] };
  }
}
