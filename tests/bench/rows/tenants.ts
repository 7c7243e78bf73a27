import { setTimeout as after } from 'node:timers/promises';
import { fillWithOthers } from '../measure/crowd.js';
import { agentDepartment } from '../measure/departments.js';
import { residentMegabytes } from '../measure/memory.js';
import { onServices, openShop, phoneNumberId, startProcess, type Process } from '../measure/platform.js';
import type { Bench, Line, Outcome, Row } from '../measure/row.js';
import { figure, median } from '../measure/stats.js';

const ORGANIZATIONS = 10_000;

/**
 * What ten thousand organizations that nobody hears of cost a process that runs: its resident memory left alone beside them, less its memory left alone
 * before they came, in one life of the process. Each has a department, a channel and a conversation. The floor is what the memory of
 * the same processes moves by itself between two such readings.
 */
export const tenants: Row = {
  name: 'tenants',
  async measure(bench: Bench): Promise<Outcome> {
    const { settings } = bench;
    const stores = await bench.stores();
    const names = ['api', 'worker'] as const;
    const samples = {
      api: [] as number[],
      worker: [] as number[],
      apiAlone: [] as number[],
      workerAlone: [] as number[],
    };
    for (let run = 0; run < settings.runs; run += 1) {
      const database = await stores.database();
      const services = onServices(database.url, stores.redisUrl);
      const processes: Process[] = [];
      try {
        for (const ROLE of names) processes.push(await startProcess(settings, { ...services, ROLE }));
        const [api] = processes;
        if (!api) throw new Error('There is no API');
        const { call, departmentId } = await openShop(api.url, agentDepartment());
        await call('POST', '/integrations/whatsapp', { phoneNumberId, accessToken: 'a token', departmentId });
        const { id: channel } = await call('POST', '/integrations/simulator', { departmentId });
        await call('POST', `/simulator/${String(channel)}/messages`, { from: 'ana', text: 'oi' });
        const read = async (): Promise<number[]> => {
          await after(settings.idleSeconds * 1_000);
          return processes.map(({ pid }) => residentMegabytes(pid));
        };
        const first = await read();
        const alone = await read();
        const [shop] = await database.rows<{ id: string }>('select id from platform.organizations limit 1');
        await fillWithOthers(database, shop?.id ?? '', { organizations: ORGANIZATIONS, conversations: 1, messages: 1 });
        const beside = await read();
        names.forEach((name, index) => {
          samples[`${name}Alone`].push((alone[index] ?? Number.NaN) - (first[index] ?? Number.NaN));
          samples[name].push((beside[index] ?? Number.NaN) - (alone[index] ?? Number.NaN));
        });
        bench.say(names.map((name) => `${name} ${figure(samples[name].at(-1) ?? 0, 'MB')}`).join(', '));
      } finally {
        await Promise.all(processes.map((each) => each.stop()));
        await database.drop();
      }
    }
    return {
      lines: names.map((name): Line => {
        const value = median(samples[name]);
        return {
          measure: `tenants: ${ORGANIZATIONS.toLocaleString('en')} idle organizations on top, ${name === 'api' ? 'API' : name}`,
          floor: figure(median(samples[`${name}Alone`]), 'MB'),
          ours: figure(value, 'MB'),
          value,
          unit: 'MB',
          better: 'less',
          goals: { first: null, goal: 50, stretch: 20 },
        };
      }),
      samples,
    };
  },
};
