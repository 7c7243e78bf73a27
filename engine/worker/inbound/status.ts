import type { InboundStatus } from '#engine/channels/whatsapp/inbound.js';
import type { LiveEvent } from '#engine/graph/events.js';
import { messageView, openMessage, type StoredMessage } from '../conversation/messageView.js';
import { replaceable } from '../conversation/messageStatus.js';
import { effectReported } from '../effects/settle.js';
import { shownRun } from '../run/shownRun.js';
import type { Arrived, Handled } from './arrived.js';
import type { Query, WorkQuery } from '../query.js';

/** A report may overtake our own record of the message it speaks of, but not by more than this. */
const PATIENCE_MS = 120_000;

/** `m.`-qualified, because the table is joined. */
const columns =
  'm.id, m.organization_id, m.conversation_id, m.direction, m.author, m.kind, m.text, m.payload, m.status, m.error, m.run_id, m.external_id, m.sent_at';

/** A channel's report about a message of ours. It may come before others that happened earlier: a message's status only moves forward. */
export async function takeStatus(
  query: WorkQuery,
  { item, channel, receivedAt }: Arrived<InboundStatus>,
): Promise<Handled> {
  if (!channel) return { outcome: 'no_channel', organizationId: null, events: [] };
  const { organizationId } = channel;
  const found = await findMessage(query, organizationId, item);
  if (!found) {
    const young = Date.now() - receivedAt.getTime() < PATIENCE_MS;
    return { outcome: young ? 'later' : 'unmatched', organizationId, events: [] };
  }
  const error = item.error ? `${item.error.message} (${item.error.code})` : null;
  const vault = await query.vault(organizationId);
  // Only what this replaces tells whether somebody may be waiting to know that it went out. Their run is held before the message, as whoever writes of both
  // holds them: see docs/decisions/0060.
  const rows = await query<StoredMessage & { readonly before: StoredMessage['status'] }>(
    `with held as materialized (select r.id from platform.messages m join platform.runs r on r.id = m.run_id
         where m.id = $1 and m.status in ('queued', 'uncertain', 'failed') for no key update of r),
       was as materialized (select id, status from platform.messages where id = $1 and (select count(*) from held) >= 0 for update)
     update platform.messages m set status = case when m.status = any($3) then $2 else m.status end,
       error = case when m.status = any($3) then $4 else m.error end, external_id = coalesce(m.external_id, $5)
     from was where m.id = was.id and (m.status = any($3) or m.external_id is null) returning ${columns}, was.status as before`,
    [found, item.status, replaceable(item.status), error, item.messageId],
  );
  const events: LiveEvent[] = rows.map((row) => ({ type: 'message', message: messageView(openMessage(vault, row)) }));
  let settled = false;
  for (const { id, run_id: runId, payload, before } of rows) {
    const { opaque } = payload;
    if (!runId || typeof opaque !== 'string') continue;
    // Somebody may have said that it never went out, and the run be about to send it again.
    const isNews = before === 'queued' || before === 'uncertain' || (before === 'failed' && item.status !== 'failed');
    if (!isNews) continue;
    settled = await effectReported(query, vault, runId, opaque.slice(runId.length + 1), { messageId: id });
    if (settled) events.push(...(await shownRun(query, runId)));
  }
  return {
    outcome: 'status',
    organizationId,
    ...(settled && { wake: { notBefore: null } }),
    events,
  };
}

/** By the channel's id or, while we have not written that down, by what we gave it to echo: `<run>/<effect key>` or `message/<id>`. */
async function findMessage(
  query: Query,
  organizationId: string,
  { messageId, opaque }: InboundStatus,
): Promise<string | null> {
  const byId = await query<{ id: string }>(
    `select id from platform.messages where organization_id = $1 and external_id = $2`,
    [organizationId, messageId],
  );
  if (byId[0]) return byId[0].id;
  const [owner = '', key = ''] = split(opaque ?? '');
  if (owner === 'message' && uuid.test(key)) {
    const rows = await query<{ id: string }>(
      `select id from platform.messages where organization_id = $1 and id = $2 and direction = 'out'`,
      [organizationId, key],
    );
    return rows[0]?.id ?? null;
  }
  if (!uuid.test(owner)) return null;
  const rows = await query<{ id: string }>(
    `select m.id from platform.runs r join platform.messages m on m.conversation_id = r.conversation_id
     where r.id = $2 and r.organization_id = $1 and m.run_id = r.id and m.payload ->> 'opaque' = $3`,
    [organizationId, owner, opaque],
  );
  return rows[0]?.id ?? null;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function split(opaque: string): [string, string] {
  const at = opaque.indexOf('/');
  return at < 0 ? [opaque, ''] : [opaque.slice(0, at), opaque.slice(at + 1)];
}
