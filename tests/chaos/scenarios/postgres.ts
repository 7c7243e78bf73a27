import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import { department } from '../department.js';
import { until } from '../until.js';
import type { World } from '../world.js';
import { atWork, clean, figuresOf, inWorld, must, type Scenario } from './scenario.js';

/** Room for PostgreSQL's own files and some work, in MB. */
const DISK_MB = 400;

/** How many rows each table has and what they are, as one transaction sees them. */
async function sumsOf(client: pg.Client): Promise<ReadonlyMap<string, string>> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'platform' order by 1`,
  );
  const sums = new Map<string, string>();
  for (const { name } of tables) {
    const { rows } = await client.query<{ sum: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as sum from ${name} t`,
    );
    sums.set(name, rows[0]?.sum ?? '');
  }
  return sums;
}

async function connected<T>(world: World, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: world.services.databaseUrl });
  await client.connect();
  return work(client).finally(() => client.end());
}

/** The database itself: away, erring, full, gone. */
export const postgres: readonly Scenario[] = [
  {
    name: 'postgresMonkey',
    tests: '8',
    what: 'PostgreSQL is restarted every 5 to 20 s and away for up to 5',
    run: (random, short) =>
      inWorld({ workers: 3 }, async (world) => {
        const wanted = short ? 60 : 5_000;
        let restarts = 0;
        while (world.customers.all.length < wanted || restarts < 3) {
          const until = Date.now() + random.whole(5_000, 20_000);
          while (Date.now() < until && world.customers.all.length < wanted) {
            if (world.customers.inFlight() < 60) world.customers.flock(5);
            await after(200);
          }
          must(restarts > 0 || world.customers.inFlight() > 0, 'nothing in flight', world.customers.inFlight());
          await world.services.postgres.stop();
          await after(random.whole(0, 5_000));
          await world.services.postgres.start();
          restarts += 1;
        }
        return { restarts, ...figuresOf(await clean(world, 300)) };
      }),
  },
  {
    name: 'erringStore',
    tests: '9',
    what: 'one in a hundred, in ten, in three of all commits, announcements and calls fails as stores and networks do',
    run: (_, short) =>
      inWorld({ workers: 2 }, async (world) => {
        const processes = world.fleet.victims.map(({ pid }) => pid).sort();
        const wrong: number[] = [];
        const errors: Record<string, number> = {};
        for (const odds of [0.01, 0.1, 0.3]) {
          const before = world.fleet.strikes().length;
          for (const victim of world.fleet.victims) victim.err(odds);
          world.customers.flock(short ? 10 : 100);
          for (let time = 0; time < (short ? 40 : 200); time += 1) {
            const { status } = await world.call('GET', '/conversations');
            if (status !== 200 && status < 500) wrong.push(status);
            await after(250);
          }
          errors[`${odds * 100} %`] = world.fleet.strikes().length - before;
          must(world.fleet.strikes().length > before, 'nothing failed', odds);
        }
        for (const victim of world.fleet.victims) victim.err(0);
        must(wrong.length === 0, "the caller was told that it is the caller's fault", wrong);
        const verdict = await clean(world, 300);
        const left = world.fleet.victims.map(({ pid }) => pid).sort();
        must(String(left) === String(processes), 'a process ended over it', { processes, left });
        return { errors, ...figuresOf(verdict) };
      }),
  },
  {
    name: 'diskFull',
    tests: '10',
    what: "PostgreSQL's disk is full and then is not: what cannot be kept is refused, and all goes on without a hand",
    run: (_, short) =>
      inWorld({ workers: 2, diskMb: DISK_MB }, async (world) => {
        const { postgres } = world.services;
        await atWork(world, 20);
        const inFlight = world.customers.inFlight();
        postgres.disk?.fill();
        world.customers.flock(short ? 30 : 200);
        // As a process manager: a server that ended over it is started again and again.
        await until('something is refused', () => world.customers.refusals.length > 5, 120);
        await after(short ? 10_000 : 60_000);
        const { refusals } = world.customers;
        const wrong = refusals.filter(({ status }) => status !== 0 && status !== 503);
        must(wrong.length === 0, 'refused otherwise than by 503', wrong.slice(0, 3));
        postgres.disk?.free();
        const freed = Date.now();
        await until(
          'PostgreSQL is back',
          async () => {
            if (await world.rows('select 1').catch(() => null)) return true;
            await postgres.stop();
            await postgres.start();
            return false;
          },
          120,
        );
        const verdict = await clean(world, 300);
        return { inFlight, refused: refusals.length, recoveredMs: Date.now() - freed, ...figuresOf(verdict) };
      }),
  },
  {
    name: 'restore',
    tests: '15',
    what: 'the machine is gone; on an empty one the backup is restored, and what waited goes on as if nothing had been',
    run: (_, short) =>
      inWorld({ workers: 2 }, async (world) => {
        const { postgres, redis, databaseUrl } = world.services;
        const customers = short ? 20 : 500;
        await world.publish(department(short ? 60 : 240));
        world.customers.flock(customers);
        await until(
          'everybody waits and all that went out is on record',
          async () => {
            const [row] = await world.rows<{ waiting: number; open: number }>(
              `select (select count(*)::int from platform.runs where status = 'waiting') as waiting,
                 (select count(*)::int from platform.effects where state <> 'done') as open`,
            );
            return row?.waiting === customers && row.open === 0;
          },
          180,
        );
        // Under processes at work; the sums are of the very snapshot that is dumped. Roles are the cluster's and not in the dump.
        const folder = postgres.folder.inside;
        const before = await connected(world, async (client) => {
          await client.query('begin isolation level repeatable read read only');
          const { rows } = await client.query<{ id: string }>('select pg_export_snapshot() as id');
          const options = ['--format=custom', `--snapshot=${rows[0]?.id}`, `--file=${folder}/backup`];
          await postgres.tool('pg_dump', [...options, databaseUrl]);
          return sumsOf(client);
        });
        await postgres.tool('pg_dumpall', [
          '--globals-only',
          `--dbname=${databaseUrl}`,
          `--file=${folder}/globals.sql`,
        ]);

        await world.fleet.killAll();
        const gone = Date.now();
        await Promise.all([postgres.stop(), redis.stop()]);
        redis.empty();
        await postgres.wipe();
        await Promise.all([postgres.start(), redis.start()]);
        await postgres.tool('psql', ['--quiet', `--file=${folder}/globals.sql`, databaseUrl]);
        await postgres.tool('pg_restore', ['--exit-on-error', `--dbname=${databaseUrl}`, `${folder}/backup`]);
        const restored = await connected(world, sumsOf);
        const differ = [...before].filter(([table, sum]) => restored.get(table) !== sum);
        must(differ.length === 0 && restored.size === before.size, 'the restored rows differ', differ);
        world.fleet.reopen();
        await Promise.all([world.fleet.start('api'), world.fleet.start('worker'), world.fleet.start('worker')]);
        const restoreMs = Date.now() - gone;
        return { tables: before.size, restoreMs, ...figuresOf(await clean(world, 300)) };
      }),
  },
];
