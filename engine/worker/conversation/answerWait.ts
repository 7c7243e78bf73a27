import type { Choice } from '#nodes/sdk/choice.js';
import { QUESTION_EFFECT } from '../effects/questions.js';
import type { MessageRow } from './messageView.js';
import { noticeAnswer } from './resumeRun.js';
import type { Standing } from './standing.js';
import type { WorkQuery } from '../query.js';

/** Whether it says something that can be an answer: a picture without a word is dealt with as what it is, and the question stays open. */
export const says = ({ text, payload }: MessageRow): boolean => text.trim() !== '' || payload.buttonId !== undefined;

/** SQL: what this wait is for was asked after that time, which is one at which something reached us. What is written down later tells nothing of when it was asked. */
export const askedAfter = (wait: string, time: string): string =>
  `exists (select 1 from platform.messages q where q.conversation_id = ${wait}.conversation_id and q.run_id = ${wait}.run_id and q.direction = 'out'
     and q.author = 'team' and q.created_at <= ${wait}.created_at and q.created_at > ${time})`;

interface OpenQuestion {
  readonly id: string;
  readonly runId: string;
  readonly question: unknown;
  /** The message answers the one with which this was asked. */
  readonly meant: boolean;
}

/** Most questions among which one looks for the one that is meant: more than any department asks at once. */
const MOST_ASKED = 20;

/**
 * Gives the message to a question that a run has asked this customer before it reached us: what was here already answers nothing that was asked later. Of several
 * to the one whose message it quotes, else to one that has the choice which was tapped, else to the oldest. False when nothing is being asked.
 */
export async function answerOpenQuestion(query: WorkQuery, message: MessageRow, receivedAt: Date): Promise<boolean> {
  const { text, payload } = message;
  const asked = await query<OpenQuestion>(
    `select w.id, w.run_id as "runId", w.question, exists (select 1 from platform.messages q where q.organization_id = w.organization_id and q.external_id = $3
         and q.run_id = w.run_id and q.payload ->> 'opaque' = w.run_id || '/' || w.path || '${QUESTION_EFFECT}') as meant
     from platform.waits w join platform.runs r on r.id = w.run_id
     where w.conversation_id = $1 and w.kind = 'contact' and w.answered_at is null and r.status in ('queued', 'running', 'waiting')
       and not ${askedAfter('w', '$2::timestamptz')}
     order by w.created_at, w.id limit ${MOST_ASKED}`,
    [message.conversation_id, receivedAt, payload.repliesTo ?? null],
  );
  const vault = await query.vault(message.organization_id);
  const offers = ({ question }: OpenQuestion): boolean =>
    (vault.openJson(question) as { options?: Choice[] }).options?.some(({ value }) => value === payload.buttonId) ??
    false;
  const chosen = asked.find(({ meant }) => meant) ?? (payload.buttonId ? asked.find(offers) : undefined) ?? asked[0];
  if (!chosen) return false;
  // The run is held before its wait, as whoever else answers does: see docs/decisions/0060.
  const [open] = await query<{ id: string; runId: string }>(
    `with held as materialized (select id from platform.runs where id = $2 and status in ('queued', 'running', 'waiting') for no key update)
     select w.id, w.run_id as "runId" from held join platform.waits w on w.id = $1 where w.answered_at is null for update of w`,
    [chosen.id, chosen.runId],
  );
  if (!open) return false;
  await query(`update platform.waits set answer = $2, answered_at = now() where id = $1`, [
    open.id,
    vault.sealJson({ text, ...(payload.buttonId && { buttonId: payload.buttonId }) }),
  ]);
  await query(`update platform.messages set answered_by = $2 where id = $1`, [message.id, open.runId]);
  await noticeAnswer(query, open.runId);
  return true;
}

/**
 * The same for what waits in the conversation: it came while a question was on its way, before it was on record that it was asked. The caller holds the
 * conversation's row. False when nothing of it is an answer.
 */
export async function answerWithWaiting(
  query: WorkQuery,
  { record, asked, unattended, unanswered }: Standing,
): Promise<boolean> {
  if (!asked || unattended || record.handler === 'person') return false;
  const candidates = unanswered.filter(says);
  const received = await query<{ id: string; at: Date }>(
    `select id, received_at as at from platform.inbound_events where id = any($1::uuid[])`,
    [candidates.map(({ id }) => id)],
  );
  const times = new Map(received.map(({ id, at }) => [id, at]));
  let answered = false;
  for (const message of candidates) {
    const at = times.get(message.id);
    if (at && (await answerOpenQuestion(query, message, at))) answered = true;
  }
  return answered;
}
