import type { Database } from '#db/connect.js';
import { createResealer } from '#db/reseal.js';
import type { Keyring } from '#db/seal.js';
import type { EventBus } from '#engine/graph/events.js';
import { staleSources } from '#engine/knowledge/staleSources.js';
import type { ModelGateway } from '#engine/models/gateway.js';
import type { Executor } from '#engine/run/execute.js';
import { SUSPECTED } from '#engine/run/deaths.js';
import { reapWorkers } from '#engine/run/lease.js';
import { forgetReservations } from './budget.js';
import type { Versions } from './department.js';
import type { Dispatch } from './dispatch.js';
import type { Queues } from './enqueue.js';
import type { Incarnations } from './incarnation.js';
import type { Log } from './log.js';
import { buryNeighbours } from './neighbours.js';
import type { Sender } from './sender.js';
import type { SweepTask } from './sweeper.js';
import { answerEarlyEvents, forgetEvents } from './sweep/events.js';
import { endDismissed } from './sweep/dismissed.js';
import { forgetWrites } from './sweep/expired.js';
import { surfaceUncertain } from './sweep/effects.js';
import { apologizeForgotten } from './sweep/failed.js';
import { announceForgotten, answerForgotten } from './sweep/forgotten.js';
import { releaseHeld } from './sweep/held.js';
import { forgetInbound } from './sweep/inbound.js';
import { forgetMails } from './sweep/mails.js';
import { pruneRuns } from './sweep/retention.js';
import { canceledAmong, freeOrphans } from './sweep/runs.js';
import { fireSchedules } from './sweep/schedules.js';
import { forgetSignIns } from './sweep/signIns.js';
import { answerDueWaits, resumeAnswered, resumeGroundless } from './sweep/waits.js';

export interface SweepDeps {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly models: ModelGateway;
  readonly bus: EventBus;
  readonly queues: Queues;
  readonly dispatch: Dispatch;
  readonly versions: Versions;
  readonly sender: Sender;
  readonly incarnations: Incarnations<Executor>;
  readonly active: ReadonlyMap<string, AbortController>;
  /** Runs that are being claimed as they are written down, and not at work yet. */
  readonly claiming: ReadonlySet<string>;
  readonly leaseMs: number;
  readonly log: Log;
}

/** Every second what is due; every few seconds what may have been forgotten. All of it is safe in any number of workers at once. */
export function sweepTasks(deps: SweepDeps): SweepTask[] {
  const {
    database,
    keyring,
    models,
    bus,
    queues,
    dispatch,
    versions,
    sender,
    incarnations,
    active,
    claiming,
    leaseMs,
    log,
  } = deps;
  const { engine } = database;
  const resealer = createResealer(engine, keyring);
  const reap = async (): Promise<void> => {
    // After an outage all are silent: those that live must have had the time to say so.
    const freed = await reapWorkers(engine, incarnations.held?.lease.steady() ? leaseMs : null);
    for (const { id: runId, deaths } of freed) {
      if (deaths > SUSPECTED) log.error({ runId, deaths }, 'Workers die at this run again and again');
    }
    wakeAll(freed.map((run) => run.organizationId));
  };
  const wakeAll = (organizations: readonly string[]): void => organizations.forEach((id) => dispatch.wake(id));

  return [
    { name: 'admission', everyMs: 1_000, run: () => dispatch.sweep() },
    { name: 'waits', everyMs: 1_000, run: async () => wakeAll(await answerDueWaits(engine)) },
    { name: 'events', everyMs: 1_000, run: async () => wakeAll(await answerEarlyEvents(engine)) },
    { name: 'held runs', everyMs: 1_000, run: async () => wakeAll(await releaseHeld(engine)) },
    { name: 'schedules', everyMs: 1_000, run: async () => wakeAll(await fireSchedules(engine)) },
    {
      name: 'cancels',
      everyMs: 1_000,
      run: async () => {
        for (const id of await canceledAmong(engine, new Set(active.keys()))) active.get(id)?.abort();
      },
    },
    {
      name: 'neighbours',
      everyMs: 1_000,
      run: async () => {
        if ((await buryNeighbours(engine)) > 0) await reap();
      },
    },
    { name: 'lost workers', everyMs: leaseMs / 3, run: reap },
    {
      name: 'lost runs',
      everyMs: 5_000,
      run: async () => {
        const { lease } = await incarnations.current();
        // A run that is being taken is ours before we know its id.
        const free = () => freeOrphans(engine, lease, (id) => active.has(id) || claiming.has(id));
        wakeAll(await dispatch.undisturbed(free));
      },
    },
    { name: 'announcements', everyMs: 5_000, run: () => announceForgotten(engine, queues) },
    { name: 'effects', everyMs: 2_000, run: () => surfaceUncertain(engine, bus) },
    { name: 'answers', everyMs: 5_000, run: async () => wakeAll(await resumeAnswered(engine)) },
    { name: 'customers', everyMs: 5_000, run: async () => wakeAll(await answerForgotten(engine, versions, bus)) },
    {
      name: 'groundless',
      everyMs: 60_000,
      run: async () => {
        for (const { runId, organizationId } of await resumeGroundless(engine)) {
          log.error({ runId }, 'A run waited for nothing and was given back');
          dispatch.wake(organizationId);
        }
      },
    },
    { name: 'dismissed', everyMs: 60_000, run: () => endDismissed(engine, bus) },
    {
      name: 'knowledge',
      everyMs: 30_000,
      run: async () => {
        const stale = await staleSources(database, models);
        // One job at most for each: a source that cannot be read must not fill the queue.
        await queues.addMany('index', stale, ({ sourceId }) => ({ jobId: `index_${sourceId}_stale` }));
      },
    },
    {
      name: 'keys',
      everyMs: 1_000,
      run: async () => {
        // A rest between batches: this has all the time in the world.
        await resealer.some();
      },
    },
    { name: 'reservations', everyMs: 60_000, run: () => forgetReservations(engine) },
    { name: 'writes', everyMs: 600_000, run: () => forgetWrites(engine) },
    { name: 'retention', everyMs: 600_000, run: () => pruneRuns(engine, bus) },
    { name: 'old events', everyMs: 3_600_000, run: () => forgetEvents(engine) },
    { name: 'old arrivals', everyMs: 3_600_000, run: () => forgetInbound(engine) },
    { name: 'sign-ins', everyMs: 3_600_000, run: () => forgetSignIns(database) },
    { name: 'mails', everyMs: 3_600_000, run: () => forgetMails(database) },
    {
      name: 'apologies',
      everyMs: 15_000,
      run: async () => {
        const { engine: executor } = await incarnations.current();
        await apologizeForgotten(engine, { engine, bus, sender, ledger: executor.ledger });
      },
    },
  ];
}
