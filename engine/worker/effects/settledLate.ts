import type { Pool } from 'pg';
import type { EventBus } from '#engine/graph/events.js';
import type { RunStatus } from '#engine/graph/statuses.js';
import type { SettledLate } from '#engine/run/ledger.js';
import { messageColumns, messageView, openMessage, type StoredMessage } from '../conversation/messageView.js';
import { queryOf, vaultOf } from '../query.js';

interface ShownRun {
  readonly id: string;
  readonly departmentId: string;
  readonly conversationId: string | null;
  readonly status: RunStatus;
}

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
    const runs = await query<ShownRun>(
      `select id, department_id as "departmentId", conversation_id as "conversationId", status from platform.runs where id = $1`,
      [runId],
    );
    for (const run of runs) bus.publish(organizationId, { type: 'run', run });
  };
