import type { Failpoint } from '#db/failpoint.js';
import type { Line } from '#tests/support/outage.js';
import type { Role } from '../processes.js';
import type { Random } from '../random.js';
import { until } from '../until.js';
import { isClean, judge, settle, type Verdict } from '../verdict.js';
import { World, type WorldOptions } from '../world.js';

/** What a scenario reports. */
export type Figures = Readonly<Record<string, unknown>>;

/** One test of the scorecard that can be run alone. Throws when it does not hold. */
export interface Scenario {
  readonly name: string;
  /** Numbers of the scorecard. */
  readonly tests: string;
  readonly what: string;
  /** @param short fewer of everything, for a look in minutes */
  run(random: Random, short: boolean): Promise<Figures>;
}

/** Longer than a lease: a worker that was struck has surely been taken for dead. */
export const PAST_LEASE_MS = 17_000;

/** `work` in a world of its own, which ends with it, and so do the lines that lead to its stores. */
export async function inWorld(
  options: WorldOptions,
  work: (world: World) => Promise<Figures>,
  lines: readonly Line[] = [],
): Promise<Figures> {
  try {
    const world = await World.open(options);
    try {
      return await work(world);
    } finally {
      await world.close();
    }
  } finally {
    for (const line of lines) await line.close();
  }
}

export function must(holds: boolean, what: string, seen: unknown): void {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(seen)}`);
}

/** Waits until all is at rest and holds the verdict: nothing lost, nothing double, everything at its end. */
export async function clean(world: World, seconds: number): Promise<Verdict> {
  const settled = await settle(world, seconds);
  const verdict = await judge(world);
  must(settled && isClean(verdict), 'not clean', { settled, ...verdict });
  return verdict;
}

export const figuresOf = ({ runs, uncertain, slowestSeconds }: Verdict): Figures => ({
  runs,
  ...uncertain,
  slowestSeconds,
});

/** So many customers write, and a few have been told something: from here on a strike finds work in flight. */
export async function atWork(world: World, customers: number, told = 3): Promise<void> {
  world.customers.flock(customers);
  await until('runs at work', () => world.outside.taken.length > told, 60, 20);
}

/** Longest that an armed process may go without meeting its strike, in seconds; then another is armed. */
const MISSED_SECONDS = 15;

/**
 * A failpoint strikes the same role again and again, so many times, while customers write.
 * @param least runs that are under way at any time and wait for nobody
 */
export async function strikeAgain(
  world: World,
  random: Random,
  strike: { readonly role: Role; readonly name: Failpoint },
  wanted: number,
  least = 20,
): Promise<number> {
  const kills = () => world.fleet.strikes().filter(({ action }) => action === 'kill').length;
  for (let missed = 0; kills() < wanted;) {
    const before = kills();
    await until(`a process of ${strike.role}`, () => world.fleet.able(strike.role).length > 0, 60, 50);
    random.pick(world.fleet.able(strike.role)).arm(strike.name, 'kill');
    const struck = async (): Promise<boolean> => {
      // Whoever is armed strikes only while there is something to do.
      if ((await underWay(world).catch(() => 0)) < least) world.customers.flock(5);
      return kills() > before;
    };
    missed = await until('a strike', struck, MISSED_SECONDS, 500).then(
      () => 0,
      () => missed + 1,
    );
    must(missed < 10, 'nobody meets its strike', { ...strike, kills: kills() });
  }
  return kills();
}

/** Runs that go on by themselves, and messages that will be one: those that a person is asked about do not count. */
async function underWay(world: World): Promise<number> {
  const [row] = await world.rows<{ open: number }>(
    `select (select count(*) from platform.runs r where r.status in ('queued', 'running', 'waiting')
         and not exists (select 1 from platform.effects e where e.run_id = r.id and e.state = 'uncertain'))::int
       + (select count(*) from platform.inbound_events where processed_at is null and sender_key is not null)::int as open`,
  );
  return (row?.open ?? 0) + world.customers.all.filter(({ acceptedAt }) => acceptedAt === null).length;
}
