import { load, requestOf } from '../measure/load.js';
import { stolen } from '../measure/cpuTime.js';
import { fillWithOthers, lengthen, settle } from '../measure/crowd.js';
import { agentDepartment } from '../measure/departments.js';
import { onServices, openShop, startProcess, type Shop } from '../measure/platform.js';
import { startScript } from '../measure/processes.js';
import type { Bench, Line, Outcome, Row } from '../measure/row.js';
import { rowLevelSecurity } from '../measure/rowLevelSecurity.js';
import { figure, median } from '../measure/stats.js';

const RATE = 200;
/** Who calls during the load; the database holds many more. */
const SHOPS = 20;
/** Until V8 has compiled what a process that runs for weeks has compiled: a new one takes half as much again for a request. */
const WARM_SECONDS = 10;
const crowd = { organizations: 10_000, conversations: 5, messages: 20 };

/**
 * Simple reads and one write in six at 200 requests a second on services, from twenty organizations among 10,000 with a million messages.
 * Beside them, in turn, a bare server at the same rate: one statement a request, for nobody in particular. What it takes, the machine takes.
 * In the same run, what row-level security costs: the same queries as the tenant's role and as one that sees everything, in turn.
 */
export const api: Row = {
  name: 'api',
  async measure(bench: Bench): Promise<Outcome> {
    const { settings } = bench;
    const stores = await bench.stores();
    const database = await stores.database();
    const services = onServices(database.url, stores.redisUrl);
    const server = await startProcess(settings, { ROLE: 'api', ...services });
    const worker = await startProcess(settings, { ROLE: 'worker', ...services });
    const bare = startScript('tests/bench/floors/server.ts', { env: { FLOOR: 'pages', DATABASE_URL: database.url } });
    try {
      const shops: Shop[] = [];
      for (let index = 0; index < SHOPS; index += 1) shops.push(await openShop(server.url, agentDepartment()));
      bench.say('writing a million messages');
      const conversations = await Promise.all(shops.map(openConversation));
      const [first] = await database.rows<{ id: string }>('select id from platform.organizations order by id limit 1');
      await fillWithOthers(database, first?.id ?? '', crowd);
      for (const conversation of conversations) await lengthen(database, conversation, 200);
      await settle(database);
      const [counted] = await database.rows<{ messages: string }>('select count(*) as messages from platform.messages');

      const requests = shops.flatMap((shop, index) => requestsOf(server.url, shop, conversations[index] ?? ''));
      const [, bareUrl = ''] = await bare.saying(/^Ready: (\S+)/m);
      const bareRequests = shops.flatMap((shop, index) =>
        bareRequestsOf(new URL(bareUrl), shop.departmentId, conversations[index] ?? ''),
      );
      const measure = (url: URL, from: readonly Buffer[], seconds: number) =>
        load({
          url,
          connections: 20,
          seconds,
          rate: RATE,
          request: (index) => from[(index * 7) % from.length] ?? null,
        });
      const floor = (seconds: number) => measure(new URL(bareUrl), bareRequests, seconds);
      const ours = (seconds: number) => measure(server.url, requests, seconds);
      await floor(WARM_SECONDS);
      await ours(WARM_SECONDS);
      const samples = {
        floorP50: [] as number[],
        floorP95: [] as number[],
        floorP99: [] as number[],
        p50: [] as number[],
        p95: [] as number[],
        p99: [] as number[],
        rls: [] as number[],
        named: [] as number[],
      };
      for (let run = 0; run < settings.runs; run += 1) {
        const alone = await floor(settings.seconds);
        samples.floorP50.push(alone.p50);
        samples.floorP95.push(alone.p95);
        samples.floorP99.push(alone.p99);
        const theft = stolen();
        const { p50, p95, p99 } = await ours(settings.seconds);
        samples.p50.push(p50);
        samples.p95.push(p95);
        samples.p99.push(p99);
        bench.say(
          `p50 ${figure(p50, 'ms')}, p95 ${figure(p95, 'ms')}, p99 ${figure(p99, 'ms')}; bare ${figure(alone.p50)}, ${figure(alone.p95)}, ${figure(alone.p99)}; ` +
            `${figure(theft() ?? Number.NaN, '%')} of the machine was somebody else's`,
        );
      }
      for (let run = 0; run < settings.runs; run += 1) {
        samples.rls.push(await rowLevelSecurity(database.url, conversations[0] ?? ''));
        samples.named.push(await rowLevelSecurity(database.url, conversations[0] ?? '', { named: true }));
        bench.say(
          `row-level security costs ${figure(samples.rls.at(-1) ?? Number.NaN, '%')}, ${figure(samples.named.at(-1) ?? Number.NaN, '%')} where both name the organization`,
        );
      }
      const latency = (
        name: 'p50' | 'p95' | 'p99',
        floored: 'floorP50' | 'floorP95' | 'floorP99',
        goal: number,
      ): Line => ({
        measure: `api: ${name} at ${RATE}/s`,
        floor: figure(median(samples[floored]), 'ms'),
        ours: figure(median(samples[name]), 'ms'),
        value: median(samples[name]),
        unit: 'ms',
        better: 'less',
        goals: { first: null, goal, stretch: null },
      });
      return {
        lines: [
          latency('p50', 'floorP50', 20),
          latency('p95', 'floorP95', 50),
          latency('p99', 'floorP99', 100),
          {
            measure: 'api: cost of row-level security',
            floor: 'the same queries without',
            ours: figure(median(samples.rls), '%'),
            value: median(samples.rls),
            unit: '%',
            better: 'less',
            goals: { first: null, goal: 10, stretch: null },
          },
        ],
        samples,
        notes: [
          `Messages in the database: ${counted?.messages}, organizations: ${crowd.organizations + SHOPS}.`,
          `Row-level security where the tenant's queries name the organization too: ${figure(median(samples.named), '%')}.`,
        ],
      };
    } finally {
      await Promise.all([server.stop(), worker.stop(), bare.stop()]);
      await database.drop();
    }
  },
};

async function openConversation(shop: Shop): Promise<string> {
  const channel = await shop.call('POST', '/integrations/simulator', { departmentId: shop.departmentId });
  const written = await shop.call('POST', `/simulator/${String(channel['id'])}/messages`, { from: 'ana', text: 'oi' });
  return (written['conversation'] as { id: string }).id;
}

/** What a page asks when one looks around, and one thing that one changes. */
function requestsOf(base: URL, shop: Shop, conversation: string): Buffer[] {
  const request = (method: string, path: string, body: unknown = undefined): Buffer =>
    requestOf(
      new URL(`/api/v1${path}`, base),
      method,
      { authorization: `Bearer ${shop.token}` },
      body === undefined ? '' : JSON.stringify(body),
    );
  return [
    request('GET', '/organizations/current'),
    request('GET', '/departments'),
    request('GET', `/departments/${shop.departmentId}`),
    request('GET', '/conversations?limit=20'),
    request('GET', `/conversations/${conversation}/messages?limit=50`),
    request('PATCH', `/departments/${shop.departmentId}`, { name: 'Atendimento' }),
  ];
}

/** As many, and one in six a change. */
function bareRequestsOf(base: URL, department: string, conversation: string): Buffer[] {
  const read = requestOf(new URL(`/${conversation}`, base), 'GET', {}, '');
  const change = requestOf(new URL(`/${department}`, base), 'PATCH', {}, JSON.stringify({ name: 'Atendimento' }));
  return [read, read, read, read, read, change];
}
