import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import type { Session } from '../auth/schemas.js';

let server: TestApp;
let as: Session;
let department: string;
beforeAll(async () => {
  server = await buildTestApp();
  as = await server.register();
  const { body } = await server.call('POST', '/departments', {
    as,
    body: { name: 'Balcão', template: 'customer-service' },
  });
  department = body.id;
  await server.call('POST', `/departments/${department}/publish`, { as });
});
afterAll(() => server.close());

const start = (input: object, id = department) =>
  server.call('POST', `/departments/${id}/runs`, { as, body: { input } });

test('runs that are started together are each on record with their audit entry, and each failure is its own', async () => {
  const other = await server.register('Outra');
  const nobody = uuidv7();
  const [good, bad, gone, foreign] = await Promise.all([
    Promise.all(Array.from({ length: 30 }, (_, index) => start({ text: `oi ${index}` }))),
    start({ words: 'oi' }),
    start({ text: 'oi' }, nobody),
    server.call('POST', `/departments/${department}/runs`, { as: other, body: { input: { text: 'oi' } } }),
  ]);
  expect(new Set(good.map(({ status }) => status))).toEqual(new Set([202]));
  const runs = good.map(({ body }) => body.run as { id: string; input: { text: string }; createdAt: string });
  expect(runs.map(({ input }) => input.text)).toEqual(Array.from({ length: 30 }, (_, index) => `oi ${index}`));
  const ids = runs.map(({ id }) => id);
  const { rows: stored } = await server.db.engine.query<{ id: string; input: unknown }>(
    `select id, input from platform.runs where id = any($1) order by id`,
    [ids],
  );
  const vault = await server.vaultOf(as.organization.id);
  expect(stored.map(({ id, input }) => ({ id, text: (vault.openJson(input) as { text: string }).text }))).toEqual(
    [...runs].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, input }) => ({ id, text: input.text })),
  );
  const entries = await server.db.withOrganization(as.organization.id, (trx) =>
    trx('platform.audit_log').where({ action: 'run.start' }).whereIn('target_id', ids),
  );
  expect(entries).toHaveLength(30);
  // The log says what was started, in words.
  expect(entries.map(({ target_name }) => target_name)).not.toContain('');
  expect(bad).toMatchObject({ status: 400, body: { error: { code: 'bad_input' } } });
  expect(gone.status).toBe(404);
  expect(foreign.status).toBe(404);
});
