import type { Pool } from 'pg';
import type { EventBus } from '#engine/graph/events.js';
import { words, type Locale } from '#nodes/sdk/text.js';
import { answerNext } from '../conversation/answerNext.js';
import { handOff } from '../conversation/handOff.js';
import type { Versions } from '../department.js';
import type { Queues } from '../enqueue.js';
import { queryOf, transaction } from '../query.js';

/** Younger than this, whoever stored it is still about to announce it. */
const AGE = `interval '5 seconds'`;
const AT_ONCE = 500;

/** Announces again what was stored and not handled: the queue was away, it lost the job, or a worker died over it. */
export async function announceForgotten(engine: Pool, queues: Queues): Promise<void> {
  const query = queryOf(engine);
  const events = await query<{ eventId: string }>(
    `select id as "eventId" from platform.inbound_events where processed_at is null and received_at < now() - ${AGE} order by received_at limit ${AT_ONCE}`,
  );
  await queues.addMany('inbound', events);
  const messages = await query<{ messageId: string; organizationId: string }>(
    `select id as "messageId", organization_id as "organizationId" from platform.messages
     where status = 'queued' and author = 'person' and created_at < now() - ${AGE} order by id limit ${AT_ONCE}`,
  );
  await queues.addMany('deliver', messages);
}

/**
 * Older than this when their department goes on after a pause (or the platform after an outage), messages are a person's: the customer has long
 * found out otherwise, or asked about a day that is over. WhatsApp itself lets us answer for 24 hours.
 */
const ANSWERED_WITHIN = `interval '12 hours'`;

const late = {
  reason: words(
    'Mensagem antiga, de quando o departamento estava parado',
    'An old message, from while the department stood still',
  ),
  summary: words(
    'O cliente escreveu há mais de 12 horas e ninguém respondeu. Veja se ainda faz sentido responder.',
    'The customer wrote more than 12 hours ago and nobody answered. See whether an answer still makes sense.',
  ),
};

interface WaitingConversation {
  readonly conversationId: string;
  readonly organizationId: string;
  readonly locale: Locale;
  readonly stale: boolean;
}

/**
 * Starts runs for customers whose message nobody took: a worker died between the end of one run and the start of the next, or the department
 * was paused and goes on. Returns the organizations to wake.
 */
export async function answerForgotten(
  engine: Pool,
  versions: Versions,
  bus: Pick<EventBus, 'publish'>,
): Promise<string[]> {
  const waiting = await queryOf(engine)<WaitingConversation>(
    `select m.conversation_id as "conversationId", m.organization_id as "organizationId", o.locale, max(m.created_at) < now() - ${ANSWERED_WITHIN} as stale
     from platform.messages m join platform.conversations c on c.id = m.conversation_id join platform.organizations o on o.id = m.organization_id
     where m.direction = 'in' and m.answered_by is null and m.created_at < now() - ${AGE}
       and not exists (select 1 from platform.departments d where d.id = c.department_id and d.status = 'paused' and d.published_version is not null
         and d.dismissed_at is null)
       and not exists (select 1 from platform.runs r where r.conversation_id = m.conversation_id and r.status in ('queued', 'running'))
       and not exists (select 1 from platform.runs r where r.conversation_id = m.conversation_id and r.unattended)
     group by m.conversation_id, m.organization_id, o.locale limit ${AT_ONCE}`,
  );
  for (const { conversationId, organizationId, locale, stale } of waiting) {
    if (!stale) {
      await answerNext({ engine, bus, versions }, organizationId, conversationId);
      continue;
    }
    const [reason, summary] = [late.reason[locale], late.summary[locale]];
    const events = await transaction(engine, (query) =>
      handOff(query, { organizationId, conversationId, runId: null, reason, summary }),
    );
    for (const event of events) bus.publish(organizationId, event);
  }
  return [...new Set(waiting.map((each) => each.organizationId))];
}
