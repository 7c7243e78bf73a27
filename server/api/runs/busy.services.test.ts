import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { buildTestApp, type TestApp } from '#tests/support/app.js';

let server: TestApp;
beforeAll(async () => {
  server = await buildTestApp();
});
afterAll(() => server.close());

it('a run tried again in the moment in which another of its conversation is woken is refused as in a busy conversation', async () => {
  const as = await server.register();
  const post = (path: string, body?: unknown) => server.call('POST', path, { as, body });
  const department = (await post('/departments', { name: 'Balcão', template: 'customer-service' })).body.id as string;
  await post(`/departments/${department}/publish`);
  const start = async () =>
    (await post(`/departments/${department}/runs`, { input: { text: 'oi' } })).body.run.id as string;
  const [failed, waiting] = [await start(), await start()];
  const { engine } = server.db;
  const channel = (await post('/integrations/simulator', { departmentId: department })).body.id as string;
  const { conversation } = (await post(`/simulator/${channel}/messages`, { from: 'ana', text: 'oi' })).body;
  await engine.query(
    `update platform.runs set conversation_id = $3, status = case id when $1 then 'failed' else 'waiting' end where id in ($1, $2)`,
    [failed, waiting, conversation.id],
  );
  const waking = await engine.connect();
  let retried: ReturnType<typeof post> | null = null;
  try {
    await waking.query('begin');
    await waking.query(`update platform.runs set status = 'queued' where id = $1`, [waiting]);
    retried = post(`/runs/${failed}/retry`, {});
    await vi.waitFor(
      async () => {
        const held = `select 1 from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()`;
        expect((await engine.query(held)).rows).toHaveLength(1);
      },
      { timeout: 30_000, interval: 20 },
    );
  } finally {
    await waking.query('commit');
    waking.release();
  }
  expect(await retried).toMatchObject({ status: 409, body: { error: { code: 'conversation_busy' } } });
  expect((await server.call('GET', `/runs/${failed}`, { as })).body.status).toBe('failed');
});
