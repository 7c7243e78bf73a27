import { openPayload } from '#db/personal.js';
import type { Vault } from '#db/sealing/vault.js';
import type { MessageView } from '#engine/graph/events.js';
import type { OutgoingMessage } from '#nodes/sdk/context.js';
import type { Json } from '#nodes/sdk/json.js';

/** `messages.payload` of what we send. */
export interface OutgoingPayload extends Omit<OutgoingMessage, 'text'> {
  /** What the channel echoes in its reports about this message: `<run>/<effect key>`, or `message/<id>` for a person's. */
  readonly opaque?: string;
}

/** `messages.payload` of what we receive. */
export interface IncomingPayload {
  readonly buttonId?: string;
  /** The channel's id of the message that it answers. */
  readonly repliesTo?: string;
  /** When the customer wrote it otherwise or took it back, ISO 8601 UTC. */
  readonly editedAt?: string;
  /** They took it back. */
  readonly deleted?: boolean;
}

export interface MessageRow {
  readonly id: string;
  readonly organization_id: string;
  readonly conversation_id: string;
  readonly direction: MessageView['direction'];
  readonly author: MessageView['author'];
  readonly kind: string;
  readonly text: string;
  readonly payload: OutgoingPayload & IncomingPayload;
  readonly status: MessageView['status'];
  readonly error: string | null;
  readonly run_id: string | null;
  readonly external_id: string | null;
  readonly sent_at: Date;
}

/** Columns of a `MessageRow`; qualify them where tables are joined. */
export const messageColumns =
  'id, organization_id, conversation_id, direction, author, kind, text, payload, status, error, run_id, external_id, sent_at';

/** A row as the database has it: `text` and `payload` are sealed. Only `openMessage` makes a message of it. */
export type StoredMessage = Omit<MessageRow, 'text' | 'payload'> & {
  readonly text: string;
  readonly payload: Readonly<Record<string, unknown>>;
};

export const openMessage = <Row extends StoredMessage>(vault: Vault, row: Row): Row & MessageRow => ({
  ...row,
  text: vault.openText(row.text),
  payload: openPayload(vault, row.payload),
});

/** A message as browsers see it. */
export function messageView(row: MessageRow): MessageView {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    direction: row.direction,
    author: row.author,
    kind: row.kind,
    text: row.text,
    buttons: row.payload.buttons ?? [],
    list: (row.payload.list ?? null) as Json,
    media: row.payload.media ? { name: null, ...row.payload.media } : null,
    sources: row.payload.sources ?? [],
    status: row.status,
    error: row.error,
    runId: row.run_id,
    changed: row.payload.deleted ? 'deleted' : row.payload.editedAt ? 'edited' : null,
    createdAt: row.sent_at.toISOString(),
  };
}
