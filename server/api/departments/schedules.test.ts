import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Definition } from '#engine/graph/definition.js';
import { bindKeyring } from '#engine/worker/query.js';
import { fireSchedules } from '#engine/worker/sweep/schedules.js';
import { openKeyring } from '#db/seal.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import type { Session } from '../auth/schemas.js';

/** Somebody changes a schedule in the very second in which its hour comes: the hour counts, once. */
let server: TestApp;
let as: Session;
beforeAll(async () => {
  server = await buildTestApp();
  as = await server.register();
  bindKeyring(server.db.engine, openKeyring(Buffer.alloc(32, 1)));
});
afterAll(() => server.close());

const scheduled = (node: string, cron: string, missed = 'once'): Definition => ({
  format: 1,
  nodes: [
    {
      id: node,
      type: 'trigger.schedule',
      version: 1,
      config: { cron, timezone: 'UTC', missed },
      position: { x: 0, y: 0 },
    },
    { id: 'note', type: 'data.set', version: 1, config: { values: [] }, position: { x: 200, y: 0 } },
  ],
  edges: [{ id: 'e', from: { node, port: 'out' }, to: { node: 'note', port: 'in' } }],
  settings: {},
});
const post = (path: string, body?: unknown) => server.call('POST', path, { as, body });
const rows = async <Row extends object>(sql: string, values: unknown[]): Promise<Row[]> =>
  (await server.db.engine.query<Row>(sql, values)).rows;

const publish = async (id: string, definition: Definition): Promise<void> => {
  await server.call('PUT', `/departments/${id}/draft`, { as, body: { definition } });
  expect((await post(`/departments/${id}/publish`)).status).toBe(201);
};
/** A department whose schedule has its hour at `due`, which no worker has seen. */
async function due(at: Date, missed?: string): Promise<string> {
  const definition = scheduled('clock', '0 8 * * *', missed);
  const { id } = (await post('/departments', { name: 'Relógio', definition })).body;
  await publish(id, definition);
  await rows('update platform.schedules set next_at = $2 where department_id = $1 returning 1', [id, at]);
  return id;
}
const runsOf = (id: string) =>
  rows<{ at: string; node: string; version: number }>(
    `select r.input ->> 'at' as at, r.trigger_node as node, v.number as version from platform.runs r
     join platform.department_versions v on v.id = r.version_id where r.department_id = $1`,
    [id],
  );
const pause = (id: string, status: string) => server.call('PATCH', `/departments/${id}`, { as, body: { status } });

type Change = readonly [what: string, make: (id: string) => Promise<unknown>];
const changes: readonly Change[] = [
  ['another hour', (id) => publish(id, scheduled('clock', '0 9 * * *'))],
  ['another node', (id) => publish(id, scheduled('alarm', '0 8 * * *'))],
  [
    'no schedule',
    (id) =>
      publish(id, {
        ...scheduled('clock', '0 8 * * *'),
        nodes: [
          { id: 'clock', type: 'trigger.manual', version: 1, config: {}, position: { x: 0, y: 0 } },
          { id: 'note', type: 'data.set', version: 1, config: { values: [] }, position: { x: 200, y: 0 } },
        ],
      }),
  ],
  ['a pause', (id) => pause(id, 'paused')],
];

it.each(changes)('%s begins the hour that has just come, on the version that was live then', async (_, change) => {
  const at = new Date(Date.now() - 300);
  const id = await due(at);
  await change(id);
  await fireSchedules(server.db.engine);
  expect(await runsOf(id)).toEqual([{ at: at.toISOString(), node: 'clock', version: 1 }]);
});

it('another time zone of the organization moves the schedules that name none, and the hour that has just come counts', async () => {
  const definition = scheduled('clock', '0 8 * * *');
  const own = (await post('/departments', { name: 'Em UTC', definition })).body.id;
  await publish(own, definition);
  const bare = structuredClone(definition) as unknown as { nodes: { config: { timezone?: string } }[] };
  delete bare.nodes[0]?.config.timezone;
  const id = (await post('/departments', { name: 'Da casa', definition: bare })).body.id;
  await publish(id, bare as unknown as Definition);
  const at = new Date(Date.now() - 300);
  await rows('update platform.schedules set next_at = $2 where department_id = $1 returning 1', [id, at]);
  const patched = await server.call('PATCH', '/organizations/current', { as, body: { timezone: 'Asia/Kathmandu' } });
  expect(patched.status).toBe(200);
  const zones = await rows<{ id: string; zone: string; hour: string }>(
    `select department_id as id, timezone as zone, to_char(next_at at time zone timezone, 'HH24:MI') as hour from platform.schedules where department_id = any($1)`,
    [[own, id]],
  );
  expect(Object.fromEntries(zones.map((row) => [row.id, [row.zone, row.hour]]))).toEqual({
    [own]: ['UTC', '08:00'],
    [id]: ['Asia/Kathmandu', '08:00'],
  });
  expect(await runsOf(id)).toMatchObject([{ at: at.toISOString(), version: 1 }]);
  expect(await runsOf(own)).toEqual([]);
});

it('an hour that was missed is not made up for where the schedule says so', async () => {
  const at = new Date(Date.now() - 3_600_000);
  const [skipping, catching] = [await due(at, 'skip'), await due(at)];
  for (const id of [skipping, catching]) await publish(id, scheduled('clock', '0 9 * * *'));
  expect(await runsOf(skipping)).toEqual([]);
  expect(await runsOf(catching)).toHaveLength(1);
});

it('whoever changes what at the same time as workers look, it counts once', async () => {
  const acts: readonly Change[] = [
    ...changes,
    ['the same again', (id) => publish(id, scheduled('clock', '0 8 * * *'))],
    ['a resume', (id) => pause(id, 'active')],
    ['a worker', () => fireSchedules(server.db.engine)],
    ['another worker', () => fireSchedules(server.db.engine)],
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...acts), { minLength: 2, maxLength: 5 }), async (chosen) => {
      const at = new Date(Date.now() - 300);
      const id = await due(at);
      await Promise.all(chosen.map(([, act]) => act(id).catch(() => undefined)));
      await fireSchedules(server.db.engine);
      expect(await runsOf(id)).toMatchObject([{ at: at.toISOString() }]);
    }),
    { numRuns: 25 },
  );
}, 120_000);
