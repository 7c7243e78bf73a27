import type { WorkQuery } from '../query.js';
import type { OrganizationRecord } from '../organization.js';
import { isDoubtedQuestion } from '../effects/questions.js';
import { messageColumns, openMessage, type MessageRow, type StoredMessage } from './messageView.js';
import { openRecord, recordColumns, recordTables, type ConversationRecord } from './record.js';
import { inOrder } from './unanswered.js';

/** How a conversation stands: who has it, what its customer waits for, and what the run that answers would be given. */
export interface Standing {
  readonly record: ConversationRecord;
  readonly organization: OrganizationRecord;
  readonly departmentId: string;
  /** Of the department's published version, or of the draft where that is what one chats with; `null` when it has none or is paused. */
  readonly versionId: string | null;
  /** It answers again once somebody lets it go on: what its customers write meanwhile is kept for then. */
  readonly paused: boolean;
  /** A run has asked the customer something and still waits for it. */
  readonly asked: boolean;
  /** A run has sent the customer a question and waits to hear from the channel whether it went out: what they write may be the answer. */
  readonly doubted: boolean;
  /** A run is queued or at work. */
  readonly busy: boolean;
  /** A run has failed on the customer, and a person is about to be asked: it is theirs from the failure on. */
  readonly unattended: boolean;
  /** What no run has taken yet, in order; not looked at while a run is queued or at work. */
  readonly unanswered: readonly MessageRow[];
}

type Row = ConversationRecord &
  Omit<Standing, 'record' | 'unanswered'> & {
    readonly waiting: readonly (Omit<StoredMessage, 'sent_at'> & { readonly sent_at: string })[];
  };

const select = `select ${recordColumns}, c.department_id as "departmentId",
       json_build_object('name', o.name, 'locale', o.locale, 'timezone', o.timezone, 'profile', o.profile,
         'modelKeys', o.model_keys, 'capped', o.daily_budget_cents is not null) as organization,
       coalesce(h.draft_version_id, (select v.id from platform.departments d join platform.department_versions v on v.department_id = d.id and v.number = d.published_version
        where d.id = c.department_id and d.status = 'active')) as "versionId",
       h.draft_version_id is null
         and exists (select 1 from platform.departments d where d.id = c.department_id and d.status = 'paused' and d.published_version is not null
           and d.dismissed_at is null) as paused,
       exists (select 1 from platform.waits w join platform.runs r on r.id = w.run_id where w.conversation_id = c.id and w.kind = 'contact'
         and w.answered_at is null and r.status in ('queued', 'running', 'waiting')) as asked,
       exists (select 1 from platform.effects e where e.organization_id = c.organization_id and ${isDoubtedQuestion('e')}
         and exists (select 1 from platform.runs r where r.id = e.run_id and r.conversation_id = c.id and r.status = 'waiting')) as doubted,
       exists (select 1 from platform.runs r where r.conversation_id = c.id and r.status in ('queued', 'running')) as busy,
       exists (select 1 from platform.runs r where r.conversation_id = c.id and r.unattended) as unattended,
       case when exists (select 1 from platform.runs r where r.conversation_id = c.id and r.status in ('queued', 'running')) then '[]'::json
       else (select coalesce(json_agg(m), '[]') from (select ${messageColumns} from platform.messages
         where conversation_id = c.id and direction = 'in' and answered_by is null) m) end as waiting
     from ${recordTables} join platform.organizations o on o.id = c.organization_id`;

/** As of the start of the statement: whoever decides by it holds the conversation's row already. `null` when it was deleted. */
export async function standingOf(query: WorkQuery, conversationId: string): Promise<Standing | null> {
  const [row] = await query<Row>(`${select} where c.id = $1`, [conversationId]);
  return row ? opened(query, row) : null;
}

/** The same of the conversation that a message belongs to: can be asked in one go with what writes the message. */
export async function standingAround(query: WorkQuery, messageId: string): Promise<Standing | null> {
  const [row] = await query<Row>(
    `${select} where c.id = (select conversation_id from platform.messages where id = $1)`,
    [messageId],
  );
  return row ? opened(query, row) : null;
}

async function opened(query: WorkQuery, row: Row): Promise<Standing> {
  const { organization, departmentId, versionId, paused, asked, doubted, busy, unattended, waiting, ...stored } = row;
  const vault = await query.vault(stored.organizationId);
  const record = openRecord(vault, stored);
  const unanswered = waiting
    .map((message) => openMessage(vault, { ...message, sent_at: new Date(message.sent_at) }))
    .sort(inOrder);
  return { record, organization, departmentId, versionId, paused, asked, doubted, busy, unattended, unanswered };
}
