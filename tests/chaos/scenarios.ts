import { setTimeout as after } from 'node:timers/promises';
import type { Random } from './random.js';
import { judge, isClean, settle, type Verdict } from './verdict.js';
import { department, told, World, type Customer, type WorldOptions } from './world.js';
import { messagesDelivery } from '#tests/support/meta/deliveries.js';
import { lineTo, type Line } from '#tests/support/outage.js';
import { phoneNumberId } from './world.js';

/** One test of the scorecard that can be run alone. Throws when it does not hold. */
export interface Scenario {
  readonly name: string;
  /** Numbers of the scorecard. */
  readonly tests: string;
  readonly what: string;
  /** @param short fewer of everything, for CI */
  run(random: Random, short: boolean): Promise<Record<string, unknown>>;
}

/** Longer than a lease: a worker that was struck has surely been taken for dead. */
const PAST_LEASE_MS = 17_000;

async function inWorld(
  options: WorldOptions,
  work: (world: World) => Promise<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const world = await World.open(options);
  try {
    return await work(world);
  } finally {
    await world.close();
  }
}

function must(holds: boolean, what: string, seen: unknown): void {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(seen)}`);
}

async function clean(world: World, seconds: number, person = true): Promise<Verdict> {
  const settled = await settle(world, seconds, person);
  const verdict = await judge(world);
  must(settled && isClean(verdict), 'not clean', { settled, ...verdict });
  return verdict;
}

const write = (world: World, count: number): Customer[] => {
  const customers = Array.from({ length: count }, () => world.newCustomer());
  for (const customer of customers) void world.write(customer);
  return customers;
};
const figures = ({ runs, uncertain, slowestSeconds }: Verdict): Record<string, unknown> => ({
  runs,
  ...uncertain,
  slowestSeconds,
});

export const scenarios: readonly Scenario[] = [
  {
    name: 'providerYes',
    tests: '2',
    what: "a worker dies between the provider's yes and our record; its report settles it",
    run: (random, short) =>
      inWorld({ workers: 3 }, async (world) => {
        const wanted = short ? 10 : 200;
        const kills = () => world.strikes().filter(({ action }) => action === 'kill').length;
        while (kills() < wanted) {
          const before = kills();
          const able = world.able('worker');
          if (able.length > 0) random.pick(able).arm('outbound.call.after', 'kill');
          if (world.inFlight() < 20) write(world, 5);
          await world.until('a strike', () => kills() > before, 60).catch(() => 0);
        }
        const verdict = await clean(world, 240, false);
        must(verdict.uncertain.reconciled > 0, 'nothing was uncertain', verdict.uncertain);
        must(verdict.uncertain.surfaced === 0, 'a person was asked what the channel had reported', verdict.uncertain);
        return { kills: kills(), ...figures(verdict) };
      }),
  },
  {
    name: 'noReports',
    tests: '2',
    what: 'the same while the channel reports nothing: nothing is sent again, and a person is asked about each',
    run: (random, short) =>
      inWorld({ workers: 3 }, async (world) => {
        world.meta.send({ statuses: 'off' });
        const wanted = short ? 5 : 200;
        const kills = () => world.strikes().length;
        while (kills() < wanted) {
          const before = kills();
          const able = world.able('worker');
          if (able.length > 0) random.pick(able).arm('outbound.call.after', 'kill');
          if (world.inFlight() < 20) write(world, 3);
          await world.until('a strike', () => kills() > before, 60).catch(() => 0);
        }
        const open = async () =>
          (
            await world.rows<{ open: number; asked: number }>(
              `select count(*) filter (where state <> 'done')::int as open, count(*) filter (where surfaced_at is not null)::int as asked
             from platform.effects where state in ('uncertain', 'intended')`,
            )
          )[0] ?? { open: 0, asked: 0 };
        await world.until(
          'everything uncertain is surfaced',
          async () => {
            const { open: all, asked } = await open();
            return all >= 1 && all === asked;
          },
          240,
        );
        const surfaced = await open();
        const sends = world.metaRecord().length;
        await after(3_000);
        must(world.metaRecord().length === sends, 'something was sent while a person was asked', sends);
        const verdict = await clean(world, 120);
        return { kills: kills(), asked: surfaced.asked, ...figures(verdict) };
      }),
  },
  {
    name: 'fiveKills',
    tests: '3',
    what: 'the worker of one run is killed five times in a row',
    run: () =>
      inWorld({ workers: 1 }, async (world) => {
        write(world, 1);
        for (let time = 1; time <= 5; time += 1) {
          await world.until('a worker', () => world.able('worker').length > 0, 60);
          world.able('worker')[0]?.arm('claim.commit.after', 'kill');
          await world.until(`kill ${time}`, () => world.strikes().length >= time, 90);
        }
        return { kills: world.strikes().length, ...figures(await clean(world, 180)) };
      }),
  },
  {
    name: 'zombie',
    tests: '4',
    what: 'a worker that stood still for three locks wakes up: nothing it still does counts',
    run: (_, short) =>
      inWorld({ workers: 1 }, async (world) => {
        world.meta.send({ latencyMs: 300 });
        write(world, short ? 20 : 50);
        await world.until('runs at work', () => world.taken.length > 3, 60, 20);
        const [zombie] = world.able('worker');
        zombie?.signal('SIGSTOP');
        const held = await world.rows<{ n: number }>(
          `select count(*)::int as n from platform.runs where status = 'running'`,
        );
        await Promise.all([world.start('worker'), after(short ? PAST_LEASE_MS : 45_000)]);
        await world.until(
          'another took over',
          async () => {
            const rows = await world.rows<{ n: number }>(
              `select count(*)::int as n from platform.workers where not alive`,
            );
            return (rows[0]?.n ?? 0) > 0;
          },
          60,
        );
        await after(5_000);
        zombie?.signal('SIGCONT');
        const verdict = await clean(world, 240);
        return { stoppedAtWork: held[0]?.n, ...figures(verdict) };
      }),
  },
  {
    name: 'blocked',
    tests: '5',
    what: 'a worker whose event loop stands still: noticed within 10 s, its lease lost, every effect once',
    run: (_, short) =>
      inWorld({ workers: 2 }, async (world) => {
        write(world, 20);
        await world.until('runs at work', () => world.taken.length > 3, 60, 20);
        world.able('worker')[0]?.block(short ? 20_000 : 45_000);
        const noticed = await world.until(
          'readiness says so',
          async () => {
            const response = await fetch(`${world.api.url}/readyz`);
            const { warnings } = (await response.json()) as { warnings?: string[] };
            return (warnings ?? []).some((warning) => warning.includes('worker'));
          },
          30,
        );
        must(noticed < 10_000, 'noticed too late', noticed);
        return { noticedMs: noticed, ...figures(await clean(world, 240)) };
      }),
  },
  {
    name: 'redisEmpty',
    tests: '6',
    what: 'Redis is emptied under runs at work and runs that wait',
    run: (_, short) =>
      inWorld({ workers: 3 }, async (world) => {
        const each = short ? 30 : 500;
        await world.publish(department(20));
        write(world, each);
        await world.until('runs that wait', () => world.taken.length > each * 0.8, 180);
        await world.publish(department(1));
        write(world, each);
        await world.until('runs at work', () => world.taken.length > each, 60, 20);
        const inFlight = world.inFlight();
        await world.redis('FLUSHALL');
        await world.services.redis.stop();
        world.services.redis.empty();
        await world.services.redis.start();
        return { inFlight, ...figures(await clean(world, 300)) };
      }),
  },
  {
    name: 'redisFull',
    tests: '7',
    what: 'Redis takes no more: what was accepted is kept, and whoever is refused is told to come back',
    run: (_, short) =>
      inWorld({ workers: 2 }, async (world) => {
        write(world, 10);
        await world.until('runs at work', () => world.taken.length > 3, 60, 20);
        await world.redis('CONFIG', 'SET', 'maxmemory', '1mb');
        write(world, short ? 20 : 200);
        const seen: { status: number; retryAfter: string | null }[] = [];
        for (let time = 0; time < 20; time += 1) {
          const { status, headers } = await world.call('GET', '/conversations');
          seen.push({ status, retryAfter: headers.get('retry-after') });
          await after(250);
        }
        await world.redis('CONFIG', 'SET', 'maxmemory', '0');
        const wrong = [...seen, ...world.refusals].filter(
          ({ status, retryAfter }) => status >= 400 && !(status === 503 && Number(retryAfter) > 0),
        );
        must(wrong.length === 0, 'refused otherwise than by 503 and Retry-After', wrong.slice(0, 3));
        return { refused: world.refusals.length, ...figures(await clean(world, 240)) };
      }),
  },
  {
    name: 'postgresMonkey',
    tests: '8',
    what: 'PostgreSQL is restarted every 5 to 20 s and away for up to 5',
    run: (random, short) =>
      inWorld({ workers: 3 }, async (world) => {
        const wanted = short ? 60 : 5_000;
        let restarts = 0;
        while (world.customers.length < wanted || restarts < 3) {
          const until = Date.now() + random.whole(5_000, 20_000);
          while (Date.now() < until && world.customers.length < wanted) {
            if (world.inFlight() < 60) write(world, 5);
            await after(200);
          }
          must(restarts > 0 || world.inFlight() > 0, 'nothing in flight', world.inFlight());
          await world.services.postgres.stop();
          await after(random.whole(0, 5_000));
          await world.services.postgres.start();
          restarts += 1;
        }
        return { restarts, ...figures(await clean(world, 300)) };
      }),
  },
  {
    name: 'partition',
    tests: '11',
    what: 'workers are cut off from their stores, for long and on and off',
    async run(_, short) {
      const cut: Line[] = [];
      const lines: WorldOptions['lines'] = async ({ databaseUrl, redisUrl }) => {
        const [database, redis] = [await lineTo(databaseUrl), await lineTo(redisUrl)];
        cut.push(database, redis);
        return { DATABASE_URL: database.url, REDIS_URL: redis.url };
      };
      try {
        return await inWorld({ workers: 2, lines }, async (world) => {
          write(world, 20);
          await world.until('runs at work', () => world.taken.length > 3, 60, 20);
          const inFlight = world.inFlight();
          for (const line of cut) line.cut();
          await after(short ? 20_000 : 60_000);
          for (const line of cut) line.mend();
          for (let time = 0; time < (short ? 2 : 6); time += 1) {
            write(world, 5);
            await after(5_000);
            for (const line of cut) line.cut();
            await after(5_000);
            for (const line of cut) line.mend();
          }
          return { inFlight, ...figures(await clean(world, 240)) };
        });
      } finally {
        for (const line of cut) await line.close();
      }
    },
  },
  {
    name: 'silentStore',
    tests: '11',
    what: 'PostgreSQL keeps its connections and answers nobody: workers give up waiting and go on',
    async run() {
      const lines: Line[] = [];
      try {
        return await inWorld(
          {
            workers: 2,
            lines: async ({ databaseUrl }) => {
              const database = await lineTo(databaseUrl);
              lines.push(database);
              return { DATABASE_URL: database.url };
            },
          },
          async (world) => {
            write(world, 10);
            await world.until('runs at work', () => world.taken.length > 3, 60, 20);
            for (const line of lines) line.hush();
            write(world, 5);
            await after(40_000);
            // The connections that heard nothing stay deaf for ever; only new ones work.
            for (const line of lines) line.mend();
            return figures(await clean(world, 240));
          },
        );
      } finally {
        for (const line of lines) await line.close();
      }
    },
  },
  {
    name: 'rollingDeploy',
    tests: '12',
    what: 'every worker is replaced by SIGTERM while runs are at work, another version published in between',
    run: (_, short) =>
      inWorld({ workers: 2 }, async (world) => {
        await world.publish(department(8));
        const first = write(world, short ? 40 : 300);
        await world.until('runs at work', () => world.taken.length > first.length / 2, 120);
        await world.publish(department(1, 'Outra versão'));
        const drains: number[] = [];
        for (const old of world.able('worker')) {
          await world.start('worker');
          drains.push(await world.retire(old));
        }
        must(Math.max(...drains) <= 30_000, 'draining took too long', drains);
        // Those that began on the first version end on it: its words are what the verdict looks for.
        return { drainsMs: drains, ...figures(await clean(world, 240)) };
      }),
  },
  {
    name: 'deliveredFiveTimes',
    tests: '16',
    what: 'a thousand messages, each delivered five times, shuffled, in batches, 20 at a time',
    run: (random, short) =>
      inWorld({ workers: 3 }, async (world) => {
        const customers = Array.from({ length: short ? 100 : 1_000 }, () => world.newCustomer());
        const copies = customers.flatMap((customer) => Array.from({ length: 5 }, () => customer));
        for (let at = copies.length - 1; at > 0; at -= 1) {
          const other = random.whole(0, at);
          [copies[at], copies[other]] = [copies[other] as Customer, copies[at] as Customer];
        }
        const took: number[] = [];
        const lane = async (): Promise<void> => {
          for (;;) {
            const batch = copies.splice(0, random.whole(1, 5));
            if (batch.length === 0) return;
            const entries = batch.flatMap(
              ({ phone, text }) =>
                messagesDelivery({ phoneNumberId, from: phone, name: phone }, [
                  { id: `wamid.${phone}`, type: 'text', text: { body: text } },
                ])['entry'] as object[],
            );
            const began = performance.now();
            await world.deliver({ object: 'whatsapp_business_account', entry: entries });
            took.push(performance.now() - began);
            for (const customer of batch) customer.acceptedAt ??= Date.now();
          }
        };
        await Promise.all(Array.from({ length: 20 }, lane));
        const verdict = await clean(world, 400);
        took.sort((a, b) => a - b);
        return { ackP50Ms: Math.round(took[Math.floor(took.length / 2)] ?? 0), ...figures(verdict) };
      }),
  },
  {
    name: 'apiDies',
    tests: '23',
    what: 'the API dies after what arrived was stored and before anybody was told',
    run: (_, short) =>
      inWorld({ workers: 2 }, async (world) => {
        const wanted = short ? 5 : 100;
        while (world.strikes().length < wanted) {
          const before = world.strikes().length;
          await world.until('an API', () => world.able('api').length > 0, 60);
          world.able('api')[0]?.arm('queue.add.before', 'kill');
          write(world, 5);
          await world.until('a strike', () => world.strikes().length > before, 60).catch(() => 0);
        }
        return { kills: world.strikes().length, ...figures(await clean(world, 240)) };
      }),
  },
  {
    name: 'modelFaults',
    tests: '14',
    what: 'the model answers 429 and 500, hangs and is cut off: each fault costs one more call at most',
    run: (random, short) =>
      inWorld({ workers: 2 }, async (world) => {
        const runs = short ? 20 : 200;
        let faults = 0;
        for (let at = 0; at < runs; at += 1) {
          const customer = world.newCustomer();
          const dice = random.next();
          if (dice < 0.45) {
            faults += 1;
            world.model.faults.push(
              dice < 0.3
                ? { kind: 'status', status: 429, headers: { 'retry-after': '1' } }
                : dice < 0.4
                  ? { kind: 'status', status: 500 }
                  : { kind: 'drop' },
            );
          }
          void world.write(customer);
          await after(50);
        }
        const verdict = await clean(world, 240);
        const calls = world.model.log.filter(({ path }) => path.includes('chat')).length;
        must(calls <= runs + faults, 'more calls than runs and faults', { calls, runs, faults });
        const spent = await world.rows<{ steps: number; charged: number }>(
          `select count(*)::int as steps, count(*) filter (where input_tokens > 0)::int as charged from platform.run_steps
           where node_id = 'feel' and status = 'succeeded'`,
        );
        must(spent[0]?.charged === runs, 'each answer is charged once', spent);
        return { calls, faults, ...figures(verdict) };
      }),
  },
  {
    name: 'strangers',
    tests: '41',
    what: "another organization's runs and effects answer like none at all",
    run: () =>
      inWorld({ workers: 1 }, async (world) => {
        write(world, 1);
        await clean(world, 120);
        const { body } = await world.expect('GET', '/runs');
        const { id } = body.items[0];
        const run = (await world.expect('GET', `/runs/${id}`)).body;
        const theirs = { ...run.ledger[0] };
        const stranger = (await world.api.call('POST', '/auth/sample', { locale: 'en' })).body.accessToken;
        const call = (path: string, body?: object) =>
          world.api.call(body ? 'POST' : 'GET', path, body, { token: stranger });
        const random = crypto.randomUUID();
        const answers = await Promise.all(
          [id, random].map(async (run) => [
            (await call(`/runs/${run}`)).status,
            (await call(`/runs/${run}/effects/${theirs.id}/resolve`, { outcome: 'happened' })).status,
          ]),
        );
        must(
          answers.flat().every((status) => status === 404),
          'a stranger saw something',
          answers,
        );
        return { told: told(world.customers[0] as Customer).length };
      }),
  },
];
