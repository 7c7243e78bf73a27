import { setTimeout as after } from 'node:timers/promises';
import { failpoints, type Failpoint } from '#db/failpoint.js';
import type { Action, Role, Victim } from './processes.js';
import type { Random } from './random.js';
import type { World } from './world.js';

export const kinds = [
  'kill worker',
  'kill api',
  'stop worker',
  'stop api',
  'redis flush',
  'redis restart',
  'postgres restart',
  'statuses lost',
] as const;
export type Kind = (typeof kinds)[number];

/** How often and for how long, in milliseconds: at least and at most. */
export interface Violence {
  /** Between two strikes at processes. */
  readonly processesEvery: readonly [number, number];
  /** How long a stopped worker stands still: some shorter than its lease, some longer. */
  readonly stopped: readonly [number, number];
  /** Between two strikes at stores. */
  readonly storesEvery: readonly [number, number];
  /** How long a store is away. */
  readonly away: readonly [number, number];
  /** Between two times at which the channel reports nothing for a while; `null`: it always does. */
  readonly statusesEvery: readonly [number, number] | null;
}

/** What is at hand while the storm lasts. */
export interface Striker {
  readonly world: World;
  readonly random: Random;
  readonly violence: Violence;
  readonly isOver: () => boolean;
  /** A strike is about to hit. Answers whether it counts: whether somebody waits for an answer. */
  readonly count: (kind: Kind) => boolean;
  /** Whether more must be killed: on a slow machine nothing else would come about while everybody is being started again. */
  readonly wantsKills: () => boolean;
  /** How often each failpoint has struck. */
  readonly hits: () => ReadonlyMap<Failpoint, number>;
}

const serverSide: readonly Failpoint[] = [
  'inbox.commit.before',
  'inbox.commit.after',
  'tenant.commit.before',
  'tenant.commit.after',
];
const eitherSide: readonly Failpoint[] = ['queue.add.before', 'queue.add.after'];

/** Fewest workers that are left alone, so that somebody comes across what was struck. */
const LEFT = 1;

/** On a slow machine processes take longer to start than stores are left alone: those that only ever start prove nothing. */
async function someAtWork({ world, isOver }: Striker): Promise<void> {
  while (!isOver() && (world.fleet.able('worker').length <= LEFT || world.fleet.able('api').length === 0))
    await after(50);
}

/** Arms whichever failpoint has struck least, in one process after another until it strikes. */
export async function strikeFailpoints({ world, random, isOver, wantsKills, hits }: Striker): Promise<void> {
  const victimFor = (name: Failpoint): Victim | undefined => {
    const role = serverSide.includes(name) || (eitherSide.includes(name) && random.chance(0.3)) ? 'api' : 'worker';
    const able = world.fleet.able(role);
    return able.length > 0 ? random.pick(able) : undefined;
  };
  while (!isOver()) {
    const known = hits();
    const least = Math.min(...known.values());
    const name = random.pick(failpoints.filter((each) => known.get(each) === least));
    const victim = victimFor(name);
    const mayKill = wantsKills() && (victim?.role === 'api' || world.fleet.able('worker').length > LEFT);
    const action: Action = mayKill && random.chance(0.5) ? 'kill' : random.chance(0.8) ? 'throw' : 'hang';
    victim?.arm(name, action);
    // The next one when this has struck; a point that this victim does not pass is tried at another.
    for (let tries = 0; tries < 5 && !isOver() && hits().get(name) === least; tries += 1) await after(100);
  }
}

/** `kill -9`, mostly of workers, and SIGSTOP. */
export async function strikeProcesses({ world, random, violence, isOver, wantsKills, count }: Striker): Promise<void> {
  const resumed: Promise<void>[] = [];
  let hasStopped = false;
  while (!isOver()) {
    await after(random.whole(...violence.processesEvery));
    // A worker stands still once before chance decides.
    const dice = hasStopped ? random.next() : 1;
    const role: Role = hasStopped && random.chance(0.15) ? 'api' : 'worker';
    const able = world.fleet.able(role);
    if (able.length < (role === 'worker' ? LEFT + 1 : 1) || isOver()) continue;
    const victim = random.pick(able);
    if (dice < 0.8) {
      if (!wantsKills()) continue;
      count(`kill ${role}`);
      victim.signal('SIGKILL');
    } else {
      hasStopped = count(`stop ${role}`) || hasStopped;
      victim.signal('SIGSTOP');
      const ms = role === 'api' ? random.whole(500, 4_000) : random.whole(...violence.stopped);
      resumed.push(after(ms, undefined, { ref: false }).then(() => victim.signal('SIGCONT')));
    }
  }
}

/** Restarts of PostgreSQL and Redis, and a Redis that has forgotten everything. */
export async function strikeStores(striker: Striker): Promise<void> {
  const { world, random, violence, isOver, count } = striker;
  const { postgres, redis } = world.services;
  for (let time = 0; ;) {
    await after(random.whole(...violence.storesEvery));
    await someAtWork(striker);
    if (isOver()) return;
    // Each of them once before chance decides.
    const dice = [0, 0.6, 0.8][time] ?? random.next();
    if (dice < 0.5) {
      time += Number(count('postgres restart'));
      await postgres.stop();
      await after(random.whole(...violence.away));
      await postgres.start();
    } else if (dice < 0.75) {
      time += Number(count('redis flush'));
      await world.redis('FLUSHALL').catch(() => null);
    } else {
      time += Number(count('redis restart'));
      await redis.stop();
      if (random.chance(0.5)) redis.empty();
      await after(random.whole(...violence.away));
      await redis.start();
    }
  }
}

/** The channel takes messages and says nothing about them. */
export async function strikeStatuses({ world, random, violence, isOver, count }: Striker): Promise<void> {
  if (!violence.statusesEvery) return;
  while (!isOver()) {
    await after(random.whole(...violence.statusesEvery));
    if (isOver()) return;
    count('statuses lost');
    world.outside.tell({ statuses: 'off' });
    await after(random.whole(1_000, 4_000));
    world.outside.tell({ statuses: 'on' });
  }
}
