import type { LiveEvent } from '#engine/graph/events.js';
import { isDoubtedQuestion } from '../effects/questions.js';
import { effectReported } from '../effects/settle.js';
import type { WorkQuery } from '../query.js';
import { shownRun } from '../run/shownRun.js';
import { messageColumns, messageView, openMessage, type MessageRow, type StoredMessage } from './messageView.js';

/**
 * A tap on a choice of a question of which nobody knew whether it went out says that it has reached its customer, as a report of the channel would. Its run goes on
 * to ask, and is given what they said then. Tells what is shown of it; nothing when the tap was on something else. The caller holds the conversation's row.
 */
export async function believeTap(
  query: WorkQuery,
  { conversation_id, organization_id, payload }: MessageRow,
): Promise<LiveEvent[]> {
  const { buttonId } = payload;
  if (!buttonId) return [];
  const vault = await query.vault(organization_id);
  // The run before its message and its effect: see docs/decisions/0060.
  const doubted = await query<StoredMessage & { readonly run_id: string; readonly key: string }>(
    `with held as materialized (select r.id from platform.runs r where r.conversation_id = $1 and r.status = 'waiting' and exists (
         select 1 from platform.effects e where e.run_id = r.id and ${isDoubtedQuestion('e')}) order by r.id for no key update)
     select ${messageColumns.replaceAll(/\w+/g, 'm.$&')}, e.key from held join platform.effects e on e.run_id = held.id and ${isDoubtedQuestion('e')}
     join platform.messages m on m.conversation_id = $1 and m.run_id = held.id and m.payload ->> 'opaque' = held.id || '/' || e.key order by m.id`,
    [conversation_id],
  );
  for (const { key, ...row } of doubted) {
    const { buttons = [], list } = openMessage(vault, row).payload;
    const choices = [...buttons, ...(list?.sections.flatMap(({ rows }) => rows) ?? [])];
    if (!choices.some(({ id }) => id === buttonId)) continue;
    const read = await query<StoredMessage>(
      `update platform.messages set status = 'read', error = null where id = $1 and status = 'uncertain' returning ${messageColumns}`,
      [row.id],
    );
    await effectReported(query, vault, row.run_id, key, { messageId: row.id });
    const shown = read.map((each): LiveEvent => ({ type: 'message', message: messageView(openMessage(vault, each)) }));
    return [...shown, ...(await shownRun(query, row.run_id))];
  }
  return [];
}
