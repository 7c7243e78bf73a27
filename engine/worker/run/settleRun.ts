import type { Pool } from 'pg';
import type { RunOutcome } from '#engine/run/rows.js';
import type { Admission } from '../admission.js';
import { apologize, type ApologyDeps } from '../conversation/apologize.js';
import { startNextRun } from '../conversation/nextRun.js';
import type { Versions } from '../department.js';
import { queryOf, transaction } from '../query.js';
import { resumeAnswered } from '../sweep/waits.js';

export interface SettleDeps extends ApologyDeps {
  readonly engine: Pool;
  readonly admission: Admission;
  readonly versions: Versions;
}

export interface RestingRun {
  readonly id: string;
  readonly organizationId: string;
  readonly conversationId: string | null;
}

/**
 * What follows when a run rests: a customer it failed is looked after, whoever wrote meanwhile is answered, a run whose answer came while
 * the conversation was busy goes on, and the organization's next run is admitted. A worker lost half way leaves it to the sweeper.
 */
export async function settleRun(deps: SettleDeps, run: RestingRun, outcome: RunOutcome): Promise<void> {
  const { engine, admission, versions } = deps;
  const { id, organizationId, conversationId } = run;
  if (outcome.status === 'notMine') return;
  if (outcome.status === 'queued') return admission.wake(organizationId, outcome.notBefore);
  if (!conversationId) return admission.left(organizationId);
  if (outcome.status === 'failed') {
    await apologize(deps, {
      id,
      organizationId,
      conversationId,
      problem: outcome.error.message,
      code: outcome.error.code,
    });
  }
  const left = await leftBehind(engine, organizationId, conversationId);
  if (left.answered) await resumeAnswered(engine, conversationId);
  if (left.unanswered) {
    await transaction(engine, (query) => startNextRun(query, versions, conversationId, { burst: 'now' }));
  }
  if (left.answered || left.unanswered || left.queued) admission.wake(organizationId);
}

interface LeftBehind {
  /** Somebody answered a run that waits. */
  readonly answered: boolean;
  /** The customer wrote what no run has taken. */
  readonly unanswered: boolean;
  /** A run of the organization waits to be admitted. */
  readonly queued: boolean;
}

/**
 * Looked at without any lock, after the run's end is committed. A message that is committed later is not missed: whoever brings it looks for
 * the run after its own commit, and finds it ended.
 */
async function leftBehind(engine: Pool, organizationId: string, conversationId: string): Promise<LeftBehind> {
  const [left] = await queryOf(engine)<LeftBehind>(
    `select exists (select 1 from platform.runs where conversation_id = $2 and status = 'waiting' and unseen_answers > 0) as answered,
       exists (select 1 from platform.messages where conversation_id = $2 and direction = 'in' and answered_by is null) as unanswered,
       exists (select 1 from platform.runs where organization_id = $1 and status = 'queued' and admitted_at is null) as queued`,
    [organizationId, conversationId],
  );
  return left ?? { answered: false, unanswered: false, queued: false };
}
