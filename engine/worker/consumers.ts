import { failpoint } from '#db/failpoint.js';
import type { ModelGateway } from '#engine/models/gateway.js';
import { indexSource } from '#engine/knowledge/indexSource.js';
import type { QueueBackend } from './backend.js';
import { createBeginnings, type BeginningsDeps } from './beginnings.js';
import { isLine, jobs, type JobData, type JobName } from './catalog.js';
import { deliverJob } from './deliverJob.js';
import { inboundJob } from './inboundJob.js';
import type { Queues } from './enqueue.js';
import type { Listener } from './line.js';
import { problemOf, type Log } from './log.js';
import { createIntake } from './intake.js';
import { intakeOf } from './query.js';

export interface ConsumersDeps extends Omit<BeginningsDeps, 'unfinished'> {
  readonly backend: QueueBackend;
  readonly queues: Queues;
  readonly models: ModelGateway;
  /** Runs that are being claimed as they are written down, and not at work yet. */
  readonly claiming: Set<string>;
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
  const { backend, dispatch, incarnations, database, models, concurrency, log } = deps;

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

  const beginnings = createBeginnings({ ...deps, unfinished: (runId, error) => unfinished('run', { runId }, error) });
  const places = intakeOf(deps.engine);
  const intake = createIntake();
  const takeIn = (data: JobData<'inbound'>): Promise<string | null> =>
    inboundJob({ ...deps, direct: beginnings.direct, lease: () => incarnations.held?.lease ?? null }, data);
  // One after the other: embedded, all of them at once would stand before the first requests at the one session that everybody shares.
  const started = [
    await consume('inbound', places.others, (data) => intake.others(() => takeIn(data))),
    await consume('firstInbound', places.first, (data) => intake.first(() => takeIn(data))),
    await consume('waiting', concurrency, ({ organizationId }) => Promise.resolve(dispatch.wake(organizationId))),
    await consume('firstRun', concurrency, (data) => beginnings.fromQueue(data, { urgent: true })),
    await consume('run', concurrency, (data) => beginnings.fromQueue(data, { urgent: false })),
    await consume('deliver', 8, (data) => deliverJob(deps, data)),
    await consume('index', 2, (data) => indexSource(database, models, data)),
  ];
  return {
    async close() {
      await Promise.all([...started.map((consumer) => consumer.close()), dispatch.rest()]);
      await beginnings.close();
    },
  };
}
