import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Client } from '#tests/support/client.js';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { expectOk, freshRedis, openBakery } from '#tests/support/platform.js';
import { notBuilt } from '#tests/support/processes.js';
import { openFleet, type Fleet } from './fleet.js';

/** One run of these is within what a run may hold, and within this heap; three at once are not. */
const RUNS = 8;
const small = { NODE_OPTIONS: '--max-old-space-size=256' };
const position = { x: 0, y: 0 };
const definition = {
  format: 1,
  nodes: [
    { id: 'start', type: 'trigger.manual', version: 1, config: {}, position },
    { id: 'each', type: 'logic.forEach', version: 1, config: { items: '{{ trigger.list }}', limit: 1_000 }, position },
    {
      id: 'copy',
      type: 'data.set',
      version: 1,
      parentId: 'each',
      config: { values: [{ name: 'text', value: '{{ trigger.text }}-{{ index }}' }] },
      position,
    },
  ],
  edges: [{ id: 'e', from: { node: 'start', port: 'out' }, to: { node: 'each', port: 'in' } }],
  settings: {},
};

describe.skipIf(notBuilt)('many runs at once that each make nearly as much as one may', { timeout: 500_000 }, () => {
  let database: TestDatabase;
  let fleet: Fleet;
  let api: Client;
  beforeAll(async () => {
    database = await testDatabase();
    fleet = await openFleet({ databaseUrl: database.url, redisUrl: await freshRedis() });
    api = await fleet.startApi();
  }, 120_000);
  afterAll(async () => {
    await fleet?.close();
    await database?.close();
  });

  it('put no worker out of memory, and neither does whoever takes them up again', async () => {
    const worker = await fleet.startWorker(small);
    const caller = await openBakery(api);
    const department = await expectOk(api.call('POST', '/departments', { name: 'Cópias', definition }, caller));
    const id = String(department.body.id);
    await expectOk(api.call('POST', `/departments/${id}/publish`, {}, caller));
    const start = (times: number): Promise<unknown> => {
      const input = { text: 'a'.repeat(100_000), list: Array.from({ length: times }, (_, index) => index) };
      return expectOk(api.call('POST', `/departments/${id}/runs`, { input }, caller));
    };
    await Promise.all(Array.from({ length: RUNS }, () => start(200)));
    const recorded = () => fleet.rows<{ steps: number }>('select count(*)::int as steps from platform.run_steps');
    await vi.waitFor(async () => expect((await recorded())[0]?.steps).toBeGreaterThan(300), 200_000);
    await worker.kill('SIGKILL');
    await fleet.startWorker(small);
    await start(2);
    // A process that ends by itself fails it.
    await fleet.served([], 400_000);
    const ended = await fleet.rows('select status, count(*)::int as runs from platform.runs group by 1');
    expect(ended).toEqual([{ status: 'succeeded', runs: RUNS + 1 }]);
  });
});
