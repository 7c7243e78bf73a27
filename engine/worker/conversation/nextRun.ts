import { uuidv7 } from 'uuidv7';
import { isReadable, type MessageTriggerInput } from '#nodes/sdk/triggerInput.js';
import { burstWindowOf, messageTriggerOf, type Versions } from '../department.js';
import { startRun } from '../startRun.js';
import { inOrder, leaveToPerson } from './unanswered.js';
import { messageColumns, type MessageRow } from './messageView.js';
import { sharedQuery, type Query } from '../query.js';

export interface NextRun {
  readonly organizationId: string;
  readonly runId: string;
  readonly departmentId: string;
  readonly notBefore: Date | null;
}

interface Answerer {
  readonly organizationId: string;
  readonly departmentId: string;
  readonly handler: 'team' | 'person';
  readonly contactId: string;
  readonly contactName: string | null;
  /** Of the department's published version; `null` when it has none or is paused. */
  readonly versionId: string | null;
}

/**
 * What a run gets from the messages it answers: their texts in order, the rest from the last one. When a photo follows a question it is
 * the question that must not be lost, so words decide the kind before anything that only media would.
 */
export function triggerInput(
  messages: readonly MessageRow[],
  contact: { id: string; name: string | null },
): MessageTriggerInput {
  const last = messages.at(-1);
  if (!last) throw new Error('A run that answers messages needs at least one');
  const { kind, payload } = messages.findLast(({ kind: one }) => isReadable(one)) ?? last;
  return {
    text: messages
      .map((message) => message.text)
      .filter((text) => text !== '')
      .join('\n'),
    kind: kind as MessageTriggerInput['kind'],
    ...(payload.buttonId && { buttonId: payload.buttonId }),
    contact,
    conversation: { id: last.conversation_id },
    message: { id: last.id },
  };
}

/**
 * Starts the run that answers what the conversation's customer has written, if anything waits, the team has the conversation and no
 * run is under way. Locks the conversation, so that a message and the end of a run cannot miss each other.
 */
export async function startNextRun(
  query: Query,
  versions: Versions,
  conversationId: string,
  burst: 'wait' | 'now',
): Promise<NextRun | null> {
  const rows = await query<Answerer>(
    `select c.organization_id as "organizationId", c.department_id as "departmentId", c.handler, k.id as "contactId", k.name as "contactName",
       (select v.id from platform.departments d join platform.department_versions v on v.department_id = d.id and v.number = d.published_version
        where d.id = c.department_id and d.status = 'active') as "versionId"
     from platform.conversations c join platform.contacts k on k.id = c.contact_id where c.id = $1 for update of c`,
    [conversationId],
  );
  const answerer = rows[0];
  if (!answerer) return null;
  const waiting = await query<MessageRow>(
    `select ${messageColumns} from platform.messages where conversation_id = $1 and direction = 'in' and answered_by is null`,
    [conversationId],
  );
  if (waiting.length === 0) return null;
  const version = answerer.versionId ? await versions.get(query, answerer.versionId) : null;
  const triggerNode = version && messageTriggerOf(version.definition);
  if (answerer.handler === 'person' || !version || !triggerNode) {
    await leaveToPerson(query, conversationId);
    return null;
  }
  const { organizationId, departmentId, contactId, contactName } = answerer;
  const windowMs = burst === 'wait' ? burstWindowOf(version.definition) : 0;
  const notBefore = windowMs > 0 ? new Date(Date.now() + windowMs) : null;
  const runId = uuidv7();
  const started = await startRun(sharedQuery(query), {
    id: runId,
    organizationId,
    departmentId,
    versionId: version.id,
    conversationId,
    triggerNode,
    // Read again when the run starts: whatever arrives until then is answered with it.
    input: triggerInput(waiting.sort(inOrder), { id: contactId, name: contactName }),
    priority: 'high',
    notBefore,
  });
  return started ? { organizationId, runId, departmentId, notBefore } : null;
}
