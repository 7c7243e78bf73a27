import { setTimeout as after } from 'node:timers/promises';
import { department } from '../department.js';
import { until } from '../until.js';
import { atWork, clean, figuresOf, inWorld, must, PAST_LEASE_MS, type Scenario } from './scenario.js';

/** Processes that die, stand still, or are replaced. */
export const workers: readonly Scenario[] = [
  {
    name: 'fiveKills',
    tests: '3',
    what: 'the worker of one run is killed five times in a row',
    run: () =>
      inWorld({ workers: 1 }, async (world) => {
        world.fleet.doomAt = 'claim.commit.after';
        world.fleet.able('worker')[0]?.arm('claim.commit.after', 'kill');
        world.customers.flock(1);
        await until('five kills', () => world.fleet.strikes().length >= 5, 180);
        world.fleet.doomAt = null;
        const verdict = await clean(world, 180);
        return { kills: world.fleet.strikes().length, ...figuresOf(verdict) };
      }),
  },
  {
    name: 'zombie',
    tests: '4',
    what: 'a worker that stood still for three locks wakes up: nothing it still does counts',
    run: (_, short) =>
      inWorld({ workers: 1 }, async (world) => {
        world.outside.tell({ latencyMs: 300 });
        await atWork(world, short ? 20 : 50);
        const [zombie] = world.fleet.able('worker');
        zombie?.signal('SIGSTOP');
        const stoppedAtWork = world.customers.inFlight();
        await Promise.all([world.fleet.start('worker'), after(short ? PAST_LEASE_MS : 45_000)]);
        await until(
          'another took over',
          async () => (await world.rows('select 1 from platform.workers where not alive')).length > 0,
          60,
        );
        await after(5_000);
        zombie?.signal('SIGCONT');
        return { stoppedAtWork, ...figuresOf(await clean(world, 240)) };
      }),
  },
  {
    name: 'blocked',
    tests: '5',
    what: 'a worker whose event loop stands still: noticed within 10 s, its lease lost, every effect once',
    run: (_, short) =>
      inWorld({ workers: 2 }, async (world) => {
        await atWork(world, 20);
        world.fleet.able('worker')[0]?.block(short ? 20_000 : 45_000);
        const noticedMs = await until(
          'readiness says so',
          async () => {
            const response = await fetch(`${world.api.url}/readyz`);
            const { warnings } = (await response.json()) as { warnings?: string[] };
            return (warnings ?? []).some((warning) => warning.includes('worker'));
          },
          30,
        );
        must(noticedMs < 10_000, 'noticed too late', noticedMs);
        return { noticedMs, ...figuresOf(await clean(world, 240)) };
      }),
  },
  {
    name: 'rollingDeploy',
    tests: '12',
    what: 'every worker is replaced by SIGTERM while runs are at work, another version published in between',
    run: (_, short) =>
      inWorld({ workers: 2 }, async (world) => {
        await world.publish(department(8));
        const first = short ? 40 : 300;
        await atWork(world, first, first / 2);
        await until(
          'every message is taken in',
          async () => {
            const sql = 'select 1 from platform.inbound_events where processed_at is null and sender_key is not null';
            return world.customers.all.every(({ acceptedAt }) => acceptedAt) && (await world.rows(sql)).length === 0;
          },
          120,
        );
        await world.publish(department(1, 'Outra versão'));
        const drainsMs: number[] = [];
        for (const old of world.fleet.able('worker')) {
          await world.fleet.start('worker');
          drainsMs.push(await world.fleet.retire(old));
        }
        must(Math.max(...drainsMs) <= 30_000, 'draining took too long', drainsMs);
        // Those that began on the first version end on it: its words are what the verdict looks for.
        return { drainsMs, ...figuresOf(await clean(world, 240)) };
      }),
  },
];
