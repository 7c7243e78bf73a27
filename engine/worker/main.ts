import type { Database } from '#db/connect.js';
import type { Keyring } from '#db/seal.js';
import type { WhatsAppClient } from '#engine/channels/whatsapp/client.js';
import { createCredentials } from '#engine/connections/credentials.js';
import { openEgress, type Egress } from '#engine/egress/egress.js';
import type { EventBus } from '#engine/graph/events.js';
import type { ModelGateway } from '#engine/models/gateway.js';
import { createLocalLimiter, type Limiter } from '#engine/limits/limiter.js';
import { RunInterrupted } from '#engine/run/errors.js';
import type { NodeType } from '#nodes/sdk/node.js';
import { createAdmission, type Admission } from './admission.js';
import { openBackend, type QueueSettings } from './backend.js';
import { createCapabilities, type RunWorld } from './capabilities.js';
import { startConsumers } from './consumers.js';
import { createVersions } from './department.js';
import { createDispatch } from './dispatch.js';
import { ruleOf } from './effects/rules.js';
import { createSettledLate } from './effects/settledLate.js';
import { queuesOn, type Queues } from './enqueue.js';
import { keepRegistered } from './incarnation.js';
import { onceInAWhile, problemOf, type Log } from './log.js';
import { workerName } from './neighbours.js';
import { bindKeyring, queryOf, sharedQuery, vaultOf } from './query.js';
import { createLeftBehindReader } from './run/leftBehind.js';
import { createRunReader } from './run/readRuns.js';
import type { RunAtWork } from './runJob.js';
import { createSender } from './sender.js';
import { startSweeper } from './sweeper.js';
import { sweepTasks } from './sweepTasks.js';

export interface WorkerSettings {
  /** Name of this worker. One that starts again under its name takes its former runs at once; embedded there is only one. Default: a new one. */
  readonly name?: string;
  /**
   * Runs at once: most of their time is spent waiting for models. As many again of organizations that have next to nothing under way, so that
   * one that floods cannot take the room of the others. Default 64.
   */
  readonly concurrency?: number;
  /** Most runs of one organization on the queue or running. Default twice the concurrency. */
  readonly share?: number;
  /** A worker not heard of for this long is taken for dead and its runs are given to others, in milliseconds. Default 15,000. */
  readonly leaseMs?: number;
  /** Time between two looks at what is due or forgotten, in milliseconds. Default 1,000. */
  readonly sweepMs?: number;
  /** How long runs may finish once the worker is told to stop, in milliseconds; then they are put down for others. Default 10,000. */
  readonly drainMs?: number;
}

/** Between two looks for runs to put down, once a worker that closes has waited long enough. */
const PUT_DOWN_MS = 50;

export interface WorkerDeps {
  readonly database: Database;
  readonly queue: QueueSettings;
  readonly bus: EventBus;
  readonly models: ModelGateway;
  readonly keyring: Keyring;
  readonly whatsapp: WhatsAppClient;
  readonly nodeTypes: ReadonlyMap<string, NodeType>;
  /** The way out to addresses that tenants choose. Default: public addresses only. */
  readonly egress?: Egress;
  /** Counts what goes to others. Default: this process by itself. */
  readonly limiter?: Limiter;
  readonly log: Log;
  readonly settings?: WorkerSettings;
}

export interface RunningWorker {
  /** The worker's own, for an API in the same process. They end with the worker. */
  readonly queues: Queues;
  readonly admission: Admission;
  /** Takes work from now on; asked again, does nothing more. Until then what is announced waits on the queue. */
  begin(): Promise<void>;
  /** Why it can take no work now, besides stores that are away; `null` when it can. */
  hindrance(): string | null;
  /** Takes no more work, lets runs finish for `drainMs`, puts the rest down for others, and lets go of everything it opened itself. */
  close(): Promise<void>;
}

/**
 * The composition root of the worker: takes jobs from the queues from `begin` until it is closed. While PostgreSQL or Redis is away it waits, and
 * goes on by itself. Throws one clear line when the queue cannot be opened at all.
 */
export async function openWorker(deps: WorkerDeps): Promise<RunningWorker> {
  const {
    database,
    queue,
    bus,
    models,
    keyring,
    whatsapp,
    nodeTypes,
    log,
    egress = openEgress({ allow: [] }),
    limiter = createLocalLimiter(),
    settings = {},
  } = deps;
  const { name = workerName(), concurrency = 64, leaseMs = 15_000 } = settings;
  const { share = concurrency * 2, sweepMs = 1_000, drainMs = 10_000 } = settings;
  const { engine } = database;
  bindKeyring(engine, keyring);

  const backend = await openBackend({
    onError: onceInAWhile((error) => log.warn(problemOf(error), 'The queue is away')),
    ...queue,
  });
  const queues = queuesOn(backend);
  const onError = (error: unknown): void => log.warn(problemOf(error), 'Runs could not be admitted');
  const dispatch = createDispatch(createAdmission({ engine, queues, share, onError }), onError);
  const versions = createVersions();
  const query = sharedQuery(queryOf(engine));
  const open = (organizationId: string, sealed: Buffer): Promise<string> => keyring.open(query, organizationId, sealed);
  const sender = createSender({ engine, whatsapp, limiter, open });
  const credentials = createCredentials({ query, open, egress });
  const active = new Map<string, RunAtWork>();
  const claiming = new Set<string>();
  const worlds = new Map<string, RunWorld>();

  const readRun = createRunReader(engine);
  const leftBehind = createLeftBehindReader(engine);
  const shared = {
    database,
    keyring,
    engine,
    bus,
    models,
    sender,
    admission: dispatch,
    dispatch,
    versions,
    queues,
    active,
    claiming,
    worlds,
    readRun,
    leftBehind,
  };
  const live = async () => {
    // Loaded last, for the graph engine is as much code as all the rest: by now an API in this process takes in what arrives.
    const { createExecutor } = await import('#engine/run/execute.js');
    return keepRegistered({
      pool: engine,
      id: name,
      ttlMs: leaseMs,
      log,
      build: (lease) =>
        createExecutor({
          pool: engine,
          lease,
          vaultOf: (organizationId) => vaultOf(engine, organizationId),
          nodeTypes,
          capabilities: createCapabilities({ database, bus, models, sender, egress, credentials, lease }, worlds),
          reconcile: (effect) => ruleOf(effect.key).reconcile(engine, effect),
          settledLate: createSettledLate(engine, bus),
          emit: (organizationId, event) => bus.publish(organizationId, event),
          isHeard: (organizationId) => bus.isHeard(organizationId),
          report: (error, where) => log.error({ ...where, ...problemOf(error) }, 'A step failed on our side'),
        }),
    });
  };
  let incarnations: Awaited<ReturnType<typeof live>> | null = null;
  const stopShowing = bus.onHeard((organizationId) => {
    incarnations?.current().then(
      ({ engine: executor }) => executor.showAgain(organizationId),
      () => {},
    );
  });
  const start = async () => {
    incarnations = await live();
    const consumers = await startConsumers({ ...shared, backend, incarnations, concurrency, share, log });
    const sweeper = startSweeper(sweepTasks({ ...shared, incarnations, leaseMs, log }), sweepMs, log);
    return { consumers, sweeper };
  };
  let working: ReturnType<typeof start> | null = null;
  let begun = false;

  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    const atWork = await working?.catch(() => null);
    await atWork?.sweeper.close();
    const drained = atWork?.consumers.close() ?? Promise.resolve();
    // Again and again: a job that was being taken when the time was up may begin its run after it.
    let timer: NodeJS.Timeout | undefined;
    const putDown = (): void => {
      for (const run of active.values()) run.abort(new RunInterrupted('The worker is closing'));
      timer = setTimeout(putDown, PUT_DOWN_MS);
    };
    timer = setTimeout(putDown, drainMs);
    await drained.finally(() => clearTimeout(timer));
    stopShowing();
    await dispatch.close();
    await incarnations?.close();
    await queues.close();
    await backend.close();
  };
  return {
    queues,
    admission: dispatch,
    async begin() {
      if (closing) throw new Error('The worker is closing');
      await (working ??= start());
      begun = true;
    },
    hindrance() {
      if (closing) return 'this worker is closing';
      if (!begun) return 'this worker is starting';
      return incarnations?.held ? null : 'this worker is not registered';
    },
    close: () => (closing ??= close()),
  };
}

/** One that takes work at once. */
export async function startWorker(deps: WorkerDeps): Promise<RunningWorker> {
  const worker = await openWorker(deps);
  try {
    await worker.begin();
    return worker;
  } catch (error) {
    await worker.close();
    throw error;
  }
}
