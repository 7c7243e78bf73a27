import { setTimeout as after } from 'node:timers/promises';
import { failpoints, type Failpoint } from '#db/failpoint.js';
import type { Action, Victim } from './processes.js';
import type { Random } from './random.js';
import { judge, settle, isClean, type Verdict } from './verdict.js';
import type { World } from './world.js';

export interface StormOptions {
  /** Ends by `kill -9` that must have struck while work was in flight, failpoints included. */
  readonly kills: number;
  /** How often each failpoint must have been hit. */
  readonly hits: number;
  /** Messages a second. */
  readonly rate: number;
  /** Longest the storm may last, in seconds; what it did by then is what counts. */
  readonly seconds: number;
}

export type Kind =
  | 'kill worker'
  | 'kill api'
  | 'stop worker'
  | 'stop api'
  | 'redis flush'
  | 'redis restart'
  | 'postgres restart'
  | 'statuses lost';

export interface StormReport {
  /** Only what struck while somebody was waiting for an answer. */
  readonly struck: Readonly<Record<Kind, number>>;
  /** The same, of what struck nothing. */
  readonly idle: number;
  readonly kills: number;
  readonly failpoints: Readonly<Record<string, number>>;
  readonly verdict: Verdict;
  readonly clean: boolean;
  /** All came to rest within the time they had. */
  readonly settled: boolean;
  readonly stormSeconds: number;
  /** From the end of the last fault until everything was at rest. */
  readonly settleSeconds: number;
  /** Upper bound of the rate of failures at 95 %, none having been seen: 3/N of the kills. */
  readonly bound95: number | null;
}

const serverSide: readonly Failpoint[] = [
  'inbox.commit.before',
  'inbox.commit.after',
  'tenant.commit.before',
  'tenant.commit.after',
];
const eitherSide: readonly Failpoint[] = ['queue.add.before', 'queue.add.after'];

/** Customers write, and everything that can be struck is, at random, until enough was. */
export async function storm(world: World, random: Random, options: StormOptions): Promise<StormReport> {
  const struck: Record<Kind, number> = {
    'kill worker': 0,
    'kill api': 0,
    'stop worker': 0,
    'stop api': 0,
    'redis flush': 0,
    'redis restart': 0,
    'postgres restart': 0,
    'statuses lost': 0,
  };
  let idle = 0;
  let over = false;
  const count = (kind: Kind): void => void (world.inFlight() > 0 ? (struck[kind] += 1) : (idle += 1));
  const hitsOf = (): Map<string, number> => {
    const hits = new Map<string, number>(failpoints.map((name) => [name, 0]));
    for (const { name } of world.strikes()) hits.set(name, (hits.get(name) ?? 0) + 1);
    return hits;
  };
  const killedAtFailpoints = (): number => world.strikes().filter(({ action }) => action === 'kill').length;
  const kills = (): number => struck['kill worker'] + struck['kill api'] + killedAtFailpoints();
  const isEnough = (): boolean =>
    kills() >= options.kills &&
    [...hitsOf().values()].every((times) => times >= options.hits) &&
    struck['postgres restart'] > 0 &&
    struck['redis restart'] > 0 &&
    struck['redis flush'] > 0 &&
    struck['stop worker'] > 0;

  const writing: Promise<void>[] = [];
  const traffic = async (): Promise<void> => {
    while (!over) {
      // No more than the machine can carry: what counts is that something is always in flight.
      if (world.inFlight() < options.rate * 15) writing.push(world.write(world.newCustomer()));
      await after(1_000 / options.rate);
    }
  };
  /** The owner looks around, and a program of theirs writes. */
  const owner = async (): Promise<void> => {
    while (!over) {
      await world.call('GET', '/conversations').catch(() => null);
      await after(200);
    }
  };
  const failpointStrikes = async (): Promise<void> => {
    while (!over) {
      const hits = hitsOf();
      const least = Math.min(...hits.values());
      const name = random.pick(failpoints.filter((each) => (hits.get(each) ?? 0) === least));
      const victim = victimFor(name);
      // Somebody must be left to come across the next one.
      const mayKill = victim !== undefined && (victim.role === 'api' || world.able('worker').length > 2);
      const action: Action = mayKill && random.chance(0.5) ? 'kill' : random.chance(0.8) ? 'throw' : 'hang';
      victim?.arm(name, action);
      // The next one when this has struck; a point that this victim does not pass is tried at another.
      for (let tries = 0; tries < 5 && !over && (hitsOf().get(name) ?? 0) === least; tries += 1) await after(100);
    }
  };
  const victimFor = (name: Failpoint): Victim | undefined => {
    const role = serverSide.includes(name) ? 'api' : eitherSide.includes(name) && random.chance(0.3) ? 'api' : 'worker';
    const able = world.able(role);
    return able.length > 0 ? random.pick(able) : undefined;
  };
  const processStrikes = async (): Promise<void> => {
    while (!over) {
      await after(random.whole(300, 2_500));
      const dice = random.next();
      const role = random.chance(0.15) ? 'api' : 'worker';
      const able = world.able(role);
      if (able.length < (role === 'worker' ? 3 : 1) || over) continue;
      const victim = random.pick(able);
      if (dice < 0.75) {
        count(`kill ${role}`);
        victim.signal('SIGKILL');
      } else {
        count(`stop ${role}`);
        victim.signal('SIGSTOP');
        // Some shorter than the lease, some longer.
        const ms = role === 'api' ? random.whole(500, 4_000) : random.whole(1_000, 22_000);
        resumed.push(after(over ? 0 : ms).then(() => victim.signal('SIGCONT')));
      }
    }
  };
  const resumed: Promise<void>[] = [];
  const storeStrikes = async (): Promise<void> => {
    while (!over) {
      await after(random.whole(5_000, 20_000));
      if (over) return;
      const dice = random.next();
      if (dice < 0.5) {
        count('postgres restart');
        await world.services.postgres.stop();
        await after(random.whole(0, 5_000));
        await world.services.postgres.start();
      } else if (dice < 0.75) {
        count('redis flush');
        await world.redis('FLUSHALL').catch(() => null);
      } else {
        count('redis restart');
        await world.services.redis.stop();
        if (random.chance(0.5)) world.services.redis.empty();
        await after(random.whole(0, 4_000));
        await world.services.redis.start();
      }
    }
  };
  const statusStrikes = async (): Promise<void> => {
    while (!over) {
      await after(random.whole(8_000, 15_000));
      if (over) return;
      count('statuses lost');
      world.meta.send({ statuses: 'off' });
      await after(random.whole(1_000, 4_000));
      world.meta.send({ statuses: 'on' });
    }
  };

  const began = Date.now();
  const parts = [traffic(), owner(), failpointStrikes(), processStrikes(), storeStrikes(), statusStrikes()];
  while (!isEnough() && Date.now() - began < options.seconds * 1_000) {
    await after(500);
    if (Math.floor((Date.now() - began) / 500) % 40 === 0)
      console.log(
        `  ${Math.round((Date.now() - began) / 1000)} s: ${world.customers.length} runs, ${kills()} kills, ${Math.min(...hitsOf().values())} hits of the rarest failpoint, ${world.inFlight()} in flight`,
      );
  }
  over = true;
  await Promise.all(parts);
  for (const victim of world.victims) victim.signal('SIGCONT');
  const stormSeconds = Math.round((Date.now() - began) / 1000);
  const lastFault = Date.now();
  const settled = await settle(world, 240);
  const settleSeconds = Math.round((Date.now() - lastFault) / 1000);
  await Promise.race([Promise.all(writing), after(5_000)]);
  const verdict = await judge(world);
  const total = kills();
  const clean = settled && isClean(verdict);
  return {
    struck,
    idle,
    kills: total,
    failpoints: Object.fromEntries(hitsOf()),
    verdict,
    clean,
    settled,
    stormSeconds,
    settleSeconds,
    bound95: clean && total > 0 ? 3 / total : null,
  };
}
