import type { Knex } from 'knex';
import type { Keyring } from '#db/seal.js';
import { messageColumns, type StoredMessage } from '#engine/worker/conversation/messageView.js';
import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { queryOf, statementOf } from '../../sql.js';
import type { ListQuery, Page } from '../common.js';
import { isTime, isUuid, readCursor, readIdCursor, toPage } from '../paging.js';
import { presentConversation, presentMessage, type ConversationRow } from './present.js';
import type { ConversationsQuery, ConversationView, MessageView } from './schemas.js';

/** A conversation that nobody has written in yet is as recent as its beginning. */
const recent = 'coalesce(c.last_message_at, c.created_at)';
const conversations = `select c.id, c.channel_id as "channelId", h.kind as "channelKind", c.contact_id as "contactId", k.name as "contactName",
    c.department_id as "departmentId", c.status, c.handler, c.assigned_to as "assignedTo", c.handoff_reason as "handoffReason",
    c.handoff_summary as "handoffSummary", c.locale, c.last_inbound_at as "lastInboundAt", c.last_message_at as "lastMessageAt",
    to_char(${recent} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as recent
  from platform.conversations c join platform.channels h on h.id = c.channel_id join platform.contacts k on k.id = c.contact_id`;

const isRecentKey = (value: unknown): value is readonly [string, string] =>
  Array.isArray(value) && value.length === 2 && isTime(value[0]) && isUuid(value[1]);

type SealedDeps = Pick<AppDeps, 'db' | 'keyring'>;

export async function listConversations(
  { db, keyring }: SealedDeps,
  session: Session,
  query: ConversationsQuery,
): Promise<Page<ConversationView>> {
  const before = readCursor(query, isRecentKey);
  return db.withOrganization(session, async (trx) => {
    const rows = await queryOf(trx)<ConversationRow>(
      `${conversations} where ($1::uuid is null or c.channel_id = $1) and ($2::uuid is null or c.department_id = $2)
         and ($3::text is null or c.handler = $3) and ($4::text is null or c.status = $4)
         and ($5::timestamptz is null or (${recent}, c.id) < ($5::timestamptz, $6::uuid))
       order by ${recent} desc, c.id desc limit $7`,
      [
        query.channelId ?? null,
        query.departmentId ?? null,
        query.handler ?? null,
        query.status ?? null,
        before?.[0] ?? null,
        before?.[1] ?? null,
        query.limit + 1,
      ],
    );
    const last = await lastMessages(trx, rows);
    const vault = await keyring.vault(statementOf(trx), session.organizationId);
    return toPage(
      rows,
      query.limit,
      (row) => presentConversation(vault, row, last.get(row.id) ?? null),
      (row) => [row.recent, row.id],
    );
  });
}

/** One conversation, inside a transaction of its organization. Throws `not_found`. */
export async function readConversation(
  trx: Knex.Transaction,
  keyring: Keyring,
  organizationId: string,
  id: string,
): Promise<ConversationView> {
  const [row] = await queryOf(trx)<ConversationRow>(`${conversations} where c.id = $1`, [id]);
  const last = await lastMessages(trx, [found(row)]);
  const vault = await keyring.vault(statementOf(trx), organizationId);
  return presentConversation(vault, found(row), last.get(id) ?? null);
}

export const getConversation = ({ db, keyring }: SealedDeps, session: Session, id: string): Promise<ConversationView> =>
  db.withOrganization(session, (trx) => readConversation(trx, keyring, session.organizationId, id));

async function lastMessages(
  trx: Knex.Transaction,
  rows: readonly { readonly id: string }[],
): Promise<ReadonlyMap<string, StoredMessage>> {
  if (rows.length === 0) return new Map();
  const messages = await queryOf(trx)<StoredMessage>(
    `select m.* from unnest($1::uuid[]) as w (id) cross join lateral (
       select ${messageColumns} from platform.messages where conversation_id = w.id order by id desc limit 1) m`,
    [rows.map(({ id }) => id)],
  );
  return new Map(messages.map((message) => [message.conversation_id, message]));
}

/** Newest first. Throws `not_found` for the conversation. */
export async function listMessages(
  { db, keyring }: SealedDeps,
  session: Session,
  id: string,
  query: ListQuery,
): Promise<Page<MessageView>> {
  const before = readIdCursor(query);
  return db.withOrganization(session, async (trx) => {
    const rows = queryOf(trx);
    found((await rows('select 1 from platform.conversations where id = $1', [id]))[0]);
    const messages = await rows<StoredMessage>(
      `select ${messageColumns} from platform.messages where conversation_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
      [id, before, query.limit + 1],
    );
    const vault = await keyring.vault(statementOf(trx), session.organizationId);
    return toPage(
      messages,
      query.limit,
      (row) => presentMessage(vault, row),
      (row) => [row.id],
    );
  });
}
