import { setTimeout as after } from 'node:timers/promises';
import { residentMegabytes } from '../measure/memory.js';
import { onServices, startProcess } from '../measure/platform.js';
import { startScript } from '../measure/processes.js';
import type { Bench, Line, Outcome, Row } from '../measure/row.js';
import { figure, median } from '../measure/stats.js';

/**
 * Resident memory of each process, left alone for half a minute after its start: everything in one on embedded stores; API and worker on
 * services. Beside it a bare Fastify process.
 */
export const memory: Row = {
  name: 'memory',
  async measure(bench: Bench): Promise<Outcome> {
    const { settings } = bench;
    const stores = await bench.stores();
    const database = await stores.database();
    const services = onServices(database.url, stores.redisUrl);
    const samples = { bare: [] as number[], embedded: [] as number[], api: [] as number[], worker: [] as number[] };
    try {
      for (let run = 0; run < settings.runs; run += 1) {
        const bare = startScript('tests/bench/floors/server.ts', { env: { FLOOR: 'echo' } });
        const processes = {
          bare,
          embedded: await startProcess(settings, {}),
          api: await startProcess(settings, { ...services, ROLE: 'api' }),
          worker: await startProcess(settings, { ...services, ROLE: 'worker' }),
        };
        await after(settings.idleSeconds * 1_000);
        for (const [name, { pid }] of Object.entries(processes))
          samples[name as keyof typeof processes].push(residentMegabytes(pid));
        await Promise.all(Object.values(processes).map((each) => each.stop()));
        bench.say(
          Object.entries(samples)
            .map(([name, values]) => `${name} ${figure(values.at(-1) ?? 0, 'MB')}`)
            .join(', '),
        );
      }
    } finally {
      await database.drop();
    }
    const floor = figure(median(samples.bare), 'MB');
    const line = (name: 'embedded' | 'api' | 'worker', measure: string, goals: Line['goals']): Line => {
      const value = median(samples[name]);
      return { measure, floor, ours: figure(value, 'MB'), value, unit: 'MB', better: 'less', goals };
    };
    const perProcess = { first: 250, goal: 180, stretch: 140 };
    return {
      lines: [
        line('embedded', 'memory: idle, embedded, one process', { first: 500, goal: null, stretch: null }),
        line('api', 'memory: idle, services, API', perProcess),
        line('worker', 'memory: idle, services, worker', perProcess),
      ],
      samples,
    };
  },
};
