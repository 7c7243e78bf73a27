import type { InboundEdit, InboundItem } from '#engine/channels/whatsapp/inbound.js';
import type { Vault } from '#db/sealing/vault.js';
import type { Query, WorkQuery } from '../query.js';
import type { Arrived, InboundChannel } from './arrived.js';

/** An event as it is held, and what its sender has made of it before it came: in the order in which they did. */
export interface HeldEvent extends Arrived<InboundItem> {
  readonly edits: readonly EarlyEdit[];
  /** Whose other events are found by it. */
  readonly senderKey: string | null;
  /** It has its place among what its sender wrote. */
  readonly inLine: boolean;
}

/** A change of a message that has not been taken in. */
export interface EarlyEdit {
  readonly id: string;
  readonly item: InboundEdit;
}

/** A held event as the database has it: only `openEvent` makes one of it. */
export type SealedEvent = Omit<HeldEvent, 'item' | 'edits'> & {
  readonly item: unknown;
  readonly edits: readonly SealedEdit[] | null;
};
interface SealedEdit {
  readonly id: string;
  readonly item: unknown;
  /** It was given up, and is kept with the organization's key. */
  readonly givenUp?: boolean;
}

/** One that could not be taken in does not hold up what came after it. */
const OLDEST = `processed_at is null and error is null order by sent_at, id limit 1`;

/** Most changes of one sender that are looked through for those of one message; what is beyond is taken in in its turn. */
const MOST_EDITS = 50;

/** Holds the event, or the oldest open one of its sender. `null` when it is done or another worker is at it. */
export async function holdEvent(query: Query, eventId: string): Promise<SealedEvent | null> {
  const [row] = await query<SealedEvent>(
    `select e.id, coalesce(e.sender_key, e.editor_key) as "senderKey", e.sender_key is not null as "inLine", e.received_at as "receivedAt", e.payload as item,
       (select json_agg(json_build_object('id', x.id, 'item', x.payload, 'givenUp', x.processed_at is not null) order by x.sent_at, x.id)
        from (select id, payload, sent_at, processed_at from platform.inbound_events
         where editor_key = e.sender_key and error is null and e.editor_key is null order by sent_at desc, id desc limit ${MOST_EDITS}) x) as edits,
       case when c.id is not null then json_build_object(
       'id', c.id, 'organizationId', c.organization_id, 'departmentId', c.department_id, 'kind', c.kind, 'locale', o.locale) end as channel
     from platform.inbound_events e
     left join platform.channels c on c.kind = e.provider and c.external_id = coalesce(e.channel_external_id, e.payload ->> 'phoneNumberId')
     left join platform.organizations o on o.id = c.organization_id
     where e.processed_at is null and e.id = coalesce((select id from platform.inbound_events
       where sender_key = (select sender_key from platform.inbound_events where id = $1) and ${OLDEST}), $1)
     for update of e skip locked`,
    [eventId],
  );
  return row ?? null;
}

/** @throws {CannotOpen} */
export async function openEvent(query: WorkQuery, inbound: Vault, event: SealedEvent): Promise<HeldEvent> {
  const item = inbound.openJson(event.item) as InboundItem;
  const { edits, channel } = event;
  if (!edits || !channel) return { ...event, item, edits: [] };
  const kept = await query.vault(channel.organizationId);
  return { ...event, item, edits: editsOf(item, edits, ({ givenUp }) => (givenUp ? kept : inbound)) };
}

/** Of these changes those of the message that the item is, or speaks of. One that cannot be read holds up nobody but itself. */
const editsOf = (item: InboundItem, sealed: readonly SealedEdit[], vaultOf: (edit: SealedEdit) => Vault): EarlyEdit[] =>
  sealed.flatMap((edit) => {
    try {
      const opened = vaultOf(edit).openJson(edit.item) as InboundEdit;
      return opened.messageId === messageIdOf(item) ? [{ id: edit.id, item: opened }] : [];
    } catch {
      return [];
    }
  });

/** The message that the item is, or changes. */
const messageIdOf = (item: InboundItem): string | null =>
  item.kind === 'message' ? wamidOf(item.externalId) : item.kind === 'edit' ? item.messageId : null;

/** The channel's own id of a message, by that of what arrived. */
export const wamidOf = (externalId: string): string => externalId.replace(/^message:/, '');

/** Of these changes those that no other worker is at; they are held. */
export async function holdEdits(query: Query, edits: readonly EarlyEdit[]): Promise<readonly EarlyEdit[]> {
  if (edits.length === 0) return edits;
  const held = await query<{ id: string }>(
    `select id from platform.inbound_events where id = any($1::uuid[]) and editor_key is not null for update skip locked`,
    [edits.map(({ id }) => id)],
  );
  return edits.filter(({ id }) => held.some((one) => one.id === id));
}

/** It waits for something that has not come, and nobody waits for it. */
export const standAside = (query: Query, { id, inLine }: HeldEvent): void =>
  void (inLine && query(`update platform.inbound_events set sender_key = null where id = $1`, [id]));

/**
 * Which event to take in after this one, asked once its transaction is over: one that stood aside for the message which this one was about, else the oldest that
 * its sender has open.
 * @param later this one stands aside itself. Its message may have been taken in at the same time: whoever of both asks second finds the other
 */
export async function eventAfter(
  query: Query,
  inbound: Vault,
  { id, senderKey, item, channel }: HeldEvent,
  later: boolean,
): Promise<string | null> {
  if (later && channel && item.kind === 'edit' && (await conversationOf(query, channel, item.messageId))) return id;
  if (!senderKey) return null;
  const open = await query<{ id: string; item: unknown }>(
    `(select id, null::jsonb as item from platform.inbound_events where sender_key = $1 and ${OLDEST})
     union all (select id, payload from platform.inbound_events where editor_key = $1 and sender_key is null and processed_at is null and error is null
       order by sent_at, id limit ${MOST_EDITS})`,
    [senderKey],
  );
  const aside = open.filter((row) => row.item !== null && row.id !== id);
  const [next] = later ? [] : editsOf(item, aside, () => inbound);
  return next?.id ?? open.find((row) => row.item === null)?.id ?? null;
}

/** The conversation that a customer's message is in; `null` when it has not been taken in. */
export async function conversationOf(
  query: Query,
  { id, organizationId }: InboundChannel,
  wamid: string,
  { hold = false } = {},
): Promise<string | null> {
  const [found] = await query<{ id: string }>(
    `select c.id from platform.messages m join platform.conversations c on c.id = m.conversation_id
     where m.organization_id = $1 and m.external_id = $2 and m.direction = 'in' and c.channel_id = $3 ${hold ? 'for update of c' : ''}`,
    [organizationId, wamid, id],
  );
  return found?.id ?? null;
}
