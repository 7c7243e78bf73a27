import { setTimeout as after } from 'node:timers/promises';
import { department } from '../department.js';
import { until } from '../until.js';
import { atWork, clean, figuresOf, inWorld, must, type Scenario } from './scenario.js';

/** The queue forgets, or takes no more. */
export const redis: readonly Scenario[] = [
  {
    name: 'redisEmpty',
    tests: '6',
    what: 'Redis is emptied under runs at work and runs that wait',
    run: (_, short) =>
      inWorld({ workers: 3 }, async (world) => {
        const each = short ? 30 : 500;
        await world.publish(department(20));
        world.customers.flock(each);
        await until('runs that wait', () => world.outside.taken.length > each * 0.8, 180);
        await world.publish(department(1));
        await atWork(world, each, each);
        const inFlight = world.customers.inFlight();
        await world.redis('FLUSHALL');
        await world.services.redis.stop();
        world.services.redis.empty();
        await world.services.redis.start();
        return { inFlight, ...figuresOf(await clean(world, 300)) };
      }),
  },
  {
    name: 'redisFull',
    tests: '7',
    what: 'Redis takes no more: what was accepted is kept, and whoever is refused is told to come back',
    run: (_, short) =>
      inWorld({ workers: 2 }, async (world) => {
        await atWork(world, 10);
        await world.redis('CONFIG', 'SET', 'maxmemory', '1mb');
        const taken = await world.redis('SET', 'chaos:probe', 'x').catch((error: unknown) => String(error));
        must(String(taken).includes('OOM'), 'Redis still takes', taken);
        world.customers.flock(short ? 20 : 200);
        const seen: { status: number; retryAfter: string | null }[] = [];
        for (let time = 0; time < 20; time += 1) {
          const { status, headers } = await world.call('GET', '/conversations');
          seen.push({ status, retryAfter: headers.get('retry-after') });
          await after(250);
        }
        await world.redis('CONFIG', 'SET', 'maxmemory', '0');
        const { refusals } = world.customers;
        const wrong = [...seen, ...refusals].filter(
          ({ status, retryAfter }) => status >= 400 && !(status === 503 && Number(retryAfter) > 0),
        );
        must(wrong.length === 0, 'refused otherwise than by 503 and Retry-After', wrong.slice(0, 3));
        return { refused: refusals.length, ...figuresOf(await clean(world, 240)) };
      }),
  },
];
