import type { Pool } from 'pg';
import { isUnavailable } from '#db/errors.js';
import type { InboundItem } from '#engine/channels/whatsapp/inbound.js';
import type { EventBus } from '#engine/graph/events.js';
import type { Admission } from './admission.js';
import type { JobData } from './catalog.js';
import { problemOf } from './log.js';
import type { Versions } from './department.js';
import type { Arrived, Handled } from './inbound/arrived.js';
import { takeMessage } from './inbound/message.js';
import { takeStatus } from './inbound/status.js';
import { type Query, transaction } from './query.js';

export interface InboundDeps {
  readonly engine: Pool;
  readonly bus: EventBus;
  readonly admission: Admission;
  readonly versions: Versions;
}

/** Turns one stored event into what it means, once: whoever comes second finds it done. */
export async function inboundJob(
  { engine, bus, admission, versions }: InboundDeps,
  { eventId }: JobData<'inbound'>,
): Promise<void> {
  const handled = await transaction(engine, async (query): Promise<Handled | null> => {
    const rows = await query<{
      id: string;
      provider: 'whatsapp' | 'simulator';
      receivedAt: Date;
      organizationId: string | null;
      item: InboundItem;
    }>(
      `select id, provider, received_at as "receivedAt", organization_id as "organizationId", payload as item
       from platform.inbound_events where id = $1 and processed_at is null for update skip locked`,
      [eventId],
    );
    const arrived = rows[0];
    if (!arrived) return null;
    const result = await handle(query, versions, arrived);
    if (result.outcome !== 'later') {
      await query(
        `update platform.inbound_events set processed_at = now(), error = null, outcome = $2, organization_id = coalesce($3, organization_id) where id = $1`,
        [eventId, result.outcome, result.organizationId],
      );
    }
    return result;
  });
  if (!handled?.organizationId) return;
  for (const event of handled.events) bus.publish(handled.organizationId, event);
  if (handled.wake) admission.wake(handled.organizationId, handled.wake.notBefore);
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

async function handle(query: Query, versions: Versions, arrived: Arrived<InboundItem>): Promise<Handled> {
  const { item } = arrived;
  switch (item.kind) {
    case 'message':
      return takeMessage(query, versions, { ...arrived, item });
    case 'status':
      return takeStatus(query, { ...arrived, item });
    case 'other':
      return { outcome: 'ignored', organizationId: null, events: [] };
  }
}
