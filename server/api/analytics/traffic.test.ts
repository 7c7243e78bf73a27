import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import type { Session } from '../auth/schemas.js';

let server: TestApp;
let as: Session;
let department: string;
const call = async (method: 'GET' | 'POST', path: string, body?: unknown) => server.call(method, path, { as, body });
const sql = (text: string, values: unknown[]) => server.db.engine.query(text, values);
const run = async (body: object = {}): Promise<string> =>
  (await call('POST', `/departments/${department}/runs`, { input: { text: 'oi' }, ...body })).body.run.id;
const step = (id: string, path: string, attempt: number, status: string, port: string | null, ms: number) =>
  sql(
    `insert into platform.run_steps (run_id, organization_id, path, attempt, node_id, status, port, started_at, duration_ms)
     values ($1, $2, $3, $4, $5, $6, $7, now(), $8)`,
    [id, as.organization.id, path, attempt, path.slice(path.lastIndexOf('/') + 1), status, port, ms],
  );

beforeAll(async () => {
  server = await buildTestApp();
  as = await server.register();
  department = (await call('POST', '/departments', { name: 'Balcão', template: 'customer-service' })).body.id;
});
afterAll(() => server.close());

describe('the traffic of a department', () => {
  it('is nothing before anything is live', async () => {
    const { body } = await call('GET', `/departments/${department}/traffic`);
    expect(body).toMatchObject({ version: null, runs: 0, complete: true, nodes: [] });
  });

  it('counts, at each node, what real runs of the version did', async () => {
    await call('POST', `/departments/${department}/publish`);
    const real = await run();
    await step(real, 'who', 1, 'failed', null, 5);
    await step(real, 'who', 2, 'succeeded', 'out', 10);
    await step(real, 'each#0/check', 1, 'succeeded', 'ok', 100);
    await step(real, 'each#1/check', 1, 'succeeded', 'failed', 300);
    await step(real, 'handoff', 1, 'skipped', null, 0);
    const failed = await run();
    await step(failed, 'who', 1, 'failed', null, 30);
    await step(failed, 'ask', 1, 'waiting', null, 1);
    await sql(`update platform.runs set status = 'failed' where id = $1`, [failed]);
    // None of these is traffic.
    const [draft, old, rehearsal, tried] = [await run({ version: 'draft' }), await run(), await run(), await run()];
    for (const id of [draft, old, rehearsal, tried]) await step(id, 'who', 1, 'succeeded', 'out', 9_999);
    await sql(`update platform.runs set created_at = now() - interval '3 hours' where id = $1`, [old]);
    await sql('update platform.runs set rehearsal = true where id = $1', [rehearsal]);
    const channel = (await call('POST', '/integrations/simulator', { departmentId: department })).body.id;
    const { conversation } = (await call('POST', `/simulator/${channel}/messages`, { from: 'ana', text: 'oi' })).body;
    await sql('update platform.runs set conversation_id = $2 where id = $1', [tried, conversation.id]);

    const { body } = await call('GET', `/departments/${department}/traffic?hours=1`);
    expect(body).toMatchObject({ version: 1, runs: 2, failedRuns: 1, complete: true });
    const nodes = Object.fromEntries(body.nodes.map((node: { nodeId: string }) => [node.nodeId, node]));
    expect(Object.keys(nodes)).toEqual(['ask', 'check', 'who']);
    expect(nodes['who']).toMatchObject({
      count: 2,
      failures: 1,
      retried: 1,
      waiting: 0,
      ways: [{ port: 'out', count: 1 }],
    });
    expect(nodes['check']).toMatchObject({
      count: 2,
      p50Ms: 200,
      p95Ms: 290,
      ways: [
        { port: 'failed', count: 1 },
        { port: 'ok', count: 1 },
      ],
    });
    expect(nodes['ask']).toMatchObject({ count: 0, waiting: 1, p95Ms: null });
    expect((await call('GET', `/departments/${department}/traffic?hours=24`)).body.runs).toBe(3);
    expect((await call('GET', `/departments/${department}/traffic?version=2`)).body.nodes).toEqual([]);
  });

  it('refuses what is no period, and a department that is not there', async () => {
    expect((await call('GET', `/departments/${department}/traffic?hours=0`)).status).toBe(400);
    expect((await call('GET', `/departments/${uuidv7()}/traffic`)).status).toBe(404);
  });
});
