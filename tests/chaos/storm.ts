import { setTimeout as after } from 'node:timers/promises';
import { failpoints, type Failpoint } from '#db/failpoint.js';
import type { Random } from './random.js';
import {
  kinds,
  strikeFailpoints,
  strikeProcesses,
  strikeStatuses,
  strikeStores,
  type Kind,
  type Striker,
  type Violence,
} from './strikes.js';
import { answerForPerson, isClean, judge, settle, type Verdict } from './verdict.js';
import type { World } from './world.js';

export interface StormOptions {
  /** Ends by `kill -9` that must have struck while work was in flight, failpoints included. */
  readonly kills: number;
  /** How often each failpoint must have been hit. */
  readonly hits: number;
  /** Messages a second, at most. */
  readonly rate: number;
  /** Longest the storm may last, in seconds; what it did by then is what counts. */
  readonly seconds: number;
  readonly violence: Violence;
}

export interface StormReport {
  /** Only what struck while somebody was waiting for an answer. */
  readonly struck: Readonly<Record<Kind, number>>;
  /** How many strikes struck nothing. */
  readonly idle: number;
  readonly kills: number;
  readonly failpoints: Readonly<Record<string, number>>;
  /** Failpoints that struck less often than asked. */
  readonly rare: readonly string[];
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

/** More waiting at once than this many seconds' worth of messages, and nobody else writes: what counts is that something is always in flight. */
const AT_ONCE_SECONDS = 15;
const PROGRESS_MS = 10_000;

/** Customers write, and everything that can be struck is, at random, until enough was. */
export async function storm(world: World, random: Random, options: StormOptions): Promise<StormReport> {
  const struck = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
  const inFlight = (): number => world.customers.inFlight();
  let idle = 0;
  let over = false;
  const hits = (): Map<Failpoint, number> => {
    const counted = new Map<Failpoint, number>(failpoints.map((name) => [name, 0]));
    for (const { name } of world.fleet.strikes())
      counted.set(name as Failpoint, (counted.get(name as Failpoint) ?? 0) + 1);
    return counted;
  };
  const kills = (): number =>
    struck['kill worker'] + struck['kill api'] + world.fleet.strikes().filter(({ action }) => action === 'kill').length;
  const wantsKills = (): boolean => kills() < options.kills;
  const isEnough = (): boolean =>
    !wantsKills() &&
    [...hits().values()].every((times) => times >= options.hits) &&
    (['postgres restart', 'redis restart', 'redis flush', 'stop worker'] as const).every((kind) => struck[kind] > 0);
  const striker: Striker = {
    world,
    random,
    violence: options.violence,
    isOver: () => over,
    count(kind) {
      const counts = inFlight() > 0;
      if (counts) struck[kind] += 1;
      else idle += 1;
      return counts;
    },
    wantsKills,
    hits,
  };

  const again = async (everyMs: number, act: () => unknown): Promise<void> => {
    for (; !over; await after(everyMs)) await act();
  };
  const traffic = again(1_000 / options.rate, () => {
    if (inFlight() < options.rate * AT_ONCE_SECONDS) world.customers.flock(1);
  });
  /** The owner looks around, and answers what they are asked. */
  const owner = again(200, () => world.call('GET', '/conversations').catch(() => null));
  const person = again(5_000, () => answerForPerson(world).catch(() => {}));

  const began = Date.now();
  const seconds = (): number => Math.round((Date.now() - began) / 1_000);
  const parts = [
    traffic,
    owner,
    person,
    strikeFailpoints(striker),
    strikeProcesses(striker),
    strikeStores(striker),
    strikeStatuses(striker),
  ];
  for (let told = began; !isEnough() && seconds() < options.seconds; await after(500)) {
    if (Date.now() - told < PROGRESS_MS) continue;
    told = Date.now();
    const rarest = Math.min(...hits().values());
    console.log(
      `  ${seconds()} s: ${world.customers.all.length} runs, ${kills()} kills, ${rarest} hits of the rarest failpoint, ${inFlight()} in flight`,
    );
  }
  over = true;
  await Promise.all(parts);
  world.fleet.resumeAll();
  const stormSeconds = seconds();
  const lastFault = Date.now();
  const settled = await settle(world, 300);
  const settleSeconds = Math.round((Date.now() - lastFault) / 1_000);
  const verdict = await judge(world);
  const counted = [...hits()];
  const clean = settled && isClean(verdict);
  return {
    struck,
    idle,
    kills: kills(),
    failpoints: Object.fromEntries(counted),
    rare: counted.filter(([, times]) => times < options.hits).map(([name, times]) => `${name} ${times}`),
    verdict,
    clean,
    settled,
    stormSeconds,
    settleSeconds,
    bound95: clean && kills() > 0 ? 3 / kills() : null,
  };
}
