import type { Pool } from 'pg';
import type { RunOutcome } from '#engine/run/rows.js';
import type { Admission } from '../admission.js';
import { answerNext } from '../conversation/answerNext.js';
import { apologize, type ApologyDeps } from '../conversation/apologize.js';
import type { Versions } from '../department.js';
import { resumeAnswered } from '../sweep/waits.js';
import type { ReadLeftBehind } from './leftBehind.js';

export interface SettleDeps extends ApologyDeps {
  readonly engine: Pool;
  readonly admission: Admission;
  readonly versions: Versions;
  readonly leftBehind: ReadLeftBehind;
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
  const { engine, admission, leftBehind } = deps;
  const { id, organizationId, conversationId } = run;
  if (outcome.status === 'notMine') return;
  if (outcome.status === 'queued') return admission.wake(organizationId, outcome.notBefore);
  if (!conversationId) return admission.left(organizationId);
  if (outcome.status === 'failed') {
    await apologize(deps, {
      id,
      organizationId,
      conversationId,
      error: outcome.error,
    });
  }
  const left = await leftBehind(organizationId, conversationId);
  if (left.answered) await resumeAnswered(engine, conversationId);
  if (left.unanswered) {
    await answerNext(deps, organizationId, conversationId);
  }
  if (left.answered || left.unanswered || left.queued) admission.wake(organizationId);
}
