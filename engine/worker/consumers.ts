import { failpoint } from '#db/failpoint.js';
import type { ModelGateway } from '#engine/models/gateway.js';
import { indexSource } from '#engine/knowledge/indexSource.js';
import type { Executor } from '#engine/run/execute.js';
import type { Lease } from '#engine/run/lease.js';
import { FIRST } from './admission.js';
import type { QueueBackend } from './backend.js';
import { isLine, jobs, type JobData, type JobName } from './catalog.js';
import { deliverJob } from './deliverJob.js';
import { createDirectRuns } from './directRuns.js';
import type { Dispatch } from './dispatch.js';
import { inboundJob } from './inboundJob.js';
import type { Queues } from './enqueue.js';
import type { Listener } from './line.js';
import type { Incarnations } from './incarnation.js';
import { problemOf, type Log } from './log.js';
import { intakeOf } from './query.js';
import { runJob, type HowToRun, type RunJobDeps } from './runJob.js';
import { takeHere } from './takeHere.js';

export interface ConsumersDeps extends Omit<RunJobDeps, 'executor' | 'ledger'> {
  readonly dispatch: Dispatch;
  /** Most runs of one organization on the queue or running. */
  readonly share: number;
  readonly backend: QueueBackend;
  readonly queues: Queues;
  readonly incarnations: Incarnations<Executor>;
  readonly models: ModelGateway;
  /** Runs that are being claimed as they are written down, and not at work yet. */
  readonly claiming: Set<string>;
  /** Runs at once. */
  readonly concurrency: number;
  readonly log: Log;
}

export interface Consumers {
  /** Takes no more jobs; resolves when those at work are done. */
  close(): Promise<void>;
}

/**
 * A job not renewed for this long belongs to a process that is gone or stands still, and whoever it was for is waiting. Too short does no
 * harm: what a job announces is taken once, whoever comes second finds it done.
 */
const LOCK_MS = 10_000;

/** Starts one consumer for each queue of the catalog. */
export async function startConsumers(deps: ConsumersDeps): Promise<Consumers> {
  const { backend, dispatch, incarnations, database, models, concurrency, share, active, log } = deps;

  const consume = <Name extends JobName>(
    name: Name,
    atOnce: number,
    handle: (data: JobData<Name>) => Promise<void>,
  ): Listener | Promise<Listener> => {
    const take = async (stored: unknown): Promise<void> => {
      // The schema is the one of `Name`; the type of an indexed union cannot say so.
      const data = jobs[name].schema.parse(stored) as JobData<Name>;
      await failpoint('queue.take');
      await handle(data).catch((error: unknown) => {
        unfinished(name, data, error);
        throw error;
      });
      await failpoint('queue.finish');
    };
    const { queue } = jobs[name];
    if (!backend.lines || !isLine(name)) return backend.consume(queue, { concurrency: atOnce, lockMs: LOCK_MS }, take);
    // Said again by a sweep, as what a queue gives up is.
    return backend.lines.listen(queue, atOnce, (text) => take(JSON.parse(text)).catch(() => {}));
  };
  const unfinished = (job: JobName, data: object, error: unknown): void =>
    log.warn(
      { job, ...data, ...problemOf(error) },
      'A job could not be finished; what it announces is looked at again',
    );

  const work = async (data: JobData<'run'>, how: HowToRun): Promise<void> => {
    const { engine: executor } = await incarnations.current();
    await runJob({ ...deps, executor, ledger: executor.ledger }, data, how).finally(dispatch.freed);
  };
  /** A run that is claimed under this lease: it is at work when this returns. Never rejects. */
  const workUnder = async (lease: Lease | undefined, data: JobData<'run'>, how: HowToRun): Promise<void> => {
    try {
      // Another life of this worker has claimed nothing: what the one before it had goes back to the queue by itself.
      const { held } = incarnations;
      if (!held || held.lease !== lease) return;
      const { engine: executor } = held;
      await runJob({ ...deps, executor, ledger: executor.ledger }, data, how);
    } catch (error) {
      unfinished('run', { runId: data.runId }, error);
    }
  };
  const direct = createDirectRuns({
    concurrency,
    share,
    atWork: () => active.size,
    ended: dispatch.freed,
    async work(given, before) {
      const { id: runId, organizationId } = given.run;
      const how = { urgent: before < FIRST, given };
      await workUnder(given.claimedUnder, { runId, organizationId }, how);
    },
  });
  dispatch.workHere({
    lease: () => incarnations.held?.lease ?? null,
    room: direct.room,
    underWay: direct.of,
    take: (lease, organizationIds, oldest) => {
      const asked = organizationIds.map((organizationId) => ({ organizationId, underWay: direct.of(organizationId) }));
      return takeHere(deps.engine, lease, asked, { ...direct.room(), share, oldest });
    },
    begin({ runId, organizationId, whole }, lease) {
      direct.keep(organizationId, (before) =>
        workUnder(lease, { runId, organizationId }, { urgent: before < FIRST, whole }),
      );
    },
  });

  const intake = intakeOf(deps.engine);
  const takeIn = (data: JobData<'inbound'>): Promise<void> =>
    inboundJob({ ...deps, direct, lease: () => incarnations.held?.lease ?? null }, data);
  // One after the other: embedded, all of them at once would stand before the first requests at the one session that everybody shares.
  const started = [
    await consume('inbound', intake.others, takeIn),
    await consume('firstInbound', intake.first, takeIn),
    await consume('waiting', concurrency, ({ organizationId }) => Promise.resolve(dispatch.wake(organizationId))),
    await consume('firstRun', concurrency, (data) => work(data, { urgent: true })),
    await consume('run', concurrency, (data) => work(data, { urgent: false })),
    await consume('deliver', 8, (data) => deliverJob(deps, data)),
    await consume('index', 2, (data) => indexSource(database, models, data)),
  ];
  return {
    async close() {
      await Promise.all([...started.map((consumer) => consumer.close()), dispatch.rest()]);
      await direct.close();
    },
  };
}
