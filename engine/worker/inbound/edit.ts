import { sealPayload } from '#db/personal.js';
import type { InboundEdit } from '#engine/channels/whatsapp/inbound.js';
import type { LiveEvent } from '#engine/graph/events.js';
import { askedAfter } from '../conversation/answerWait.js';
import { messageColumns, messageView, openMessage, type StoredMessage } from '../conversation/messageView.js';
import { runToStart, type ClaimHere } from '../conversation/nextRun.js';
import { standingOf } from '../conversation/standing.js';
import { succeededBy, supersede, supersededEvent } from '../conversation/supersede.js';
import { NOBODY } from '../conversation/unanswered.js';
import type { Versions } from '../department.js';
import type { Query, TransactionQuery } from '../query.js';
import type { Arrived, Handled } from './arrived.js';
import { changedPayload, replaces } from './changes.js';
import { conversationOf } from './events.js';
import { canAnswer } from './message.js';

/** An edit that overtakes the message it speaks of is looked at again for so long. If the message comes later still, it finds it. */
const PATIENCE_MS = 120_000;

const qualified = messageColumns.replaceAll(/\w+/g, 'm.$&');

/**
 * A customer wrote a message otherwise, or took it back: whoever has yet to answer it answers what it says now, and a run that thinks about what it said begins
 * anew, or is followed by one that answers what it says now. What was answered already is shown as it reads now, and not answered again (docs/decisions/0075).
 */
export async function takeEdit(
  query: TransactionQuery,
  versions: Versions,
  { item, channel, receivedAt }: Arrived<InboundEdit>,
  claimFor: (organizationId: string) => ClaimHere | null,
): Promise<Handled> {
  if (!channel) return { outcome: 'no_channel', organizationId: null, events: [] };
  const { organizationId } = channel;
  const conversationId = await conversationOf(query, channel, item.messageId, { hold: true });
  if (!conversationId) {
    const young = Date.now() - receivedAt.getTime() < PATIENCE_MS;
    return { outcome: young ? 'later' : 'unmatched', organizationId, events: [] };
  }
  const vault = await query.vault(organizationId);
  // A question that was asked since is an answer to it.
  const [stored] = await query<StoredMessage & { readonly answering: boolean }>(
    `select ${qualified}, exists (select 1 from platform.runs r where r.id = m.answered_by and r.status in ('queued', 'running')
       and not exists (select 1 from platform.waits w where w.run_id = r.id and w.kind = 'contact' and ${askedAfter('w', 'coalesce(e.received_at, m.created_at)')})) as answering
     from platform.messages m left join platform.inbound_events e on e.id = m.id where m.organization_id = $1 and m.external_id = $2 and m.direction = 'in'`,
    [organizationId, item.messageId],
  );
  if (!stored) return { outcome: 'unmatched', organizationId, events: [] };
  const known = openMessage(vault, stored).payload;
  if (!replaces(item, known)) return { outcome: 'duplicate', organizationId, events: [] };

  const deleted = item.message === null;
  const standing = await standingOf(query, conversationId);
  const anew = stored.answering && standing && (deleted || (await canAnswer(query, versions, standing)));
  const before = anew ? await supersede(query, versions, conversationId, { takenBack: deleted }) : null;
  // The answer under way is to what it said. A person who has the conversation sees it as it reads now.
  const next = stored.answering && !before && !deleted && standing?.record.handler === 'team';
  const changed = await query<StoredMessage>(
    `update platform.messages set text = $2, kind = coalesce($3, kind), payload = $4::jsonb,
       answered_by = case when $5::boolean then coalesce(answered_by, $6::uuid) when not $7::boolean then answered_by end where id = $1 returning ${messageColumns}`,
    [
      stored.id,
      vault.sealText(item.message?.text ?? ''),
      item.message?.kind ?? null,
      sealPayload(vault, { ...changedPayload(known, item.timestamp, deleted) }),
      deleted,
      NOBODY,
      next,
    ],
  );
  const events: LiveEvent[] = changed.map((row) => ({
    type: 'message',
    message: messageView(openMessage(vault, row)),
  }));
  if (!before) {
    if (deleted) events.push(...(await endPointless(query, conversationId)));
    return next
      ? { outcome: 'joined', organizationId, events, joined: conversationId }
      : { outcome: 'recorded', organizationId, events };
  }
  events.push(supersededEvent(before, conversationId));
  const handled = { outcome: 'recorded', organizationId, events, superseded: before.runId } as const;
  const now = await standingOf(query, conversationId);
  const claim = claimFor(organizationId);
  const start =
    now &&
    (await runToStart(query, versions, now, {
      burst: 'wait',
      restarts: before.restarts,
      tell: (event) => events.push(event),
      ...(claim && { claim }),
    }));
  const run = await start?.begin(query);
  if (!start || !run) return handled;
  await succeededBy(query, before, start.runId);
  return { ...handled, starting: { runId: start.runId, started: Promise.resolve(run) } };
}

/** A run that has not begun, of a customer who has taken back all that it was to answer. */
async function endPointless(query: Query, conversationId: string): Promise<LiveEvent[]> {
  const ended = await query<{ id: string; departmentId: string }>(
    `update platform.runs r set status = 'canceled', finished_at = now()
     where r.conversation_id = $1 and r.status = 'queued' and r.attempts = 0 and not r.took_messages and r.parent_run_id is null
       and not exists (select 1 from platform.messages m where m.conversation_id = $1 and m.direction = 'in' and m.answered_by is null)
     returning r.id, r.department_id as "departmentId"`,
    [conversationId],
  );
  return ended.map((run) => ({ type: 'run', run: { ...run, conversationId, status: 'canceled' } }));
}
