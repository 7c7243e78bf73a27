import type { Pool } from 'pg';
import type { EventBus } from '#engine/graph/events.js';
import type { SettledLate } from '#engine/run/ledger.js';
import { messageColumns, messageView, openMessage, type StoredMessage } from '../conversation/messageView.js';
import { queryOf, vaultOf } from '../query.js';
import { shownRun } from '../run/shownRun.js';

/** Whoever looks at the run, or at the conversation, is shown what went on record after an outage: nothing else may happen to either. */
export const createSettledLate =
  (engine: Pool, bus: Pick<EventBus, 'publish'>): SettledLate =>
  async ({ organizationId, runId }, messageId) => {
    const query = queryOf(engine);
    if (messageId !== null) {
      const vault = await vaultOf(engine, organizationId);
      const sent = await query<StoredMessage>(`select ${messageColumns} from platform.messages where id = $1`, [
        messageId,
      ]);
      for (const row of sent)
        bus.publish(organizationId, { type: 'message', message: messageView(openMessage(vault, row)) });
    }
    for (const event of await shownRun(query, runId)) bus.publish(organizationId, event);
  };
