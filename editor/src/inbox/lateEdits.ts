import type { MessageView } from '../api/types.js';

type Said = Pick<MessageView, 'id' | 'author' | 'status' | 'changed' | 'changedAt' | 'createdAt'>;

/** Whether somebody of the house said it and it went out, as far as is known. */
const isAnswer = ({ author, status }: Said): boolean =>
  (author === 'team' || author === 'person') && status !== 'failed';

/**
 * Messages, of a thread with the oldest first, that their customer wrote otherwise after they had been answered, and to which nobody has said anything
 * since: the department answers each message once (docs/decisions/0075).
 */
export function lateEdits(thread: readonly Said[]): ReadonlySet<string> {
  const late = new Set<string>();
  for (const [index, { id, changed, changedAt }] of thread.entries()) {
    if (changed !== 'edited' || changedAt === null) continue;
    const edited = Date.parse(changedAt);
    const answers = thread.slice(index + 1).filter(isAnswer);
    // The channel tells whole seconds: what was said within that of the edit came after it.
    if (answers.length > 0 && answers.every(({ createdAt }) => Date.parse(createdAt) < edited)) late.add(id);
  }
  return late;
}
