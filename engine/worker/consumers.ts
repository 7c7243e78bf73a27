import { failpoint } from '#db/failpoint.js';
import type { ModelGateway } from '#engine/models/gateway.js';
import { indexSource } from '#engine/knowledge/indexSource.js';
import { deliver } from '#engine/run/deliveries.js';
import type { Executor } from '#engine/run/execute.js';
import { FIRST } from './admission.js';
import type { QueueBackend } from './backend.js';
import { jobs, type JobData, type JobName } from './catalog.js';
import { deliverJob } from './deliverJob.js';
import { createDirectRuns } from './directRuns.js';
import { inboundJob } from './inboundJob.js';
import type { Queues } from './enqueue.js';
import type { Incarnations } from './incarnation.js';
import { problemOf, type Log } from './log.js';
import { intakeOf } from './query.js';
import type { PreparedRun } from './run/preparedRun.js';
import { runJob, type RunJobDeps } from './runJob.js';

export interface ConsumersDeps extends Omit<RunJobDeps, 'executor' | 'ledger'> {
  /** Most runs of one organization on the queue or running. */
  readonly share: number;
  readonly backend: QueueBackend;
  readonly queues: Queues;
  readonly incarnations: Incarnations<Executor>;
  readonly models: ModelGateway;
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
  const { backend, incarnations, database, models, concurrency, share, active, log } = deps;

  const consume = <Name extends JobName>(name: Name, atOnce: number, handle: (data: JobData<Name>) => Promise<void>) =>
    backend.consume(jobs[name].queue, { concurrency: atOnce, lockMs: LOCK_MS }, async (stored) => {
      // The schema is the one of `Name`; the type of an indexed union cannot say so.
      const data = jobs[name].schema.parse(stored) as JobData<Name>;
      await failpoint('queue.take');
      await handle(data).catch((error: unknown) => {
        unfinished(name, data, error);
        throw error;
      });
      await failpoint('queue.finish');
    });
  const unfinished = (job: JobName, data: object, error: unknown): void =>
    log.warn(
      { job, ...data, ...problemOf(error) },
      'A job could not be finished; what it announces is looked at again',
    );

  const work = async (data: JobData<'run'>, urgent: boolean, given?: PreparedRun): Promise<void> => {
    const { engine: executor } = await incarnations.current();
    await runJob({ ...deps, executor, ledger: executor.ledger }, data, { urgent, given });
  };
  const direct = createDirectRuns({
    concurrency,
    share,
    atWork: () => active.size,
    async work(prepared, before) {
      const { id: runId, organizationId } = prepared.run;
      await work({ runId, organizationId }, before < FIRST, prepared).catch((error: unknown) =>
        unfinished('run', { runId }, error),
      );
    },
  });

  // One after the other: embedded, all of them at once would stand before the first requests at the one session that everybody shares.
  const started = [
    await consume('inbound', intakeOf(deps.engine), (data) => inboundJob({ ...deps, direct }, data)),
    await consume('firstRun', concurrency, (data) => work(data, true)),
    await consume('run', concurrency, async (data) => {
      await new Promise<void>((resolve) => deliver(resolve));
      await work(data, false);
    }),
    await consume('deliver', 8, (data) => deliverJob(deps, data)),
    await consume('index', 2, (data) => indexSource(database, models, data)),
  ];
  return {
    async close() {
      await Promise.all(started.map((consumer) => consumer.close()));
      await direct.close();
    },
  };
}
