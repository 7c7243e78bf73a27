import { uuidv7 } from 'uuidv7';
import { messageColumns, type StoredMessage } from '#engine/worker/conversation/messageView.js';
import { leaveToPerson } from '#engine/worker/conversation/unanswered.js';
import type { Query } from '#engine/worker/query.js';
import type { AuditAction } from '../../audit/actions.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { ApiError, found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { queryOf, statementOf } from '../../sql.js';
import { presentMessage } from './present.js';
import { readConversation } from './service.js';
import type { AnswerBody, ConversationView, MessageView } from './schemas.js';

type Deps = Pick<AppDeps, 'db' | 'keyring' | 'queues' | 'bus' | 'log'>;

/** A person answers: from then on the conversation is theirs and the team is quiet, until it is released. */
export async function answer(deps: Deps, session: Session, id: string, { text }: AnswerBody): Promise<MessageView> {
  const { organizationId, userId } = session;
  const messageId = uuidv7();
  const { message, conversation } = await deps.db.withOrganization(session, async (trx) => {
    const query = queryOf(trx);
    const changed = await query(
      `update platform.conversations set handler = 'person', status = 'open', assigned_to = coalesce(assigned_to, $2), last_message_at = now()
       where id = $1 returning id`,
      [id, userId],
    );
    found(changed[0]);
    await leaveToPerson(query, id);
    const vault = await deps.keyring.vault(statementOf(trx), organizationId);
    const [row] = await query<StoredMessage>(
      `insert into platform.messages (id, organization_id, conversation_id, direction, author, kind, text, payload, status, sent_at)
       values ($1, $2, $3, 'out', 'person', 'text', $4, '{}', 'queued', now()) returning ${messageColumns}`,
      [messageId, organizationId, id, vault.sealText(text)],
    );
    // No name and no text: the log stays when a customer asks to be forgotten.
    await audit(trx, session, { action: 'conversation.answer', target: { type: 'conversation', id } });
    return {
      message: presentMessage(vault, found(row)),
      conversation: await readConversation(trx, deps.keyring, organizationId, id),
    };
  });
  // The row is the outbox: what the queue does not hear of now it is told by the sweeper.
  await deps.queues
    .add('deliver', { messageId, organizationId })
    .catch((error: unknown) => deps.log.warn({ err: error }, 'a message waits for the sweeper'));
  deps.bus.publish(organizationId, { type: 'message', message });
  announce(deps, organizationId, conversation);
  return message;
}

/** The caller takes the conversation over; the team stops answering. */
export const assign = (deps: Deps, session: Session, id: string): Promise<ConversationView> =>
  change(deps, session, id, 'conversation.assign', async (query) => {
    // Held first: what is being taken in at this very moment is theirs too.
    const taken = await query(
      `update platform.conversations set handler = 'person', status = 'open', assigned_to = $2 where id = $1 returning id`,
      [id, session.userId],
    );
    await leaveToPerson(query, id);
    return taken;
  });

/**
 * Gives the conversation back to the team, which answers from the next message on. What the team had asked the customer counts as long as it is the last word: who has
 * talked to a person since, or to nobody, would not mean it.
 */
export const release = (deps: Deps, session: Session, id: string): Promise<ConversationView> =>
  changeAndEnd(deps, session, id, 'conversation.release', async (query) => {
    const released = await query(
      `update platform.conversations set handler = 'team', assigned_to = null, handoff_reason = null, handoff_summary = null where id = $1 returning id`,
      [id],
    );
    return { changed: released, ended: await endAsking(query, id, 'unless it is the last word') };
  });

/**
 * Ends the conversation, and with it what waits for an answer of its customer: whatever they write another day would be taken for one. Their next message
 * opens it again, for the team.
 */
export const close = (deps: Deps, session: Session, id: string): Promise<ConversationView> =>
  changeAndEnd(deps, session, id, 'conversation.close', async (query) => {
    const closed = await query(
      `update platform.conversations set status = 'closed', assigned_to = null where id = $1 returning id`,
      [id],
    );
    return { changed: closed, ended: await endAsking(query, id, 'whatever was said') };
  });

interface EndedRun {
  readonly id: string;
  readonly departmentId: string;
}

/** The run that what was said last is of, reactions aside. */
const LAST_WORD = `(select m.run_id from platform.messages m where m.conversation_id = $1 and m.author <> 'system' and m.kind <> 'reaction' order by m.id desc limit 1)`;

/** In the order of their ids, as whoever answers several at once holds them. */
const endAsking = (
  query: Query,
  conversationId: string,
  which: 'whatever was said' | 'unless it is the last word',
): Promise<EndedRun[]> =>
  query<EndedRun>(
    `with asking as materialized (select r.id from platform.runs r where r.conversation_id = $1 and r.status = 'waiting'
       and exists (select 1 from platform.waits w where w.run_id = r.id and w.kind = 'contact' and w.answered_at is null)
       and ($2 or r.id is distinct from ${LAST_WORD}) order by r.id for update)
     update platform.runs r set status = 'canceled', cancel_requested = true, finished_at = now() from asking where r.id = asking.id
     returning r.id, r.department_id as "departmentId"`,
    [conversationId, which === 'whatever was said'],
  );

/** As `change`, and tells of the runs that ended with it. */
async function changeAndEnd(
  deps: Deps,
  session: Session,
  id: string,
  action: Parameters<typeof change>[3],
  apply: (query: Query) => Promise<{ readonly changed: object[]; readonly ended: EndedRun[] }>,
): Promise<ConversationView> {
  let runs: EndedRun[] = [];
  const conversation = await change(deps, session, id, action, async (query) => {
    const { changed, ended } = await apply(query);
    runs = ended;
    return changed;
  });
  for (const run of runs)
    deps.bus.publish(session.organizationId, { type: 'run', run: { ...run, conversationId: id, status: 'canceled' } });
  return conversation;
}

async function change(
  deps: Deps,
  session: Session,
  id: string,
  action: Extract<AuditAction, `conversation.${string}`>,
  apply: (query: Query) => Promise<object[]>,
): Promise<ConversationView> {
  const { organizationId } = session;
  const conversation = await deps.db.withOrganization(session, async (trx) => {
    if ((await apply(queryOf(trx))).length === 0) throw new ApiError('not_found');
    await audit(trx, session, { action, target: { type: 'conversation', id } });
    return readConversation(trx, deps.keyring, organizationId, id);
  });
  announce(deps, organizationId, conversation);
  return conversation;
}

function announce({ bus }: Deps, organizationId: string, conversation: ConversationView): void {
  const { id, status, handler, handoffReason } = conversation;
  bus.publish(organizationId, { type: 'conversation', conversation: { id, status, handler, handoffReason } });
}
