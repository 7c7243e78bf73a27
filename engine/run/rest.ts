import type { LiveEvent } from '#engine/graph/events.js';
import type { RunStatus } from '#engine/graph/statuses.js';
import type { Json } from '#nodes/sdk/json.js';
import { errorBytes } from './compensate.js';
import { jsonbBytes } from './json.js';
import { RunTaken, type Journal } from './journal.js';
import type { RestStatus, RunError, RunOutcome, RunRow } from './rows.js';

/** Tells browsers where a run stands. */
export type ShowRun = (run: RunRow, status: RunStatus) => void;

export const createShowRun =
  (emit: (organizationId: string, event: LiveEvent) => void): ShowRun =>
  ({ id, departmentId, conversationId, organizationId }, status) =>
    emit(organizationId, { type: 'run', run: { id, departmentId, conversationId, status } });

/** Brings the run to rest, after everything it recorded. `notBefore`: of one that goes back to the queue, in milliseconds since 1970. */
export type Rest = (
  run: RunRow,
  status: RestStatus,
  output?: Json,
  error?: RunError | null,
  notBefore?: number | null,
) => Promise<RunOutcome>;

export const createRest =
  (journal: Journal, show: ShowRun): Rest =>
  async (run, status, output = null, error = null, notBefore = null) => {
    const entry = { run: run.id, organization: run.organizationId, status };
    const came = await journal
      .add({
        kind: 'run',
        ...entry,
        output: status === 'succeeded' ? jsonbBytes(output) : null,
        error: error && errorBytes(error),
        notBefore,
      })
      .catch((reason: unknown) => {
        if (reason instanceof RunTaken) return null;
        throw reason;
      });
    if (came === null) return { status: 'notMine' };
    // The row had the last word: an answer or a cancel may have come meanwhile.
    const at = came as RestStatus;
    show(run, at);
    if (at === 'succeeded') return { status: at, output };
    if (at === 'failed' && error) return { status: at, error };
    if (at === 'queued') return { status: at, ...(notBefore !== null && { notBefore: new Date(notBefore) }) };
    return { status: at === 'canceled' ? at : 'waiting' };
  };
