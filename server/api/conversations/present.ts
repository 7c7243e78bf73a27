import { messageView, type MessageRow } from '#engine/worker/conversation/messageView.js';
import type { ConversationView } from './schemas.js';

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

export const presentConversation = (row: ConversationRow, last: MessageRow | null): ConversationView => ({
  id: row.id,
  channel: { id: row.channelId, kind: row.channelKind },
  contact: { id: row.contactId, name: row.contactName },
  departmentId: row.departmentId,
  status: row.status,
  handler: row.handler,
  assignedTo: row.assignedTo,
  handoffReason: row.handoffReason,
  handoffSummary: row.handoffSummary,
  locale: row.locale === 'en' ? 'en' : 'pt-BR',
  lastInboundAt: row.lastInboundAt?.toISOString() ?? null,
  lastMessageAt: row.lastMessageAt?.toISOString() ?? null,
  lastMessage: last ? messageView(last) : null,
});
