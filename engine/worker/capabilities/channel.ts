import type { Pool } from 'pg';
import { uuidv7 } from 'uuidv7';
import { between } from '#db/failpoint.js';
import { isUnavailable } from '#db/errors.js';
import { sealPayload } from '#db/personal.js';
import { storableText } from '#db/text.js';
import type { EventBus } from '#engine/graph/events.js';
import type { StepHandle } from '#engine/run/capabilities.js';
import { LeaseLost, type Lease } from '#engine/run/lease.js';
import type { Perform } from '#engine/run/ledger.js';
import type { Channel, OutgoingMessage } from '#nodes/sdk/context.js';
import { detail, sayDetail } from '#nodes/sdk/details.js';
import { EffectDidNotHappen, NodeError } from '#nodes/sdk/errors.js';
import {
  messageColumns,
  messageView,
  openMessage,
  type MessageRow,
  type OutgoingPayload,
  type StoredMessage,
} from '../conversation/messageView.js';
import type { ConversationRecord } from '../conversation/record.js';
import { vaultOf } from '../query.js';
import type { Sender } from '../sender.js';

/** Names the ledger's entries for messages, so that reconciliation knows what to look for. */
export const MESSAGE_EFFECT = 'message';

export interface ChannelDeps {
  readonly engine: Pool;
  readonly bus: EventBus;
  readonly sender: Sender;
  readonly runId: string;
  readonly record: ConversationRecord | null;
  /** The conversation is imagined: what is sent goes nowhere. */
  readonly imagined?: boolean;
  /** Under which the message is written down: a worker that was declared dead must leave no trace that another could not have seen. */
  readonly lease: Lease;
  readonly effect: StepHandle['effect'];
}

/** Recorded in the ledger. `skipped`: a person has the conversation, so nothing was sent. */
type Sent = { messageId: string; skipped?: true };
const NOT_SENT: Sent = { messageId: '', skipped: true };

/** Where the run's messages go. Without a conversation there is nobody to write to. */
export function createChannel(deps: ChannelDeps): Channel {
  const { record, imagined, effect } = deps;
  if (!record && imagined) {
    const nowhere = (): Promise<Sent> => Promise.resolve(NOT_SENT);
    return { kind: 'simulator', send: (key) => effect<Sent>(`${MESSAGE_EFFECT}:${key}`, nowhere, NOT_SENT) };
  }
  if (!record) {
    return {
      kind: 'none',
      send: () =>
        Promise.reject(
          new NodeError(detail('send.no_conversation'), {
            code: 'no_channel',
            actor: 'author',
            retryable: false,
          }),
        ),
    };
  }
  return {
    kind: record.channelKind,
    send: (key, message) =>
      effect<Sent>(`${MESSAGE_EFFECT}:${key}`, (...how) => sendMessage({ ...deps, record }, message, ...how), NOT_SENT),
  };
}

/** Times kept of a conversation: the most that `replies_per_minute` may be. */
const KEPT_REPLIES = 60;
/** What the organization allows; the time of the answer so many back is what must be a minute old. */
const most = `(select o.replies_per_minute from platform.organizations o where o.id = c.organization_id)`;
/** SQL: the team has the conversation `c`. Once a run has failed on its customer it is a person's: that run, the first if there are several, says so, and no other says anything. */
const isTeams = (run: string): string => `c.handler = 'team'
  and coalesce((select f.id from platform.runs f where f.conversation_id = c.id and f.unattended order by f.id limit 1) = ${run}::uuid, true)`;
/** The code of a run that was stopped because its customer had all the answers that a minute may have: two machines, most likely, that answer each other. */
export const TOO_MANY_REPLIES = 'too_many_replies';
type Deps = Omit<ChannelDeps, 'effect'> & { readonly record: ConversationRecord };

/**
 * The row comes first and names what the channel will echo: a report that overtakes our own commit finds it, and so does whoever has to find out
 * whether a lost worker had sent it.
 */
async function sendMessage(
  deps: Deps,
  message: OutgoingMessage,
  ...[opaque, mayAct, sent]: Parameters<Perform>
): Promise<Sent> {
  const placed = await deps.sender.place(deps.record);
  const cleared = deps.sender.clear(deps.record, placed);
  // It may be refused while the row is still being written.
  cleared.catch(() => {});
  const row = await between('message.commit.before', () => writeMessage(deps, message, opaque), 'message.commit.after');
  if (!row) return NOT_SENT;
  publish(deps, row);
  if (row.status === 'sent') return { messageId: row.id };
  try {
    const { externalId } = await deps.sender.send(deps.record, message, opaque, mayAct, cleared);
    sent({ id: row.id, externalId: externalId && storableText(externalId) });
    publish(deps, { ...row, status: 'sent' });
  } catch (error) {
    // Whoever has the run now finds the row as it is and asks the channel.
    if (error instanceof LeaseLost) throw error;
    const status = error instanceof EffectDidNotHappen ? 'failed' : 'uncertain';
    const said = error instanceof Error ? error.message : String(error);
    await settle(deps, row.id, status, said).catch((away: unknown) => {
      if (status !== 'failed' || !isUnavailable(away)) throw away;
      // What the channel said is known all the same: the ledger writes it down when the database is back.
      sent({ id: row.id, externalId: null, error: said });
    });
    throw error;
  }
  return { messageId: row.id };
}

/** `null` when a person has the conversation. The simulator has it as soon as we do; any other channel is asked next. */
async function writeMessage(
  { engine, runId, record, lease }: Deps,
  message: OutgoingMessage,
  opaque: string,
): Promise<MessageRow | null> {
  const { text, ...rest } = message;
  const payload: OutgoingPayload = { ...rest, opaque };
  const kind = message.list ? 'list' : message.buttons?.length ? 'button' : (message.media?.kind ?? 'text');
  const vault = await vaultOf(engine, record.organizationId);
  const { rows } = await engine.query<StoredMessage>({
    name: 'messages:send',
    text: `with lease as materialized (select 1 from platform.workers where id = $9 and epoch = $10 and alive for share),
        mine as (update platform.conversations c set last_message_at = now(),
            recent_replies = (c.recent_replies || now())[greatest(1, cardinality(c.recent_replies) + 2 - ${KEPT_REPLIES}):] from lease
          where c.id = $1 and ${isTeams('$5')} and (cardinality(c.recent_replies) < ${most}
            or c.recent_replies[cardinality(c.recent_replies) + 1 - ${most}] <= now() - interval '1 minute')
          returning c.id, c.organization_id),
        again as (update platform.messages m set status = $6, error = null, created_at = now(), sent_at = now() from mine
          where m.conversation_id = mine.id and m.run_id = $5 and m.payload ->> 'opaque' = $8 and m.status = 'failed' returning m.*),
        fresh as (insert into platform.messages (id, organization_id, conversation_id, direction, author, kind, text, payload, status, run_id, sent_at)
          select $2, organization_id, id, 'out', 'team', $3, $4, $7, $6, $5, now() from mine where not exists (select 1 from again) returning *)
      select ${messageColumns} from again union all select ${messageColumns} from fresh`,
    values: [
      record.id,
      uuidv7(),
      kind,
      vault.sealText(text),
      runId,
      record.channelKind === 'simulator' ? 'sent' : 'queued',
      sealPayload(vault, { ...payload }),
      opaque,
      lease.id,
      lease.epoch,
    ],
  });
  const [row] = rows;
  if (row) return openMessage(vault, row);
  const { rows: found } = await engine.query<{ held: boolean; isTeams: boolean }>({
    name: 'messages:refused',
    text: `select exists (select 1 from platform.workers where id = $2 and epoch = $3 and alive) as held,
      exists (select 1 from platform.conversations c where c.id = $1 and ${isTeams('$4')}) as "isTeams"`,
    values: [record.id, lease.id, lease.epoch, runId],
  });
  const [why] = found;
  if (!why?.held) throw new LeaseLost(lease.token);
  // A person has it by now, or it was deleted: nothing is to be said. Else it has had all the answers that a minute may have.
  if (!why.isTeams) return null;
  const said = detail('replies.too_many');
  throw new EffectDidNotHappen(sayDetail(said, record.locale) ?? said.code, {
    code: TOO_MANY_REPLIES,
    actor: 'author',
    retryable: false,
    detail: said,
  });
}

/** A report of the channel may have come first; it knows better. */
async function settle(deps: Deps, id: string, status: 'failed' | 'uncertain', error: string): Promise<void> {
  const { rows } = await deps.engine.query<StoredMessage>({
    name: 'messages:settle',
    text: `update platform.messages set status = case when status = 'queued' then $2 else status end,
        error = case when status = 'queued' then $3 else error end where id = $1 returning ${messageColumns}`,
    values: [id, status, error],
  });
  const vault = await vaultOf(deps.engine, deps.record.organizationId);
  for (const row of rows) publish(deps, openMessage(vault, row));
}

const publish = ({ bus, record }: Deps, row: MessageRow): void =>
  bus.publish(record.organizationId, { type: 'message', message: messageView(row) });
