import type { Locale } from '#nodes/sdk/text.js';
import { openMaybe } from '#db/personal.js';
import type { Vault } from '#db/sealing/vault.js';
import type { WorkQuery } from '../query.js';

/** A conversation with what is needed to write into it. */
export interface ConversationRecord {
  readonly id: string;
  readonly organizationId: string;
  readonly locale: Locale;
  readonly handler: 'team' | 'person';
  readonly contactId: string;
  readonly contactName: string | null;
  /** The customer's address on the channel. */
  readonly to: string;
  readonly channelKind: 'whatsapp' | 'simulator';
  /** The number we write from. */
  readonly channelExternalId: string;
  readonly connectionId: string | null;
  /** When the customer last wrote, as far as they or we can have; `null` when they never did. */
  readonly lastInboundAt: Date | null;
}

/** Columns of a `ConversationRecord`, from `recordTables`. */
export const recordColumns = `c.id, c.organization_id as "organizationId", c.locale, c.handler, k.id as "contactId", k.name as "contactName",
  coalesce(k.address, k.external_id) as "to", h.kind as "channelKind", h.external_id as "channelExternalId", h.connection_id as "connectionId",
  c.last_inbound_at as "lastInboundAt"`;
export const recordTables = `platform.conversations c join platform.contacts k on k.id = c.contact_id join platform.channels h on h.id = c.channel_id`;

/** The record with its customer's name and address in the clear. */
export const openRecord = <Row extends ConversationRecord>(vault: Vault, row: Row): Row => ({
  ...row,
  contactName: openMaybe(vault, row.contactName),
  to: vault.openText(row.to),
});

/** `null` when it was deleted, with its channel. `lock` holds its row to the end of the transaction. */
export async function findConversation(
  query: WorkQuery,
  organizationId: string,
  id: string,
  { lock = false } = {},
): Promise<ConversationRecord | null> {
  const rows = await query<ConversationRecord>(
    `select ${recordColumns} from ${recordTables} where c.organization_id = $1 and c.id = $2 ${lock ? 'for update of c' : ''}`,
    [organizationId, id],
  );
  const [row] = rows;
  return row ? openRecord(await query.vault(organizationId), row) : null;
}

/** Throws when there is none. */
export async function loadConversation(
  query: WorkQuery,
  organizationId: string,
  id: string,
): Promise<ConversationRecord> {
  const conversation = await findConversation(query, organizationId, id);
  if (!conversation) throw new Error(`There is no conversation ${id}`);
  return conversation;
}
