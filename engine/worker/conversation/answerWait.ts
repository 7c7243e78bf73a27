import type { Query } from '#db/query.js';
import type { MessageRow } from './messageView.js';

interface OpenQuestion {
  readonly id: string;
  readonly runId: string;
  readonly question: { readonly options?: readonly { readonly value: string; readonly title: string }[] } | null;
}

/** The value of the option that the customer tapped or wrote; their own words when it is none of them. */
function answerOf(question: OpenQuestion['question'], message: Pick<MessageRow, 'text' | 'payload'>): string {
  const said = message.text.trim().toLocaleLowerCase();
  const { buttonId } = message.payload;
  const options = question?.options ?? [];
  const chosen =
    options.find((option) => option.value === buttonId) ??
    options.find((option) => option.title.toLocaleLowerCase() === said || option.value.toLocaleLowerCase() === said);
  return chosen?.value ?? message.text;
}

/** Gives the message to the oldest question that a run has asked this customer. Returns that run, or `null` when nothing was asked. */
export async function answerOpenQuestion(query: Query, message: MessageRow): Promise<string | null> {
  const rows = await query<OpenQuestion>(
    `select w.id, w.run_id as "runId", w.question from platform.waits w join platform.runs r on r.id = w.run_id
     where w.conversation_id = $1 and w.kind = 'contact' and w.answered_at is null and r.status in ('queued', 'running', 'waiting')
     order by w.created_at limit 1 for update of w`,
    [message.conversation_id],
  );
  const open = rows[0];
  if (!open) return null;
  await query(`update platform.waits set answer = $2, answered_at = now() where id = $1`, [
    open.id,
    JSON.stringify(answerOf(open.question, message)),
  ]);
  await query(`update platform.messages set answered_by = $2 where id = $1`, [message.id, open.runId]);
  return open.runId;
}
