import { setTimeout as after } from 'node:timers/promises';
import { lineTo, type Line } from '#tests/support/outage.js';
import { atWork, clean, figuresOf, inWorld, type Figures, type Scenario } from './scenario.js';
import type { World } from '../world.js';

/** A world whose workers reach their stores by lines that can be cut. */
const overLines = (
  which: 'both' | 'database',
  work: (world: World, lines: readonly Line[]) => Promise<Figures>,
): Promise<Figures> => {
  const lines: Line[] = [];
  const open = async (url: string): Promise<string> => {
    const line = await lineTo(url);
    lines.push(line);
    return line.url;
  };
  return inWorld(
    {
      workers: 2,
      lines: async ({ databaseUrl, redisUrl }) => ({
        DATABASE_URL: await open(databaseUrl),
        ...(which === 'both' && { REDIS_URL: await open(redisUrl) }),
      }),
    },
    (world) => work(world, lines),
    lines,
  );
};

/** Between workers and their stores. */
export const network: readonly Scenario[] = [
  {
    name: 'partition',
    tests: '11',
    what: 'workers are cut off from their stores, for long and on and off',
    run: (_, short) =>
      overLines('both', async (world, lines) => {
        const away = async (ms: number): Promise<void> => {
          for (const line of lines) line.cut();
          await after(ms);
          for (const line of lines) line.mend();
        };
        await atWork(world, 20);
        const inFlight = world.customers.inFlight();
        await away(short ? 20_000 : 60_000);
        for (let time = 0; time < (short ? 2 : 6); time += 1) {
          world.customers.flock(5);
          await after(5_000);
          await away(5_000);
        }
        return { inFlight, ...figuresOf(await clean(world, 240)) };
      }),
  },
  {
    name: 'silentStore',
    tests: '11',
    what: 'PostgreSQL keeps its connections and answers nobody: workers give up waiting and go on',
    run: () =>
      overLines('database', async (world, lines) => {
        await atWork(world, 10);
        for (const line of lines) line.hush();
        world.customers.flock(5);
        await after(40_000);
        // The connections that heard nothing stay deaf for ever; only new ones work.
        for (const line of lines) line.mend();
        return figuresOf(await clean(world, 240));
      }),
  },
];
