import type { Executor } from '#engine/run/execute.js';
import type { Lease } from '#engine/run/lease.js';
import { FIRST } from './admission.js';
import type { JobData } from './catalog.js';
import { createDirectRuns, type DirectRuns } from './directRuns.js';
import type { Dispatch } from './dispatch.js';
import type { Incarnations } from './incarnation.js';
import { runJob, type HowToRun, type RunJobDeps } from './runJob.js';
import { takeHere } from './takeHere.js';

export interface BeginningsDeps extends Omit<RunJobDeps, 'executor' | 'ledger'> {
  readonly dispatch: Dispatch;
  readonly incarnations: Incarnations<Executor>;
  /** Most runs of one organization on the queue or running. */
  readonly share: number;
  /** Runs at once. */
  readonly concurrency: number;
  /** A claimed run could not be worked on; it is given back by itself. */
  readonly unfinished: (runId: string, error: unknown) => void;
}

/** The three ways in which a run begins in this worker. */
export interface Beginnings {
  /** The queue gave it out: it is claimed here when its turn comes. */
  fromQueue(data: JobData<'run'>, how: HowToRun): Promise<void>;
  /** Its message was taken in here, and it was claimed in the statement that wrote it down. */
  readonly direct: DirectRuns;
  // And the third: it waited in PostgreSQL, and `dispatch` claimed it here because there was room.
  /** Begins no more; resolves when those that were begun without the queue have come to rest. */
  close(): Promise<void>;
}

export function createBeginnings(deps: BeginningsDeps): Beginnings {
  const { engine, dispatch, incarnations, concurrency, share, active, unfinished } = deps;

  /** A run that is claimed under this lease: it is at work when this returns. Never rejects. */
  const workUnder = async (lease: Lease | undefined, data: JobData<'run'>, how: HowToRun): Promise<void> => {
    try {
      // Another life of this worker has claimed nothing: what the one before it had goes back to the queue by itself.
      const { held } = incarnations;
      if (!held || held.lease !== lease) return;
      const { engine: executor } = held;
      await runJob({ ...deps, executor, ledger: executor.ledger }, data, how);
    } catch (error) {
      unfinished(data.runId, error);
    }
  };
  const direct = createDirectRuns({
    concurrency,
    share,
    atWork: () => active.size,
    ended: dispatch.freed,
    async work(given, before) {
      const { id: runId, organizationId } = given.run;
      await workUnder(given.claimedUnder, { runId, organizationId }, { urgent: before < FIRST, given });
    },
  });
  dispatch.workHere({
    lease: () => incarnations.held?.lease ?? null,
    room: direct.room,
    underWay: direct.of,
    take: (lease, organizationIds, oldest) => {
      const asked = organizationIds.map((organizationId) => ({ organizationId, underWay: direct.of(organizationId) }));
      return takeHere(engine, lease, asked, { ...direct.room(), share, oldest });
    },
    begin({ runId, organizationId, whole }, lease) {
      direct.keep(organizationId, (before) =>
        workUnder(lease, { runId, organizationId }, { urgent: before < FIRST, whole }),
      );
    },
  });
  return {
    async fromQueue(data, how) {
      const { engine: executor } = await incarnations.current();
      await runJob({ ...deps, executor, ledger: executor.ledger }, data, how).finally(dispatch.freed);
    },
    direct,
    close: () => direct.close(),
  };
}
