import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { sketch } from '#tests/support/engine/graph.js';
import { World, type Worker } from '#tests/support/engine/world.js';
import { forgetInbound } from './inbound.js';
import { pruneRuns } from './retention.js';

let world: World;
let worker: Worker;
beforeAll(async () => {
  world = await World.open();
  worker = await world.worker();
});
afterAll(() => world.close());
beforeEach(() => world.rows('update platform.organizations set payload_days = 30, run_days = 365'));

const told: unknown[] = [];
const prune = () => {
  told.length = 0;
  return pruneRuns(world.database.db.engine, { publish: (...said) => void told.push(said) });
};
const age = (days: number, ids: readonly string[]) =>
  world.rows(
    `update platform.runs set finished_at = now() - make_interval(days => $1, secs => 1) where id = any($2::uuid[])`,
    [days, ids],
  );
/** Unlike words, it does not shrink when it is stored. */
const TEXT = randomBytes(1_500).toString('base64');
const definition = sketch(
  ['start:start', ['a:set', { config: { value: TEXT } }], 'b:act', ['c:set', { config: { value: '{{ steps.a }}' } }]],
  'start>a a>b b>c',
);
const run = async () => (await world.go(worker, definition, { text: 'segredo' })).run.id;

it('takes payloads out when their days are over, then the run, and nothing before', async () => {
  const [old, young] = [await run(), await run()];
  await age(30, [old]);
  await age(29, [young]);
  expect(await prune()).toMatchObject({ emptied: 1, deleted: 0 });
  const [emptied, kept] = [await world.steps(old), await world.steps(young)];
  expect(emptied.map(({ path, status, input, output }) => [path, status, input, output])).toEqual(
    ['start', 'a', 'b', 'c'].map((path) => [path, 'succeeded', null, null]),
  );
  expect(kept[1]?.output).toBe(TEXT);
  const rows = await world.rows(
    'select input, output, pruned_at is not null as pruned from platform.runs where id = $1',
    [old],
  );
  expect(rows).toEqual([{ input: null, output: null, pruned: true }]);
  expect(await world.rows('select result from platform.effects where run_id = $1', [old])).toEqual([{ result: null }]);
  const tellsOf = (gone: boolean) => [
    world.organizationId,
    { type: 'pruned', departmentId: world.departmentId, runIds: [old], gone },
  ];
  expect(told).toEqual([tellsOf(false)]);
  expect(await prune()).toMatchObject({ emptied: 0, deleted: 0 });
  expect(told).toEqual([]);
  await age(365, [old]);
  expect(await prune()).toMatchObject({ emptied: 0, deleted: 1 });
  expect(told).toEqual([tellsOf(true)]);
  for (const table of ['runs', 'run_steps', 'effects'])
    expect(
      await world.rows(`select 1 from platform.${table} where ${table === 'runs' ? 'id' : 'run_id'} = $1`, [old]),
    ).toEqual([]);
  expect((await world.steps(young)).length).toBe(4);
});

it('keeps what waits, however long', async () => {
  const waiting = await world.go(worker, sketch(['start:start', 'q:ask'], 'start>q'), { text: 'guarda' });
  await world.rows(`update platform.runs set created_at = now() - interval '5 years' where id = $1`, [waiting.run.id]);
  expect(await prune()).toMatchObject({ emptied: 0, deleted: 0, checkpoints: 0 });
  await world.answer(waiting.run.id, 'q', 'ainda aqui');
  expect(await world.resume(worker, waiting)).toMatchObject({ status: 'succeeded', output: 'ainda aqui' });
});

it('drops checkpoints that a canceled wait leaves behind', async () => {
  const { run: left } = await world.go(worker, sketch(['start:start', 'q:ask'], 'start>q'));
  await world.rows(
    `update platform.runs set status = 'canceled', finished_at = now() - interval '2 hours' where id = $1`,
    [left.id],
  );
  expect(await prune()).toMatchObject({ checkpoints: 1 });
  expect(await world.rows('select 1 from platform.checkpoints where thread = $1', [left.id])).toEqual([]);
});

it('bounds growth: a thousand runs, their payloads gone, then they', async () => {
  const RUNS = 300;
  const tables = ['runs', 'run_steps', 'effects', 'waits'];
  const perThousand = async (): Promise<number> => {
    for (const table of tables) await world.rows(`vacuum full platform.${table}`);
    const [size] = await world.rows<{ bytes: string }>(
      `select sum(pg_total_relation_size(('platform.' || name)::regclass)) as bytes from unnest($1::text[]) name`,
      [tables],
    );
    return Math.round((Number(size?.bytes) / RUNS) * 1_000);
  };
  /** What somebody still looks at, an analysis by PostgreSQL itself among them, is not taken away: then once more. */
  const shrunkTo = async (most: number): Promise<number> => {
    let size = 0;
    await expect
      .poll(async () => (size = (await perThousand()) - empty), { timeout: 60_000, interval: 500 })
      .toBeLessThan(most);
    return size;
  };
  const empty = await perThousand();
  const started = await world.start(definition, { text: 'oi' });
  await world.resume(worker, started);
  const ids: string[] = [started.run.id];
  for (let left = RUNS - 1; left > 0; left -= 50) {
    const some = Array.from({ length: Math.min(50, left) }, () => crypto.randomUUID());
    ids.push(...some);
    await world.rows(
      `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input) select id, $2, $3, $4, 'start', '{"text":"oi"}' from unnest($1::uuid[]) id`,
      [some, world.organizationId, world.departmentId, started.version.id],
    );
    await Promise.all(some.map((id) => world.resume(worker, { ...started, run: { ...started.run, id } })));
  }
  const full = (await perThousand()) - empty;
  await age(40, ids);
  expect((await prune()).emptied).toBe(RUNS);
  const emptied = await shrunkTo(full / 2);
  await age(400, ids);
  expect((await prune()).deleted).toBe(RUNS);
  const gone = await shrunkTo(full / 50);
  const kb = (bytes: number) => `${Math.round(bytes / 1_024)} KB`;
  console.log(
    `1,000 runs of 4 steps with 6 KB of payload each: ${kb(full)}; payloads gone: ${kb(emptied)}; runs gone: ${kb(gone)}`,
  );
});

it('forgets what arrived when nobody can deliver it again, and never what was not dealt with', async () => {
  const arrivals = [
    { name: 'old', days: 8.1, open: false },
    { name: 'open', days: 30, open: true },
    // Meta delivers again for seven days.
    { name: 'young', days: 7.9, open: false },
  ];
  for (const { name, days, open } of arrivals)
    await world.rows(
      `insert into platform.inbound_events (id, provider, external_id, payload, received_at, processed_at)
       values (gen_random_uuid(), 'whatsapp', $1, '{}', now() - make_interval(secs => $2::float8 * 86400), case when not $3::boolean then now() end)`,
      [name, days, open],
    );
  expect(await forgetInbound(world.database.db.engine)).toBe(1);
  expect(await world.rows('select external_id as name from platform.inbound_events order by 1')).toEqual([
    { name: 'open' },
    { name: 'young' },
  ]);
});
