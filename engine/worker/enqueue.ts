import { randomUUID } from 'node:crypto';
import { between } from '#db/failpoint.js';
import { openBackend, type JobQueue, type QueueBackend, type QueueSettings } from './backend.js';
import { isLine, jobs, type JobData, type JobName, type JobOptions } from './catalog.js';

/** The way to wake a worker. What a job announces is committed before the job is added; a job that is lost is announced again by the sweeper. */
export interface Queues {
  add<Name extends JobName>(name: Name, data: JobData<Name>, options?: JobOptions): Promise<void>;
  /** One round trip for all. `options` gives each its own. */
  addMany<Name extends JobName>(
    name: Name,
    datas: readonly JobData<Name>[],
    options?: (data: JobData<Name>, index: number) => JobOptions,
  ): Promise<void>;
  /** Throws when the queue cannot take work now. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Ids that make a second announcement of the same thing harmless. A run brings its own (`runJobId`); a source may be indexed again while it is, and who is told
 * of an organization's runs may have looked already.
 */
const defaultId: { readonly [Name in JobName]: (data: JobData<Name>) => string } = {
  run: ({ runId }) => `run_${runId}`,
  firstRun: ({ runId }) => `run_${runId}`,
  waiting: ({ organizationId }) => `waiting_${organizationId}_${randomUUID()}`,
  inbound: ({ eventId }) => `inbound_${eventId}`,
  firstInbound: ({ eventId }) => `inbound_${eventId}`,
  index: ({ sourceId }) => `index_${sourceId}_${randomUUID()}`,
  deliver: ({ messageId }) => `deliver_${messageId}`,
};

/** Only `index` has no row that the sweeper would find: it is tried again by the queue. */
const tries: { readonly [Name in JobName]?: object } = {
  index: { attempts: 8, backoff: { type: 'exponential', delay: 1_000 } },
};

/**
 * Opens the queues: on Redis with `redisUrl`, else on PostgreSQL (schema `bullmq`, migrated here).
 * Throws one clear line when Redis does not answer within 10 s or its maxmemory-policy is not noeviction.
 */
export async function openQueues(settings: QueueSettings): Promise<Queues> {
  const backend = await openBackend(settings);
  const queues = queuesOn(backend);
  return {
    ...queues,
    async close() {
      await queues.close();
      await backend.close();
    },
  };
}

/** The same on a backend that somebody else opened and closes. */
export function queuesOn(backend: QueueBackend): Queues {
  const opened = new Map<string, JobQueue>();
  const queueOf = (name: JobName): JobQueue => {
    const { queue } = jobs[name];
    const known = opened.get(queue) ?? backend.queue(queue);
    opened.set(queue, known);
    return known;
  };
  const addMany: Queues['addMany'] = async (name, datas, options) => {
    if (datas.length === 0) return;
    const { lines } = backend;
    if (lines && isLine(name)) {
      const said = datas.map((data, index) => ({
        text: JSON.stringify(data),
        place: options?.(data, index).priority ?? 0,
      }));
      return between('queue.add.before', () => lines.say(jobs[name].queue, said), 'queue.add.after');
    }
    const announced = datas.map((data, index) => {
      const { jobId = defaultId[name](data), priority = 0 } = options?.(data, index) ?? {};
      return {
        name,
        data,
        opts: {
          jobId,
          ...(priority > 0 && { priority }),
          ...tries[name],
          removeOnComplete: true,
          removeOnFail: true,
        },
      };
    });
    await between('queue.add.before', () => queueOf(name).addBulk(announced), 'queue.add.after');
  };
  return {
    addMany,
    add: (name, data, options) => addMany(name, [data], () => options ?? {}),
    ping: () => backend.ping(),
    close: async () => {
      await Promise.all([...opened.values()].map((queue) => queue.close()));
    },
  };
}
