import { openMaybe } from '#db/personal.js';
import type { Vault } from '#db/sealing/vault.js';
import { messageView, openMessage, type StoredMessage } from '#engine/worker/conversation/messageView.js';
import type { ConversationView, MessageView } from './schemas.js';

/** The message in the clear, as it reads now. */
export function presentMessage(vault: Vault, stored: StoredMessage): MessageView {
  const row = openMessage(vault, stored);
  return { ...messageView(row), changedAt: row.payload.editedAt ?? null };
}

export interface ConversationRow {
  readonly id: string;
  readonly channelId: string;
  readonly channelKind: 'whatsapp' | 'simulator';
  readonly contactId: string;
  readonly contactName: string | null;
  readonly departmentId: string;
  readonly status: 'open' | 'closed';
  readonly handler: 'team' | 'person';
  readonly assignedTo: string | null;
  readonly handoffReason: string | null;
  readonly handoffSummary: string | null;
  readonly locale: string;
  readonly lastInboundAt: Date | null;
  readonly lastMessageAt: Date | null;
  /** What the list is sorted by, to the microsecond. */
  readonly recent: string;
}

/** The row and its last message are as the database has them: sealed. */
export const presentConversation = (
  vault: Vault,
  row: ConversationRow,
  last: StoredMessage | null,
): ConversationView => ({
  id: row.id,
  channel: { id: row.channelId, kind: row.channelKind },
  contact: { id: row.contactId, name: openMaybe(vault, row.contactName) },
  departmentId: row.departmentId,
  status: row.status,
  handler: row.handler,
  assignedTo: row.assignedTo,
  handoffReason: openMaybe(vault, row.handoffReason),
  handoffSummary: openMaybe(vault, row.handoffSummary),
  locale: row.locale === 'en' ? 'en' : 'pt-BR',
  lastInboundAt: row.lastInboundAt?.toISOString() ?? null,
  lastMessageAt: row.lastMessageAt?.toISOString() ?? null,
  lastMessage: last ? presentMessage(vault, last) : null,
});
