import { uuidv7 } from 'uuidv7';
import { adoptContact, contactIndex, sealMaybe } from './personal.js';
import { rowsOf, type Query } from './query.js';
import type { Vault } from './sealing/vault.js';
import { storableText } from './text.js';

export interface ConversationOf {
  readonly organizationId: string;
  readonly channelId: string;
  readonly channelKind: string;
  readonly departmentId: string;
  /** Who the customer is on the channel: a phone number, a handle. */
  readonly externalId: string;
  readonly name: string | null;
  readonly phone?: string | null;
  readonly locale: string;
}

export interface FoundConversation {
  readonly contactId: string;
  readonly conversationId: string;
  readonly handler: 'team' | 'person';
  readonly status: 'open' | 'closed';
}

/**
 * Finds the conversation of a customer on a channel, or begins it; it follows its channel to another department. A closed one
 * stays closed: only a message that is really new opens it again. Safe when several messages of one customer arrive at once.
 */
export async function upsertConversation(query: Query, vault: Vault, of: ConversationOf): Promise<FoundConversation> {
  const [contact] = await rowsOf<{ id: string }>(
    query,
    `with adopted as (${adoptContact({ organization: '$2', kind: '$3', index: '$4', address: '$8', name: '$5', plain: '$9' })}),
      made as (insert into platform.contacts (id, organization_id, channel_kind, external_id, address, name, phone, locale)
        select $1::uuid, $2::uuid, $3::text, $4::text, $8::text, $5::text, $6::text, $7::text where not exists (select 1 from adopted)
        on conflict (organization_id, channel_kind, external_id)
        do update set name = coalesce(excluded.name, contacts.name), phone = coalesce(excluded.phone, contacts.phone) returning id)
     select id from adopted union all select id from made`,
    [
      uuidv7(),
      of.organizationId,
      of.channelKind,
      contactIndex(vault, of.channelKind, of.externalId),
      sealMaybe(vault, of.name && storableText(of.name)),
      sealMaybe(vault, of.phone),
      of.locale,
      vault.sealText(of.externalId),
      of.externalId,
    ],
  );
  if (!contact) throw new Error('an upsert answered no contact');
  const [conversation] = await rowsOf<{ id: string; handler: 'team' | 'person'; status: 'open' | 'closed' }>(
    query,
    `insert into platform.conversations (id, organization_id, channel_id, contact_id, department_id, locale)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (channel_id, contact_id) do update set department_id = excluded.department_id
     returning id, handler, status`,
    [uuidv7(), of.organizationId, of.channelId, contact.id, of.departmentId, of.locale],
  );
  if (!conversation) throw new Error('an upsert answered no conversation');
  return {
    contactId: contact.id,
    conversationId: conversation.id,
    handler: conversation.handler,
    status: conversation.status,
  };
}
