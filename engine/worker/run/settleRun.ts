import type { Pool } from 'pg';
import type { RunOutcome } from '#engine/run/rows.js';
import type { Admission } from '../admission.js';
import { apologize, type ApologyDeps } from '../conversation/apologize.js';
import { startNextRun } from '../conversation/nextRun.js';
import type { Versions } from '../department.js';
import { transaction } from '../query.js';
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
  if (conversationId && outcome.status !== 'queued') {
    if (outcome.status === 'failed') {
      await apologize(deps, { id, organizationId, conversationId, problem: outcome.error.message });
    }
    await resumeAnswered(engine, conversationId);
    await transaction(engine, (query) => startNextRun(query, versions, conversationId, 'now'));
  }
  admission.wake(organizationId);
}
