import { textDelivery } from '#tests/support/meta/deliveries.js';
import { sign } from '#tests/support/meta/graphApi.js';
import { cpuSpent } from '../measure/cpuTime.js';
import { load, requestOf, type LoadResult } from '../measure/load.js';
import { appSecret, onServices, phoneNumberId, startProcess } from '../measure/platform.js';
import { startScript } from '../measure/processes.js';
import type { Bench, Outcome, Row } from '../measure/row.js';
import { figure, median } from '../measure/stats.js';

const path = '/api/v1/webhooks/whatsapp';
/** More than any side takes in a second. */
const PER_SECOND = 30_000;

/**
 * A WhatsApp delivery taken in: its signature verified, parsed, stored, queued for a worker, 200 after the commit; 50 connections. Against
 * the grouped floor: the same requests into Fastify, parsed and stored by one INSERT for all that wait, nothing verified or queued.
 * Then the p99 at half of what ours took. The API is its own process, as built, with its log on; no worker runs.
 */
export const intake: Row = {
  name: 'intake',
  async measure(bench: Bench): Promise<Outcome> {
    const { settings } = bench;
    const stores = await bench.stores();
    const database = await stores.database();
    await database.rows('create table floor_events (id uuid primary key, body jsonb not null)');
    const services = { DATABASE_URL: database.url, REDIS_URL: stores.redisUrl };
    const floor = startScript('tests/bench/floors/server.ts', { env: { FLOOR: 'grouped', ...services } });
    const queued = startScript('tests/bench/floors/server.ts', { env: { FLOOR: 'queued', ...services } });
    const api = await startProcess(settings, { ROLE: 'api', ...onServices(database.url, stores.redisUrl) });
    try {
      const address = async (started: typeof floor): Promise<URL> =>
        new URL(path, (await started.saying(/^Ready: (\S+)/m))[1]);
      const [bare, withQueue, ours] = [await address(floor), await address(queued), new URL(path, api.url)];
      bench.say('writing deliveries');
      // Every side gets the same, all different from each other, as Meta sends them.
      const bodies = Array.from({ length: PER_SECOND * settings.seconds }, (_, index) =>
        Buffer.from(JSON.stringify(textDelivery({ phoneNumberId, from: `5581${index}` }, 'Que horas vocês abrem?'))),
      );
      const signatures = bodies.map((body) => sign(body, appSecret));
      const measure = async (url: URL, rate?: number): Promise<LoadResult> => {
        await database.rows('truncate floor_events, platform.inbound_events');
        const request = (index: number): Buffer | null => {
          const [body, signature] = [bodies[index], signatures[index]];
          return body && signature ? requestOf(url, 'POST', { 'x-hub-signature-256': signature }, body) : null;
        };
        const connections = 50;
        return load({ url, connections, seconds: settings.seconds, request, ...(rate && { rate }) });
      };
      for (const url of [bare, withQueue, ours]) await measure(url);

      const samples = {
        floor: [] as number[],
        queuedFloor: [] as number[],
        ours: [] as number[],
        p99: [] as number[],
        atRate: [] as number[],
        apiCpuMicros: [] as number[],
      };
      for (let run = 0; run < settings.runs; run += 1) {
        samples.floor.push((await measure(bare)).perSecond);
        samples.queuedFloor.push((await measure(withQueue)).perSecond);
        const spent = cpuSpent([api.pid]);
        const { done, perSecond } = await measure(ours);
        samples.ours.push(perSecond);
        samples.apiCpuMicros.push((spent()[0] ?? Number.NaN) / done);
        bench.say(`floor ${figure(samples.floor.at(-1) ?? 0, '/s')}, ours ${figure(samples.ours.at(-1) ?? 0, '/s')}`);
      }
      const half = median(samples.ours) / 2;
      for (let run = 0; run < settings.runs; run += 1) {
        const { p99, perSecond } = await measure(ours, half);
        samples.p99.push(p99);
        samples.atRate.push(perSecond);
      }
      const [floorRate, oursRate] = [median(samples.floor), median(samples.ours)];
      return {
        lines: [
          {
            measure: 'intake: share of the grouped floor',
            floor: figure(floorRate, '/s'),
            ours: figure(oursRate, '/s'),
            value: (100 * oursRate) / floorRate,
            unit: '%',
            better: 'more',
            goals: { first: 25, goal: 55, stretch: 80 },
          },
          {
            measure: 'intake: p99 at half load',
            floor: '–',
            ours: `${figure(median(samples.p99), 'ms')} at ${figure(half, '/s')}`,
            value: median(samples.p99),
            unit: 'ms',
            better: 'less',
            goals: { first: null, goal: 15, stretch: 8 },
          },
        ],
        samples,
        notes: [
          `CPU of one delivery: ${figure(median(samples.apiCpuMicros), 'us')}.`,
          `The floor that also adds a job for each request: ${figure(median(samples.queuedFloor), '/s')}.`,
        ],
      };
    } finally {
      await Promise.all([floor.stop(), queued.stop(), api.stop()]);
      await database.drop();
    }
  },
};
