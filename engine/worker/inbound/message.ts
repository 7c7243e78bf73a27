import { uuidv7 } from 'uuidv7';
import { adoptContact, contactIndex, sealMaybe, sealPayload } from '#db/personal.js';
import type { Vault } from '#db/sealing/vault.js';
import { storableText } from '#db/text.js';
import type { InboundEdit, InboundMessage } from '#engine/channels/whatsapp/inbound.js';
import type { LiveEvent } from '#engine/graph/events.js';
import { detectLocale } from '#nodes/sdk/language.js';
import { answerOpenQuestion, says } from '../conversation/answerWait.js';
import { believeTap } from '../conversation/doubtedQuestion.js';
import {
  messageColumns,
  messageView,
  openMessage,
  type IncomingPayload,
  type MessageRow,
  type StoredMessage,
} from '../conversation/messageView.js';
import { runToStart, type ClaimHere } from '../conversation/nextRun.js';
import { standingAround, standingOf, type Standing } from '../conversation/standing.js';
import { succeededBy, supersede, supersededEvent } from '../conversation/supersede.js';
import { NOBODY } from '../conversation/unanswered.js';
import { messageTriggerOf, type Versions } from '../department.js';
import type { Query, TransactionQuery, WorkQuery } from '../query.js';
import type { Arrived, Handled, InboundChannel } from './arrived.js';
import { changedPayload, replaces } from './changes.js';
import { holdEdits, wamidOf, type EarlyEdit } from './events.js';

export interface ArrivedMessage extends Arrived<InboundMessage> {
  /** What its customer has made of it meanwhile. */
  readonly edits: readonly EarlyEdit[];
}

/**
 * A customer wrote: their message is kept as it reads by now, shown, and answered by the team, by whoever asked, or by the person who has the conversation.
 * @param claimFor how the answer's run begins right here; \`null\`: it waits to be admitted
 */
export async function takeMessage(
  query: TransactionQuery,
  versions: Versions,
  { edits: open, ...arrived }: ArrivedMessage,
  claimFor: (organizationId: string) => ClaimHere | null,
): Promise<Handled> {
  const { channel, item } = arrived;
  if (!channel) return { outcome: 'no_channel', organizationId: null, events: [] };
  const { organizationId } = channel;
  const vault = await query.vault(organizationId);
  const edits = await holdEdits(query, open);
  const written = asItReads(item, edits);
  // In one go: the second sees what the first has written, and holds.
  const [message, standing] = await Promise.all([
    recordMessage(query, vault, { ...arrived, item }, written, channel),
    standingAround(query, arrived.id),
  ]);
  if (!message) return { outcome: 'duplicate', organizationId, events: [] };
  const { handler, reopened, conversation_id: conversationId } = message;
  const known = { organizationId, edits } as const;
  const events: LiveEvent[] = [{ type: 'message', message: messageView(message) }];
  if (reopened)
    events.push({
      type: 'conversation',
      conversation: { id: conversationId, status: 'open', handler, handoffReason: null },
    });
  if (!written.answerable || handler === 'person') return { outcome: 'recorded', ...known, events };

  if (!standing) throw new Error(`Conversation ${conversationId} is gone`);
  // Whoever is asked to look after the failure finds it there.
  if (standing.unattended) return { outcome: 'recorded', ...known, events };
  if (says(message) && standing.asked && (await answerOpenQuestion(query, message, arrived.receivedAt)))
    return { outcome: 'answered', ...known, events, wake: { notBefore: null } };
  const reached = standing.doubted ? await believeTap(query, message) : [];
  events.push(...reached);
  const before =
    standing.busy && (await canAnswer(query, versions, standing))
      ? await supersede(query, versions, conversationId)
      : null;
  const now = before ? await standingOf(query, conversationId) : standing;
  const claim = claimFor(organizationId);
  const start =
    now &&
    (await runToStart(query, versions, now, {
      burst: 'wait',
      tell: (event) => events.push(event),
      ...(claim && { claim }),
      ...(before && { restarts: before.restarts }),
    }));
  // The run that asked goes on, and finds this when it asks.
  if (reached.length > 0) return { outcome: 'joined', ...known, events, wake: { notBefore: null } };
  // Of a paused department nobody need look again: what waits is found when it goes on.
  const joined = standing.paused
    ? ({ outcome: 'recorded', ...known } as const)
    : ({ outcome: 'joined', ...known, joined: conversationId } as const);
  if (!start) return { ...joined, events };
  const { runId } = start;
  if (!before) {
    const started = start.begin(query.lastly);
    // It fails with the transaction, which says so; nobody else hears of it then, and what nobody hears of ends the process.
    started.catch(() => {});
    return { ...joined, events, starting: { runId, started } };
  }
  const run = await start.begin(query);
  if (!run) return { ...joined, events };
  await succeededBy(query, before, runId);
  events.push(supersededEvent(before, conversationId));
  return { ...joined, events, starting: { runId, started: Promise.resolve(run) }, superseded: before.runId };
}

/** Whether there is somebody to begin an answer anew: else the one under way is better than none. */
export async function canAnswer(query: Query, versions: Versions, { versionId }: Standing): Promise<boolean> {
  return versionId !== null && messageTriggerOf((await versions.get(query, versionId)).definition) !== null;
}

interface Written {
  readonly kind: InboundMessage['message']['kind'];
  readonly text: string;
  readonly payload: IncomingPayload;
  readonly answerable: boolean;
}

/** A message with what its customer has already made of it: nobody has read it otherwise. */
function asItReads(
  { message: { buttonId, ...message }, answerable, repliesTo }: InboundMessage,
  edits: readonly EarlyEdit[],
): Written {
  const payload = { ...(buttonId && { buttonId }), ...(repliesTo && { repliesTo }) };
  const first: Written = { ...message, payload, answerable };
  return edits.reduce(
    (written, { item }) => (replaces(item, written.payload) ? changed(written, item) : written),
    first,
  );
}

const changed = ({ payload, ...written }: Written, { message, timestamp }: InboundEdit): Written => ({
  kind: message?.kind ?? written.kind,
  text: message?.text ?? '',
  payload: changedPayload(payload, timestamp, message === null),
  answerable: written.answerable && message !== null,
});

type Recorded = MessageRow & { readonly handler: 'team' | 'person'; readonly reopened: boolean };

/**
 * The message, with its contact and conversation made or found, in one statement that leaves the conversation's row held. The message row has
 * the id of its event. A closed conversation opens again and is the team's; the language follows the customer as soon as their words
 * tell. Nothing happens when the channel's own id is known already: a delivery under another name.
 */
async function recordMessage(
  query: WorkQuery,
  vault: Vault,
  { id, item }: Arrived<InboundMessage>,
  { kind, text, payload, answerable }: Written,
  channel: InboundChannel,
): Promise<Recorded | null> {
  const detected = detectLocale(text);
  const columns = messageColumns.replaceAll(/\w+/g, 'm.$&');
  const [recorded] = await query<StoredMessage & Omit<Recorded, keyof MessageRow>>(
    `with adopted as (${adoptContact({ organization: '$2', kind: '$3', index: '$4', address: '$19', name: '$5', plain: '$20' })}),
      made as (insert into platform.contacts (id, organization_id, channel_kind, external_id, address, name, locale)
        select $1::uuid, $2::uuid, $3, $4, $19, $5, coalesce($6::text, $7) where not exists (select 1 from adopted)
        on conflict (organization_id, channel_kind, external_id) do update set name = coalesce(excluded.name, contacts.name) returning id),
      contact as (select id from adopted union all select id from made),
      conversation as (insert into platform.conversations as c
          (id, organization_id, channel_id, contact_id, department_id, locale, last_inbound_at, last_message_at)
        select $8, $2, $9, contact.id, $10, coalesce($6::text, $7), least($11::timestamptz, now()), least($11::timestamptz, now()) from contact
        on conflict (channel_id, contact_id) do update set department_id = excluded.department_id,
          last_inbound_at = greatest(c.last_inbound_at, excluded.last_inbound_at),
          last_message_at = greatest(c.last_message_at, excluded.last_message_at), locale = coalesce($6::text, c.locale), status = 'open',
          handler = case c.status when 'closed' then 'team' else c.handler end,
          handoff_reason = case c.status when 'closed' then null else c.handoff_reason end
        where not exists (select 1 from platform.messages known where known.organization_id = $2 and known.external_id = $12)
        returning c.id, c.handler, (select before.status from platform.conversations before where before.id = c.id) = 'closed' as reopened),
      message as (insert into platform.messages
          (id, organization_id, conversation_id, direction, author, kind, text, payload, status, external_id, sent_at, answered_by)
        select $13, $2, conversation.id, 'in', 'contact', $14, $15, $16::jsonb, 'received', $12, least($11::timestamptz, now()),
          case when conversation.handler = 'person' or not $17::boolean then $18::uuid end from conversation
        on conflict do nothing returning *)
     select ${columns}, conversation.handler, coalesce(conversation.reopened, false) as reopened from message m, conversation`,
    [
      uuidv7(),
      channel.organizationId,
      channel.kind,
      contactIndex(vault, channel.kind, item.from),
      sealMaybe(vault, item.name && storableText(item.name)),
      detected,
      channel.locale,
      uuidv7(),
      channel.id,
      channel.departmentId,
      item.timestamp,
      wamidOf(item.externalId),
      id,
      kind,
      vault.sealText(text),
      sealPayload(vault, { ...payload }),
      answerable,
      NOBODY,
      vault.sealText(item.from),
      item.from,
    ],
  );
  return recorded ? openMessage(vault, recorded) : null;
}
