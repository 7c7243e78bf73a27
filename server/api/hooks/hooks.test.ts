import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import type { Session } from '../auth/schemas.js';

let server: TestApp;
let as: Session;
let departmentId: string;

const definition = {
  format: 1,
  nodes: [
    { id: 'called', type: 'trigger.webhook', version: 1, config: {}, position: { x: 0, y: 0 } },
    { id: 'by_hand', type: 'trigger.manual', version: 1, config: {}, position: { x: 200, y: 0 } },
  ],
  edges: [],
  settings: {},
};

beforeAll(async () => {
  server = await buildTestApp();
  as = await server.register();
  departmentId = (await server.call('POST', '/departments', { as, body: { name: 'Avisos', definition } })).body.id;
  expect((await server.call('POST', `/departments/${departmentId}/publish`, { as, body: {} })).status).toBe(201);
});
afterAll(() => server.close());

const addresses = async (session = as) => server.call('GET', `/departments/${departmentId}/webhooks`, { as: session });
const pathOf = async (): Promise<string> => (await addresses()).body.items[0].path.replace('/api/v1', '');

it('gives every webhook trigger an address, which starts a run with what was sent', async () => {
  expect((await addresses()).body.items).toMatchObject([{ nodeId: 'called' }]);
  const { status, body } = await server.call('POST', `${await pathOf()}?origem=loja`, { body: { pedido: 7 } });
  expect(status).toBe(202);
  const run = await server.call('GET', `/runs/${body.run.id}`, { as });
  expect(run.body).toMatchObject({
    departmentId,
    status: 'queued',
    input: { body: { pedido: 7 }, query: { origem: 'loja' } },
  });
});

it('needs no body', async () => {
  expect((await server.call('POST', await pathOf())).status).toBe(202);
});

it('knows only addresses that it handed out', async () => {
  const path = await pathOf();
  for (const wrong of [
    `${path.slice(0, -2)}AA`,
    path.replace(/.$/, ''),
    '/webhooks/departments/x',
    path.replace('departments/', 'departments/A'),
  ])
    expect((await server.call('POST', wrong, { body: {} })).status, wrong).toBe(404);
});

it('shows the addresses to nobody else', async () => {
  expect((await addresses(await server.register())).status).toBe(404);
});

it('starts nothing while the department is paused', async () => {
  const path = await pathOf();
  await server.call('PATCH', `/departments/${departmentId}`, { as, body: { status: 'paused' } });
  expect(await server.call('POST', path, { body: {} })).toMatchObject({
    status: 409,
    body: { error: { code: 'department_paused' } },
  });
  await server.call('PATCH', `/departments/${departmentId}`, { as, body: { status: 'active' } });
});
