import type { Pool } from 'pg';
import { startNextRun } from '../conversation/nextRun.js';
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

/** Starts runs for customers whose message nobody took: a worker died between the end of one run and the start of the next. */
export async function answerForgotten(engine: Pool, versions: Versions): Promise<string[]> {
  const waiting = await queryOf(engine)<{ conversationId: string; organizationId: string }>(
    `select distinct m.conversation_id as "conversationId", m.organization_id as "organizationId" from platform.messages m
     where m.direction = 'in' and m.answered_by is null and m.created_at < now() - ${AGE} and not exists (
       select 1 from platform.runs r where r.conversation_id = m.conversation_id and r.status in ('queued', 'running'))
     limit ${AT_ONCE}`,
  );
  for (const { conversationId } of waiting) {
    await transaction(engine, (query) => startNextRun(query, versions, conversationId, { burst: 'now' }));
  }
  return [...new Set(waiting.map((each) => each.organizationId))];
}
