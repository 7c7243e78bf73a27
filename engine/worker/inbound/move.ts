import { contactIndex } from '#db/personal.js';
import type { InboundMove } from '#engine/channels/whatsapp/inbound.js';
import type { LiveEvent } from '#engine/graph/events.js';
import { words } from '#nodes/sdk/text.js';
import { note } from '../conversation/handOff.js';
import type { TransactionQuery } from '../query.js';
import type { Arrived, Handled } from './arrived.js';

const moved = words(
  'Trocou de número de telefone. A conversa continua aqui.',
  'Changed their phone number. The conversation goes on here.',
);

/**
 * A customer has another number: they stay who they are, and what they write from it goes on where they wrote before. If somebody has written from the new number
 * already, that is them, and what they had under the old one is theirs, except where they have begun anew with the same number of ours.
 */
export async function takeMove(query: TransactionQuery, { item, channel }: Arrived<InboundMove>): Promise<Handled> {
  if (!channel) return { outcome: 'no_channel', organizationId: null, events: [] };
  const { organizationId, kind, locale } = channel;
  const vault = await query.vault(organizationId);
  const [before, now] = [contactIndex(vault, kind, item.from), contactIndex(vault, kind, item.to)];
  const known = await query<{ id: string; index: string }>(
    `select id, external_id as index from platform.contacts where organization_id = $1 and channel_kind = $2 and external_id = any($3)
     order by id for update`,
    [organizationId, kind, [before, now]],
  );
  const [old, other] = [before, now].map((index) => known.find((contact) => contact.index === index)?.id);
  if (!old) return { outcome: 'unmatched', organizationId, events: [] };
  if (!other)
    await query(`update platform.contacts set external_id = $2, address = $3 where id = $1`, [
      old,
      now,
      vault.sealText(item.to),
    ]);
  const theirs = other
    ? await query<{ id: string }>(
        `update platform.conversations c set contact_id = $2 where contact_id = $1
           and not exists (select 1 from platform.conversations o where o.contact_id = $2 and o.channel_id = c.channel_id) returning id`,
        [old, other],
      )
    : await query<{ id: string }>(`select id from platform.conversations where contact_id = $1`, [old]);
  const events: LiveEvent[] = [];
  for (const { id } of theirs)
    events.push(
      ...(await note(query, { organizationId, conversationId: id, runId: null, kind: 'text', reason: moved[locale] })),
    );
  return { outcome: 'recorded', organizationId, events };
}
