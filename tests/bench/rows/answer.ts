import { startAgainst } from '../measure/against.js';
import { cpuSpent } from '../measure/cpuTime.js';
import { openCustomers, type Answers } from '../measure/conversations.js';
import { agentDepartment } from '../measure/departments.js';
import { onServices, openShop, phoneNumberIds, startProcess, type Process } from '../measure/platform.js';
import type { Bench, Outcome, Row } from '../measure/row.js';
import { statementsSpent } from '../measure/statements.js';
import { figure, median } from '../measure/stats.js';
import { agentWorkflow, openaiCredentials } from '../peers/n8nWorkflows.js';

const MODEL_MS = 20;
const AT_ONCE = 50;

/**
 * From a signed WhatsApp message at the webhook to its answer at Meta's Graph API: one agent with one model call of 20 ms, no burst
 * window, API and worker as processes on services, everything recorded; the customer's message is marked read on the way. First 50
 * conversations at once, answers a second, against n8n's webhook with its AI agent (which keeps no conversation and sends nothing);
 * then p50 and p99 at half of that rate.
 */
export const answer: Row = {
  name: 'answer',
  async measure(bench: Bench): Promise<Outcome> {
    const { settings } = bench;
    const stores = await bench.stores();
    const database = await stores.database();
    const processes: Process[] = [];
    const customers = await openCustomers(MODEL_MS);
    const against = await startAgainst(bench, {
      workflow: agentWorkflow,
      credentials: [openaiCredentials(customers.openaiUrl)],
    });
    try {
      const env = {
        ...onServices(database.url, stores.redisUrl),
        META_GRAPH_URL: customers.graphUrl,
        OPENAI_API_KEY: 'a key',
        OPENAI_BASE_URL: customers.openaiUrl,
      };
      const api = await startProcess(settings, { ...env, ROLE: 'api' });
      processes.push(api, await startProcess(settings, { ...env, ROLE: 'worker' }));
      const { call, departmentId } = await openShop(api.url, agentDepartment());
      for (const phoneNumberId of phoneNumberIds)
        await call('POST', '/integrations/whatsapp', { phoneNumberId, accessToken: 'a token', departmentId });

      await customers.busy(api.url, AT_ONCE, settings.seconds * 2);
      const busy: Answers[] = [];
      const cpu: number[][] = [[], []];
      for (let run = 0; run < settings.runs; run += 1) {
        const spent = cpuSpent(processes.map(({ pid }) => pid));
        const sample = await customers.busy(api.url, AT_ONCE, settings.seconds);
        spent().forEach((used, index) => cpu[index]?.push((used ?? Number.NaN) / sample.answers));
        busy.push(sample);
        bench.say(`${AT_ONCE} at once: ${figure(sample.perSecond, '/s')}, p50 ${figure(sample.p50, 'ms')}`);
        await against.measure();
      }
      const capacity = median(busy.map((sample) => sample.perSecond));
      const steady: Answers[] = [];
      const statements: Record<'all' | 'transactions', number[]> = { all: [], transactions: [] };
      for (let run = 0; run < settings.runs; run += 1) {
        const asked = await statementsSpent(database);
        const sample = await customers.steady(api.url, capacity / 2, settings.seconds);
        const spent = await asked();
        for (const kind of ['all', 'transactions'] as const)
          if (spent) statements[kind].push(spent[kind] / sample.answers);
        steady.push(sample);
        bench.say(`half load: p50 ${figure(sample.p50, 'ms')}, p99 ${figure(sample.p99, 'ms')}`);
      }
      const samples = {
        answersPerSecond: busy.map((sample) => sample.perSecond),
        busyP50: busy.map((sample) => sample.p50),
        busyP99: busy.map((sample) => sample.p99),
        p50: steady.map((sample) => sample.p50),
        p99: steady.map((sample) => sample.p99),
        apiCpuMicros: cpu[0] ?? [],
        workerCpuMicros: cpu[1] ?? [],
        statements: statements.all,
        ...against.samples,
      };
      const line = (measure: string, value: number, goals: Outcome['lines'][number]['goals']) =>
        ({
          measure,
          floor: `${MODEL_MS} ms model`,
          ours: `${figure(value, 'ms')} at ${figure(capacity / 2, '/s')}`,
          value,
          unit: 'ms',
          better: 'less',
          goals,
        }) as const;
      return {
        lines: [
          line('answer: p50 at half load', median(samples.p50), { first: 80, goal: 30, stretch: null }),
          line('answer: p99 at half load', median(samples.p99), { first: 200, goal: 50, stretch: 40 }),
          ...against.lines(`answer: load, ${AT_ONCE} at once`, capacity, `${MODEL_MS} ms model`, {
            installed: { first: 5, goal: 17, stretch: 35 },
            tuned: { first: 2, goal: 7, stretch: 14 },
          }),
        ],
        samples,
        notes: [
          `CPU of one answer: API ${figure(median(samples.apiCpuMicros), 'us')}, worker ${figure(median(samples.workerCpuMicros), 'us')}.`,
          statements.all.length > 0
            ? `Statements of one answer at half load: ${median(statements.all).toFixed(1)}, of which ${median(statements.transactions).toFixed(1)} are BEGIN and COMMIT.`
            : 'Statements of an answer were not counted: PostgreSQL was started without pg_stat_statements.',
        ],
      };
    } finally {
      await against.stop();
      await Promise.all(processes.map((each) => each.stop()));
      await customers.stop();
      await database.drop();
    }
  },
};
