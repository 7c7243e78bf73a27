import type { ConversationView, DepartmentView } from '../api/types.js';
import type { EmblemState } from '../ui/Emblem.js';

/** It is a person's turn: the team handed it over and nobody closed it. */
export const isYourTurn = ({ handler, status }: ConversationView): boolean => handler === 'person' && status === 'open';

/** A conversation is under way while its last message is younger than this, milliseconds. */
const underWayMs = 10 * 60_000;

export interface DepartmentNow {
  readonly state: EmblemState;
  readonly word: 'draft' | 'paused' | 'waitsYou' | 'withCustomers' | 'ready';
  readonly customers: number;
}

/** What a team is doing, from its status and its conversations. */
export function departmentNow(
  department: Pick<DepartmentView, 'id' | 'status'>,
  conversations: readonly ConversationView[],
  now = Date.now(),
): DepartmentNow {
  if (department.status === 'draft') return { state: 'off', word: 'draft', customers: 0 };
  if (department.status === 'paused') return { state: 'off', word: 'paused', customers: 0 };
  const own = conversations.filter(({ departmentId, status }) => departmentId === department.id && status === 'open');
  if (own.some(isYourTurn)) return { state: 'you', word: 'waitsYou', customers: 0 };
  const customers = own.filter(
    ({ lastMessageAt }) => lastMessageAt !== null && now - Date.parse(lastMessageAt) < underWayMs,
  ).length;
  return customers > 0
    ? { state: 'on', word: 'withCustomers', customers }
    : { state: 'idle', word: 'ready', customers: 0 };
}
