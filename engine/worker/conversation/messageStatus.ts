import type { MessageView } from '#engine/graph/events.js';

type Status = MessageView['status'];

/** Reports arrive in any order and some never do: a message only ever moves to the right. */
const order = [
  'queued',
  'uncertain',
  'sent',
  'failed',
  'delivered',
  'read',
  'played',
] as const satisfies readonly Status[];

/** Statuses that a report of `status` may replace. */
export const replaceable = (status: (typeof order)[number]): readonly Status[] => order.slice(0, order.indexOf(status));
