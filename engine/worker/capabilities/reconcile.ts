import type { Pool } from 'pg';
import type { MessageView } from '#engine/graph/events.js';
import type { Reconcile, Verdict } from '#engine/run/ledger.js';
import { APOLOGY } from '../conversation/apologize.js';
import { EFFECT } from './channel.js';

const unknown: Verdict = { happened: 'unknown' };

/**
 * Finds out whether a message went out whose worker was lost. The row is committed before the channel is called, so no row means that nothing was
 * sent; one that the channel has reported on (it echoes our key) or that we saw accepted was. In between, nobody knows.
 */
export const createReconcile =
  (engine: Pool): Reconcile =>
  async ({ organizationId, runId, key, idempotencyKey }) => {
    if (key !== APOLOGY && !key.includes(`:${EFFECT}:`)) return unknown;
    const { rows } = await engine.query<{ id: string; status: MessageView['status'] }>(
      `select m.id, m.status from platform.runs r join platform.messages m on m.conversation_id = r.conversation_id and m.run_id = r.id
       where r.id = $1 and r.organization_id = $2 and m.payload ->> 'opaque' = $3`,
      [runId, organizationId, idempotencyKey],
    );
    const [message] = rows;
    if (!message || message.status === 'failed') return { happened: false };
    if (message.status === 'uncertain') return unknown;
    if (message.status !== 'queued') return { happened: true, result: { messageId: message.id } };
    await engine.query(`update platform.messages set status = 'uncertain' where id = $1 and status = 'queued'`, [
      message.id,
    ]);
    return unknown;
  };
