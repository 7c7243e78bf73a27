import { setTimeout as after } from 'node:timers/promises';
import { sketch } from '#tests/support/engine/graph.js';
import { flowInput } from '../measure/departments.js';
import { residentMegabytes } from '../measure/memory.js';
import { onServices, openShop, startProcess, type Process } from '../measure/platform.js';
import type { Bench, Outcome, Row } from '../measure/row.js';
import { median } from '../measure/stats.js';
import type { BenchDatabase } from '../measure/stores.js';

const RUNS = 2_000;
/** Whatever a run that waits leaves behind in PostgreSQL. */
const TABLES = ['runs', 'run_steps', 'step_packs', 'waits', 'checkpoints', 'checkpoint_writes', 'effects'];

const department = () =>
  sketch(
    [
      ['start:trigger.manual', {}],
      ['ask:human.ask', { config: { question: 'Pode ser?', of: 'member' } }],
      ['end:data.set', { config: { values: [{ name: 'text', value: 'ok' }] } }],
    ],
    'start>ask ask.answered>end',
  );

/**
 * A run that waits for a person: bytes in PostgreSQL, indexes included, with what was written over on the way cleared away; and resident memory of the
 * worker that brought it there, which has nothing of it left. The floor is one INSERT of its input with a key and an index by organization.
 */
export const waiting: Row = {
  name: 'waiting',
  async measure(bench: Bench): Promise<Outcome> {
    const { settings } = bench;
    const stores = await bench.stores();
    const samples = { floorBytes: [] as number[], bytes: [] as number[], workerKilobytes: [] as number[] };
    for (let run = 0; run < settings.runs; run += 1) {
      const database = await stores.database();
      const services = onServices(database.url, stores.redisUrl);
      const processes: Process[] = [];
      try {
        for (const ROLE of ['api', 'worker']) processes.push(await startProcess(settings, { ...services, ROLE }));
        const [api, worker] = processes;
        if (!api || !worker) throw new Error('A process is missing');
        const shop = await openShop(api.url, department());
        const begin = async (count: number): Promise<void> => {
          const { run: first } = await shop.call('POST', `/departments/${shop.departmentId}/runs`, {
            input: flowInput,
          });
          await database.rows(
            `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input, priority)
             select gen_random_uuid(), organization_id, department_id, version_id, trigger_node, input, priority
             from platform.runs, generate_series(2, ${count}) where id = $1`,
            [(first as { id: string }).id],
          );
          await allWait(database);
        };
        // The first thousand warm the process up, and would count as the cost of waiting.
        await begin(RUNS);
        await after(settings.idleSeconds * 1_000);
        const [memory, before] = [residentMegabytes(worker.pid), await sizeOf(database, TABLES)];
        await begin(RUNS);
        await after(settings.idleSeconds * 1_000);
        samples.workerKilobytes.push(((residentMegabytes(worker.pid) - memory) * 1_024) / RUNS);
        samples.bytes.push(((await sizeOf(database, TABLES)) - before) / RUNS);
        samples.floorBytes.push(await bareInsert(database));
        bench.say(`${Math.round(samples.bytes.at(-1) ?? 0)} bytes, bare ${Math.round(samples.floorBytes.at(-1) ?? 0)}`);
      } finally {
        await Promise.all(processes.map((each) => each.stop()));
        await database.drop();
      }
    }
    const [bytes, bare, kilobytes] = [
      median(samples.bytes),
      median(samples.floorBytes),
      median(samples.workerKilobytes),
    ];
    return {
      lines: [
        {
          measure: 'waiting run: bytes in PostgreSQL, indexes included',
          floor: `${Math.round(bare)} bytes`,
          ours: `${Math.round(bytes)} bytes`,
          value: bytes,
          unit: 'bytes',
          better: 'less',
          goals: { first: null, goal: 4_096, stretch: 2_048 },
        },
      ],
      samples,
      notes: [
        `A waiting run is ${(bytes / bare).toFixed(1)} rows of the bare table. The worker's memory moved by ${kilobytes.toFixed(1)} KB for each of ${RUNS} runs that came to wait; it keeps nothing of them.`,
      ],
    };
  },
};

async function allWait(database: BenchDatabase): Promise<void> {
  for (const began = performance.now(); ; await after(100)) {
    const [open] = await database.rows<{ n: number }>(
      `select count(*)::int as n from platform.runs where status <> 'waiting'`,
    );
    if (open?.n === 0) return;
    if (performance.now() - began > 180_000) throw new Error(`${open?.n ?? 0} runs do not wait after three minutes`);
  }
}

/** Bytes of tables with their indexes, without what was written over. */
async function sizeOf(database: BenchDatabase, tables: readonly string[]): Promise<number> {
  for (const table of tables) await database.rows(`vacuum full platform.${table}`);
  const [size] = await database.rows<{ bytes: string }>(
    `select sum(pg_total_relation_size(('platform.' || name)::regclass)) as bytes from unnest($1::text[]) name`,
    [tables],
  );
  return Number(size?.bytes);
}

async function bareInsert(database: BenchDatabase): Promise<number> {
  await database.rows(
    'create table platform.floor_waiting (id uuid primary key, organization uuid not null, input jsonb not null)',
  );
  await database.rows('create index on platform.floor_waiting (organization)');
  const empty = await sizeOf(database, ['floor_waiting']);
  await database.rows(
    `insert into platform.floor_waiting select gen_random_uuid(), gen_random_uuid(), $1::jsonb from generate_series(1, ${RUNS})`,
    [JSON.stringify(flowInput)],
  );
  return ((await sizeOf(database, ['floor_waiting'])) - empty) / RUNS;
}
