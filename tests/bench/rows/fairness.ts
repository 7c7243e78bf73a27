import { cpus } from 'node:os';
import { setTimeout as after } from 'node:timers/promises';
import { flowInput, queueDepartment } from '../measure/departments.js';
import { onServices, openShop, startProcess, type Process, type Shop } from '../measure/platform.js';
import { start, type Started } from '../measure/processes.js';
import type { Bench, Outcome, Row } from '../measure/row.js';
import { figure, median } from '../measure/stats.js';
import type { BenchDatabase } from '../measure/stores.js';

/** Runs that the one floods with: a hundred times the default share of an organization. */
const FLOOD = 12_800;
const SMALL = 4;
/** Each of the small ones starts a run this often. */
const EVERY_MS = 250;

/**
 * Scorecard 43: small organizations' time from a run's row to its start, alone and while another has a hundred times its share waiting, in one run
 * on one API and one worker process. And what the flood itself gets done a second, alone and beside them: fairness must not cost throughput.
 */
export const fairness: Row = {
  name: 'fairness',
  async measure(bench: Bench): Promise<Outcome> {
    const { settings } = bench;
    const stores = await bench.stores();
    const database = await stores.database();
    const services = onServices(database.url, stores.redisUrl);
    const processes: Process[] = [];
    try {
      for (const ROLE of ['api', 'worker']) processes.push(await startProcess(settings, { ...services, ROLE }));
      const [api] = processes;
      if (!api) throw new Error('There is no API');
      const shops = await Promise.all(Array.from({ length: SMALL }, () => openShop(api.url, queueDepartment())));
      const flooding = await openShop(api.url, queueDepartment());
      const samples = {
        alone: [] as number[],
        computing: [] as number[],
        beside: [] as number[],
        floodAlone: [] as number[],
        floodBeside: [] as number[],
        aloneAdmitted: [] as number[],
        besideAdmitted: [] as number[],
      };
      await trickle(database, shops, 1);
      for (let run = 0; run < settings.runs; run += 1) {
        const alone = await trickle(database, shops, settings.seconds);
        samples.alone.push(alone.p50);
        samples.aloneAdmitted.push(alone.admitted);
        samples.computing.push(await besideComputing(() => trickle(database, shops, settings.seconds)));
        await flood(database, flooding);
        samples.floodAlone.push(await drained(database, flooding, () => after(settings.seconds * 1_000)));
        await empty(database, flooding);
        await flood(database, flooding);
        samples.floodBeside.push(
          await drained(database, flooding, async () => {
            const beside = await trickle(database, shops, settings.seconds);
            samples.beside.push(beside.p50);
            samples.besideAdmitted.push(beside.admitted);
          }),
        );
        await empty(database, flooding);
        bench.say(
          `alone ${figure(samples.alone.at(-1) ?? 0, 'ms')}, beside a flood ${figure(samples.beside.at(-1) ?? 0, 'ms')}`,
        );
      }
      const [alone, beside] = [median(samples.alone), median(samples.beside)];
      return {
        lines: [
          {
            measure: 'fairness: start of a small tenant beside a flood, against alone',
            floor: figure(alone, 'ms'),
            ours: figure(beside, 'ms'),
            value: beside / alone,
            unit: 'x',
            better: 'less',
            goals: { first: null, goal: 2, stretch: 1.2 },
          },
        ],
        samples,
        notes: [
          `Beside ${cpus().length} processes that only compute, and no flood, it takes ${figure(median(samples.computing), 'ms')}: what a machine with no core to spare costs by itself.`,
          `The flood gets done ${figure(median(samples.floodAlone), '/s')} alone and ${figure(median(samples.floodBeside), '/s')} beside ${SMALL} small tenants.`,
          `Until it is admitted, to the queue or at once by the worker that begins it, a small tenant's run takes ${figure(median(samples.aloneAdmitted), 'ms')} alone and ${figure(median(samples.besideAdmitted), 'ms')} beside.`,
        ],
      };
    } finally {
      await Promise.all(processes.map((each) => each.stop()));
      await database.drop();
    }
  },
};

/** The median of `starts` while as many processes as there are cores compute and do nothing else: a flood keeps the cores busy, whoever is put first. */
async function besideComputing(starts: () => Promise<Starts>): Promise<number> {
  const computing: Started[] = cpus().map(() => start(process.execPath, ['-e', 'for (;;);']));
  try {
    return (await starts()).p50;
  } finally {
    await Promise.all(computing.map((each) => each.stop()));
  }
}

/** Median milliseconds from a run's row to its start, and to its admission. */
interface Starts {
  readonly p50: number;
  readonly admitted: number;
}

/** Small tenants start runs through the API, one at a time each. */
async function trickle(database: BenchDatabase, shops: readonly Shop[], seconds: number): Promise<Starts> {
  const until = performance.now() + seconds * 1_000;
  const ids: string[] = [];
  const lane = async (shop: Shop): Promise<void> => {
    while (performance.now() < until) {
      const { run } = await shop.call('POST', `/departments/${shop.departmentId}/runs`, { input: flowInput });
      ids.push((run as { id: string }).id);
      await after(EVERY_MS);
    }
  };
  await Promise.all(shops.map(lane));
  for (;;) {
    const [row] = await database.rows<{ started: number; p50: number; admitted: number }>(
      `select count(started_at)::int as started, percentile_cont(0.5) within group (order by extract(epoch from started_at - created_at))::float8 * 1000 as p50,
         percentile_cont(0.5) within group (order by extract(epoch from admitted_at - created_at))::float8 * 1000 as admitted
       from platform.runs where id = any($1::uuid[])`,
      [ids],
    );
    if (row?.started === ids.length) return row;
    await after(50);
  }
}

/** Puts the flood into PostgreSQL, where it waits to be admitted, as a program does that is faster than its share. */
async function flood(database: BenchDatabase, { departmentId, call }: Shop): Promise<void> {
  const { run } = await call('POST', `/departments/${departmentId}/runs`, { input: flowInput });
  await database.rows(
    `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input, priority)
     select gen_random_uuid(), organization_id, department_id, version_id, trigger_node, input, priority from platform.runs, generate_series(1, ${FLOOD}) where id = $1`,
    [(run as { id: string }).id],
  );
}

/** Runs of the flood that ended a second while `meanwhile` went on. */
async function drained(database: BenchDatabase, shop: Shop, meanwhile: () => Promise<void>): Promise<number> {
  const left = async (): Promise<number> =>
    (
      await database.rows<{ left: number }>(
        `select count(*)::int as left from platform.runs where department_id = $1 and status in ('queued', 'running')`,
        [shop.departmentId],
      )
    )[0]?.left ?? 0;
  // The clock starts once the flood is at the workers.
  const whole = await left();
  while ((await left()) > whole - 64) await after(25);
  const [before, began] = [await left(), performance.now()];
  await meanwhile();
  return ((before - (await left())) * 1_000) / (performance.now() - began);
}

/** What has not begun of the flood is forgotten, what has comes to its end. */
async function empty(database: BenchDatabase, { departmentId }: Shop): Promise<void> {
  for (;;) {
    await database.rows(
      `delete from platform.runs where department_id = $1 and status = 'queued' and admitted_at is null`,
      [departmentId],
    );
    const open = await database.rows(
      `select 1 from platform.runs where department_id = $1 and status in ('queued', 'running') limit 1`,
      [departmentId],
    );
    if (open.length === 0) return;
    await after(25);
  }
}
