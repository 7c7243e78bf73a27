import { uuidv7 } from 'uuidv7';
import { rowsOf, type Query } from './query.js';
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
export async function upsertConversation(query: Query, of: ConversationOf): Promise<FoundConversation> {
  const [contact] = await rowsOf<{ id: string }>(
    query,
    `insert into platform.contacts (id, organization_id, channel_kind, external_id, name, phone, locale)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (organization_id, channel_kind, external_id)
     do update set name = coalesce(excluded.name, contacts.name), phone = coalesce(excluded.phone, contacts.phone)
     returning id`,
    [
      uuidv7(),
      of.organizationId,
      of.channelKind,
      of.externalId,
      of.name && storableText(of.name),
      of.phone ?? null,
      of.locale,
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
