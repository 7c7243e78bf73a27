import { setTimeout as after } from 'node:timers/promises';
import { messagesDelivery, textDelivery, wamid } from '#tests/support/meta/deliveries.js';
import { sign } from '#tests/support/meta/graphApi.js';
import { openCustomers } from '../measure/conversations.js';
import { agentDepartment } from '../measure/departments.js';
import { appSecret, onServices, openShop, startProcess, type Process, type Shop } from '../measure/platform.js';
import type { Bench, Line, Outcome, Row } from '../measure/row.js';
import { figure, median } from '../measure/stats.js';
import type { BenchDatabase } from '../measure/stores.js';

const MODEL_MS = 20;
/** More than a worker answers while a sample lasts, however fast it is. */
const FLOOD = 5_000;
const IN_ONE_DELIVERY = 50;
const SMALL = 4;
/** A customer of each of the small ones writes this often. */
const EVERY_MS = 250;
const PATIENCE_MS = 60_000;

interface ShopNumber extends Shop {
  readonly phoneNumberId: string;
}

/** Median milliseconds from the arrival of a message. */
interface Times {
  readonly takenIn: number;
  readonly started: number;
  readonly answered: number;
}

/**
 * Scorecard 43 from a customer's side: from the arrival of a message at the webhook to the start of the run that answers it, and to its end, alone and while
 * another organization's number is flooded. On one API and one worker process.
 */
export const fairnessMessages: Row = {
  name: 'fairness-messages',
  async measure(bench: Bench): Promise<Outcome> {
    const { settings } = bench;
    const stores = await bench.stores();
    const database = await stores.database();
    const customers = await openCustomers(MODEL_MS);
    const processes: Process[] = [];
    try {
      const env = {
        ...onServices(database.url, stores.redisUrl),
        META_GRAPH_URL: customers.graphUrl,
        OPENAI_API_KEY: 'a key',
        OPENAI_BASE_URL: customers.openaiUrl,
      };
      for (const ROLE of ['api', 'worker']) processes.push(await startProcess(settings, { ...env, ROLE }));
      const [api] = processes;
      if (!api) throw new Error('There is no API');
      const numbers: ShopNumber[] = [];
      for (let shop = 0; shop <= SMALL; shop += 1) numbers.push(await openNumber(api.url, `1065403522429${shop}`));
      const [flooding, ...small] = numbers;
      if (!flooding) throw new Error('There is no number to flood');
      await trickle(api.url, database, small, 2);
      const alone: Times[] = [];
      const beside: Times[] = [];
      for (let run = 0; run < settings.runs; run += 1) {
        alone.push(await trickle(api.url, database, small, settings.seconds));
        await flood(api.url, flooding);
        beside.push(await trickle(api.url, database, small, settings.seconds));
        await forget(database, flooding);
        bench.say(
          `answered alone ${figure(alone.at(-1)?.answered ?? 0, 'ms')}, beside ${figure(beside.at(-1)?.answered ?? 0, 'ms')}`,
        );
      }
      const line = (what: string, of: keyof Times, goals: Line['goals']): Line => {
        const [without, with_] = [median(alone.map((times) => times[of])), median(beside.map((times) => times[of]))];
        return {
          measure: `fairness: ${what} of a small tenant's message beside a flood, against alone`,
          floor: figure(without, 'ms'),
          ours: figure(with_, 'ms'),
          value: with_ / without,
          unit: 'x',
          better: 'less',
          goals,
        };
      };
      return {
        lines: [
          line('taking in', 'takenIn', { first: null, goal: null, stretch: null }),
          line('start', 'started', { first: null, goal: 2, stretch: 1.2 }),
          line('answer', 'answered', { first: null, goal: 2, stretch: 1.2 }),
        ],
        samples: {
          aloneStarted: alone.map(({ started }) => started),
          besideStarted: beside.map(({ started }) => started),
          aloneAnswered: alone.map(({ answered }) => answered),
          besideAnswered: beside.map(({ answered }) => answered),
        },
      };
    } finally {
      await Promise.all(processes.map((each) => each.stop()));
      await customers.stop();
      await database.drop();
    }
  },
};

async function openNumber(api: URL, phoneNumberId: string): Promise<ShopNumber> {
  const shop = await openShop(api, agentDepartment());
  const { call, departmentId } = shop;
  await call('POST', '/integrations/whatsapp', { phoneNumberId, accessToken: 'a token', departmentId });
  return { ...shop, phoneNumberId };
}

async function deliver(api: URL, delivery: object): Promise<void> {
  const body = JSON.stringify(delivery);
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': sign(body, appSecret) };
  const { status } = await fetch(new URL('/api/v1/webhooks/whatsapp', api), { method: 'POST', headers, body });
  if (status !== 200) throw new Error(`The webhook answered ${status}`);
}

let customer = 0;
const somebody = (): string => `55819${String(80_000_000 + (customer += 1))}`;

/** Customers of the small ones write; resolves when each has an answer. */
async function trickle(
  api: URL,
  database: BenchDatabase,
  shops: readonly ShopNumber[],
  seconds: number,
): Promise<Times> {
  const until = performance.now() + seconds * 1_000;
  const written: string[] = [];
  const lane = async ({ phoneNumberId }: ShopNumber): Promise<void> => {
    while (performance.now() < until) {
      const id = wamid();
      written.push(id);
      await deliver(api, textDelivery({ phoneNumberId, from: somebody() }, 'Que horas vocês abrem?', id));
      await after(EVERY_MS);
    }
  };
  await Promise.all(shops.map(lane));
  const p50 = (time: string): string =>
    `percentile_cont(0.5) within group (order by extract(epoch from ${time} - e.received_at))::float8 * 1000`;
  for (const began = performance.now(); ; await after(100)) {
    const [row] = await database.rows<Times & { done: number }>(
      `select count(*)::int as done, ${p50('e.processed_at')} as "takenIn", ${p50('r.started_at')} as started, ${p50('r.finished_at')} as answered
       from platform.messages m join platform.inbound_events e on e.id = m.id join platform.runs r on r.id = m.answered_by
       where m.external_id = any($1) and r.status = 'succeeded'`,
      [written],
    );
    if (row?.done === written.length) return row;
    if (performance.now() - began > PATIENCE_MS)
      throw new Error(`${row?.done ?? 0} of ${written.length} messages are answered`);
  }
}

/** As many customers write to one number at once. */
async function flood(api: URL, { phoneNumberId }: ShopNumber): Promise<void> {
  let left = FLOOD / IN_ONE_DELIVERY;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const messages = Array.from({ length: IN_ONE_DELIVERY }, () => ({
        id: wamid(),
        from: somebody(),
        type: 'text',
        text: { body: 'Que horas vocês abrem?' },
      }));
      await deliver(api, messagesDelivery({ phoneNumberId }, messages));
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

/** What nobody has looked at of the flood is dealt with, what is under way comes to its end. */
async function forget(database: BenchDatabase, { departmentId, phoneNumberId }: ShopNumber): Promise<void> {
  for (;;) {
    await database.rows(
      `update platform.inbound_events set processed_at = now(), outcome = 'ignored', sender_key = null
       where channel_external_id = $1 and processed_at is null`,
      [phoneNumberId],
    );
    const open = await database.rows(
      `select 1 from platform.runs where department_id = $1 and status in ('queued', 'running') limit 1`,
      [departmentId],
    );
    if (open.length === 0) return;
    await after(50);
  }
}
