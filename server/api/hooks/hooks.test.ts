import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { password } from '#tests/support/people.js';
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

describe('a call that comes again with its Idempotency-Key', () => {
  const pull = async (key: string, body: unknown, path?: string) =>
    server.call('POST', path ?? (await pathOf()), { body, headers: { 'idempotency-key': key } });
  const runs = async () => (await server.call('GET', '/runs?limit=100', { as })).body.items.length as number;

  it('began one run, and gets its answer', async () => {
    const before = await runs();
    const first = await pull('pedido-7', { pedido: 7 });
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(await pull('pedido-7', { pedido: 7 })).toMatchObject({
      status: 202,
      body: first.body,
      headers: { 'idempotency-replayed': 'true' },
    });
    expect(await runs()).toBe(before + 1);
    expect((await pull('pedido-8', { pedido: 7 })).body.run.id).not.toBe(first.body.run.id);
  });

  it('began one run though ten came at once', async () => {
    const before = await runs();
    const answers = await Promise.all(Array.from({ length: 10 }, () => pull('junto', { pedido: 9 })));
    expect(new Set(answers.flatMap(({ body }) => body.run?.id ?? [])).size).toBe(1);
    for (const { status, body, headers } of answers)
      if (status !== 202) {
        expect(body.error.code).toBe('idempotency_in_progress');
        expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      }
    expect(await runs()).toBe(before + 1);
  });

  it('is refused when it says something else, in its body or its address', async () => {
    const path = await pathOf();
    await pull('outro', { pedido: 10 });
    for (const [body, at] of [
      [{ pedido: 11 }, path],
      [null, path],
      [{ pedido: 10 }, `${path}?origem=loja`],
    ] as const)
      expect(await pull('outro', body, at)).toMatchObject({
        status: 422,
        body: { error: { code: 'idempotency_reused' } },
      });
    expect((await pull('', { pedido: 1 })).status).toBe(400);
    expect((await pull('x'.repeat(201), { pedido: 1 })).status).toBe(400);
  });

  it('may come again after it was refused, once there is somebody to take it', async () => {
    const path = await pathOf();
    const before = await runs();
    await server.call('PATCH', `/departments/${departmentId}`, { as, body: { status: 'paused' } });
    for (let tries = 0; tries < 2; tries++)
      expect((await pull('parado', { pedido: 12 }, path)).body.error.code).toBe('department_paused');
    await server.call('PATCH', `/departments/${departmentId}`, { as, body: { status: 'active' } });
    expect((await pull('parado', { pedido: 12 }, path)).status).toBe(202);
    expect((await pull('parado', { pedido: 12 }, path)).headers['idempotency-replayed']).toBe('true');
    expect(await runs()).toBe(before + 1);
  });

  it('is known to nobody else: not at another address, nor to whoever signs in with the same key', async () => {
    const other = await server.register();
    const { body } = await server.call('POST', '/departments', { as: other, body: { name: 'Avisos', definition } });
    await server.call('POST', `/departments/${body.id}/publish`, { as: other, body: {} });
    const theirs = await server.call('GET', `/departments/${body.id}/webhooks`, { as: other });
    const first = await pull('o-mesmo', { pedido: 13 });
    const second = await pull('o-mesmo', { pedido: 13 }, theirs.body.items[0].path.replace('/api/v1', ''));
    expect(second.status).toBe(202);
    expect(second.body.run.id).not.toBe(first.body.run.id);
    const mine = await server.call('POST', `/departments/${departmentId}/runs`, {
      as,
      body: { input: {} },
      headers: { 'idempotency-key': 'o-mesmo' },
    });
    expect(mine.status).toBe(202);
  });

  it('finds nothing at an address that nobody handed out, or whose house is gone', async () => {
    expect((await pull('nada', {}, '/webhooks/departments/x')).status).toBe(404);
    const gone = await server.register();
    const { body } = await server.call('POST', '/departments', { as: gone, body: { name: 'Avisos', definition } });
    await server.call('POST', `/departments/${body.id}/publish`, { as: gone, body: {} });
    const { body: theirs } = await server.call('GET', `/departments/${body.id}/webhooks`, { as: gone });
    const path = theirs.items[0].path.replace('/api/v1', '');
    await server.call('DELETE', `/departments/${body.id}`, { as: gone });
    expect((await pull('nada', {}, path)).status).toBe(404);
    expect((await server.call('DELETE', '/account', { as: gone, body: { password } })).status).toBe(204);
    expect((await pull('nada', {}, path)).status).toBe(404);
    expect((await server.call('POST', path, { body: {} })).status).toBe(404);
  });
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
