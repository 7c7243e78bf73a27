import type { InboundEdit } from '#engine/channels/whatsapp/inbound.js';
import type { IncomingPayload } from '../conversation/messageView.js';

/** Whether a message reads otherwise now. Of two edits the one that was made later stands, whichever comes first; nothing is put in place of what was taken back. */
export const replaces = (
  { timestamp, message }: InboundEdit,
  { editedAt, deleted = false }: IncomingPayload,
): boolean => message === null || (!deleted && (editedAt === undefined || editedAt <= timestamp));

/** What is kept of a message that reads otherwise now, besides its words. */
export const changedPayload = (
  { buttonId, repliesTo }: IncomingPayload,
  editedAt: string,
  deleted: boolean,
): IncomingPayload => ({
  ...(buttonId && { buttonId }),
  ...(repliesTo && { repliesTo }),
  editedAt,
  ...(deleted && { deleted }),
});
