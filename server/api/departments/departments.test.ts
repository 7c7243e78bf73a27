import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Definition } from '#engine/graph/definition.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import type { Session } from '../auth/schemas.js';

let server: TestApp;
let as: Session;
beforeAll(async () => {
  server = await buildTestApp();
  as = await server.register();
});
afterAll(() => server.close());

const post = (path: string, body?: unknown) => server.call('POST', path, { as, body });
const get = (path: string) => server.call('GET', path, { as });
async function hire(): Promise<string> {
  return (await post('/departments', { name: 'Balcão', template: 'customer-service' })).body.id;
}
async function hirePublished(): Promise<string> {
  const id = await hire();
  expect((await post(`/departments/${id}/publish`)).status).toBe(201);
  return id;
}

const node = (id: string, type: string, config: Record<string, unknown> = {}) => ({
  id,
  type,
  version: 1,
  config,
  position: { x: 0, y: 0 },
});
const scheduled = (cron: string): Definition =>
  ({
    format: 1,
    nodes: [
      node('clock', 'trigger.schedule', { cron, timezone: 'America/Recife' }),
      node('note', 'data.set', { values: [] }),
    ],
    edges: [{ id: 'e', from: { node: 'clock', port: 'out' }, to: { node: 'note', port: 'in' } }],
    settings: {},
  }) as Definition;
const schedulesOf = (id: string) =>
  server.db.withOrganization(as.organization.id, (trx) => trx('platform.schedules').where('department_id', id));

describe('hiring', () => {
  it("gives a draft that is the template's, in the organization's language", async () => {
    const { status, body } = await post('/departments', { name: 'Balcão', template: 'customer-service' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'Balcão', type: 'customer-service', status: 'draft', published: null });
    expect(body.draft.nodes.find(({ id }: { id: string }) => id === 'message').title).toBe('Chega mensagem');
    await server.call('PATCH', '/organizations/current', { as, body: { locale: 'en' } });
    const english = await post('/departments', { name: 'Desk', template: 'customer-service' });
    await server.call('PATCH', '/organizations/current', { as, body: { locale: 'pt-BR' } });
    expect(english.body.draft.nodes.find(({ id }: { id: string }) => id === 'message').title).toBe('Message arrives');
  });

  it('takes a definition, and refuses what is none with all its problems', async () => {
    const { draft } = (await get(`/departments/${await hire()}`)).body;
    expect((await post('/departments', { name: 'Cópia', definition: draft })).body).toMatchObject({
      type: 'custom',
      draft,
    });
    const wrong = await post('/departments', { name: 'x', definition: { format: 9, nodes: {} } });
    expect(wrong).toMatchObject({ status: 422, body: { error: { code: 'invalid_definition' } } });
    expect(wrong.body.problems.length).toBeGreaterThan(1);
  });

  it('refuses a template and a definition at once', async () => {
    expect((await post('/departments', { name: 'x', template: 'customer-service', definition: {} })).status).toBe(400);
  });
});

describe('a draft', () => {
  it('may have problems: they are told and it is kept', async () => {
    const id = await hire();
    const definition = { format: 1, nodes: [node('x', 'logic.nothing')], edges: [], settings: {} };
    const { status, body } = await server.call('PUT', `/departments/${id}/draft`, { as, body: { definition } });
    expect(status).toBe(200);
    expect(body.problems).toContainEqual(expect.objectContaining({ severity: 'error', nodeId: 'x' }));
    expect((await get(`/departments/${id}`)).body.draft).toEqual(definition);
  });

  it('that is no definition is refused and the old one kept', async () => {
    const id = await hire();
    const before = (await get(`/departments/${id}`)).body.draft;
    const answer = await server.call('PUT', `/departments/${id}/draft`, { as, body: { definition: { format: 1 } } });
    expect(answer.status).toBe(422);
    expect((await get(`/departments/${id}`)).body.draft).toEqual(before);
  });
});

describe('what a step names of the organization', () => {
  const told = (answer: { body: { problems?: { code: string }[]; error?: { problems?: { code: string }[] } } }) =>
    (answer.body.problems ?? answer.body.error?.problems ?? []).map(({ code }) => code);
  const desk = (config: Record<string, unknown>): Definition =>
    ({
      format: 1,
      nodes: [node('start', 'trigger.manual'), node('faq', 'agent.faq', { message: 'Oi', ...config })],
      edges: [{ id: 'e', from: { node: 'start', port: 'out' }, to: { node: 'faq', port: 'in' } }],
      settings: {},
    }) as Definition;

  it('must be there when it is published: sources of its own, and models of the list', async () => {
    const { id: mine } = (await post('/knowledge/sources', { title: 'Horários', text: 'Das 6h às 19h.' })).body;
    const stranger = await server.register();
    const theirs = (
      await server.call('POST', '/knowledge/sources', { as: stranger, body: { title: 'Deles', text: 'x' } })
    ).body.id;
    const [model] = (await get('/models')).body.items;
    const { id } = (await post('/departments', { name: 'Balcão', definition: desk({ knowledge: [mine] }) })).body;
    const draft = (definition: Definition) =>
      server.call('PUT', `/departments/${id}/draft`, { as, body: { definition } });

    expect(told(await draft(desk({ knowledge: [mine, theirs], model: 'gpt-9' })))).toEqual([
      'knowledge.unknown',
      'model.unknown',
    ]);
    const refused = await post(`/departments/${id}/publish`);
    expect([refused.status, ...told(refused)]).toEqual([422, 'knowledge.unknown', 'model.unknown']);

    expect(told(await draft(desk({ knowledge: [mine], model: model.id })))).toEqual([]);
    expect((await post(`/departments/${id}/publish`)).status).toBe(201);
    // Deleted, it is a problem of the next version; the live one finds nothing there.
    await server.call('DELETE', `/knowledge/sources/${mine}`, { as });
    expect((await post(`/departments/${id}/publish`)).status).toBe(422);
  });

  it('is told apart in the list of models: what plays which role, and that no key answers yet', async () => {
    const { items } = (await get('/models')).body;
    expect(items.find((each: { id: string }) => each.id === 'gpt-6-luna')).toEqual({
      id: 'gpt-6-luna',
      provider: 'openai',
      price: { input: 0.1, output: 0.5 },
      roles: ['write', 'classify'],
      available: false,
    });
  });
});

describe('publishing', () => {
  it('freezes the draft as the next version and makes the department active', async () => {
    const id = await hirePublished();
    const first = (await get(`/departments/${id}`)).body;
    expect(first).toMatchObject({ status: 'active', published: { version: 1, definition: first.draft } });
    const changed = { ...first.draft, settings: { burstWindowMs: 1_000 } };
    await server.call('PUT', `/departments/${id}/draft`, { as, body: { definition: changed } });
    expect((await get(`/departments/${id}`)).body.published).toEqual(first.published);
    expect((await post(`/departments/${id}/publish`)).body.version).toBe(2);
    expect((await get(`/departments/${id}/versions/1`)).body.definition).toEqual(first.draft);
    expect(
      (await get(`/departments/${id}/versions`)).body.items.map(({ version }: { version: number }) => version),
    ).toEqual([2, 1]);
  });

  it('is refused with all problems, in the language of the caller', async () => {
    const id = (await post('/departments', { name: 'Vazio' })).body.id;
    const answer = await server.call('POST', `/departments/${id}/publish`, {
      as,
      headers: { 'accept-language': 'pt-BR' },
    });
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'invalid_definition' } } });
    expect(answer.body.problems.length).toBeGreaterThan(0);
    expect((await get(`/departments/${id}`)).body).toMatchObject({ status: 'draft', published: null });
  });

  it('twice at once makes two versions', async () => {
    const id = await hire();
    const answers = await Promise.all([1, 2].map(() => post(`/departments/${id}/publish`)));
    expect(answers.map(({ body }) => body.version).toSorted()).toEqual([1, 2]);
  });

  it('an old version again goes through the draft', async () => {
    const id = await hirePublished();
    const { draft } = (await get(`/departments/${id}`)).body;
    await server.call('PUT', `/departments/${id}/draft`, {
      as,
      body: { definition: { ...draft, settings: { maxSteps: 9 } } },
    });
    expect((await post(`/departments/${id}/versions/1/restore`)).body.draft).toEqual(draft);
    expect((await post(`/departments/${id}/versions/7/restore`)).status).toBe(404);
  });

  it('keeps its schedules while it is active, and only then', async () => {
    const id = (await post('/departments', { name: 'Relógio', definition: scheduled('0 8 * * 1-5') })).body.id;
    expect((await post(`/departments/${id}/publish`)).status).toBe(201);
    const [schedule] = await schedulesOf(id);
    expect(schedule).toMatchObject({ node_id: 'clock', cron: '0 8 * * 1-5', timezone: 'America/Recife' });
    // 8:00 in Recife, which is three hours behind UTC all year.
    expect([schedule.next_at.getUTCHours(), schedule.next_at > new Date()]).toEqual([11, true]);
    await server.call('PATCH', `/departments/${id}`, { as, body: { status: 'paused' } });
    expect(await schedulesOf(id)).toEqual([]);
    await server.call('PATCH', `/departments/${id}`, { as, body: { status: 'active' } });
    expect(await schedulesOf(id)).toHaveLength(1);
  });

  it('keeps the next hour of a schedule that stays, begins a changed one anew, and drops one that is gone', async () => {
    const publish = async (definition: Definition) => {
      await server.call('PUT', `/departments/${id}/draft`, { as, body: { definition } });
      expect((await post(`/departments/${id}/publish`)).status).toBe(201);
      return schedulesOf(id);
    };
    const first = scheduled('0 8 * * *');
    const { body } = await post('/departments', { name: 'Horas', definition: first });
    const id: string = body.id;
    const [begun] = await publish(first);
    expect(begun).toMatchObject({ catch_up: true });
    // Its hour has just come, and no worker has looked yet.
    const due = new Date(Date.now() - 1_000);
    await server.db.engine.query('update platform.schedules set next_at = $2 where id = $1', [begun.id, due]);

    const skipping = structuredClone(first) as { nodes: { config: Record<string, unknown> }[] };
    Object.assign(skipping.nodes[0]?.config ?? {}, { missed: 'skip' });
    const [kept, ...others] = await publish(skipping as unknown as Definition);
    expect(kept).toMatchObject({ id: begun.id, next_at: due, catch_up: false });
    expect(others).toEqual([]);

    const [changed] = await publish(scheduled('0 9 * * *'));
    expect([changed.id === begun.id, changed.next_at > new Date()]).toEqual([false, true]);

    const byHand = scheduled('0 9 * * *') as unknown as { nodes: { id: string; type: string; config: object }[] };
    Object.assign(byHand.nodes[0] ?? {}, { type: 'trigger.manual', config: {} });
    expect(await publish(byHand as unknown as Definition)).toEqual([]);
  });

  it('refuses a schedule that never comes', async () => {
    const { body } = await post('/departments', { name: 'Nunca', definition: scheduled('0 8 31 2 *') });
    const answer = await post(`/departments/${body.id}/publish`);
    expect(answer.status).toBe(422);
    expect(answer.body.problems).toContainEqual(expect.objectContaining({ nodeId: 'clock', severity: 'error' }));
  });
});

describe('what changed', () => {
  it('since the last version is told field by field, and by whom; between versions too', async () => {
    const id = await hirePublished();
    const { draft } = (await get(`/departments/${id}`)).body;
    draft.nodes[0].title = 'Outra';
    draft.settings = { maxSteps: 8 };
    await server.call('PUT', `/departments/${id}/draft`, { as, body: { definition: draft } });
    const { body } = await get(`/departments/${id}/changes`);
    const me = { id: as.user.id, name: 'Lúcia' };
    expect(body).toMatchObject({ since: 1, authors: [me] });
    expect(body.diff.nodes.changed).toEqual([
      {
        nodeId: draft.nodes[0].id,
        fields: [expect.objectContaining({ path: 'title', after: 'Outra' })],
        onlyMoved: false,
      },
    ]);
    expect(body.fields).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ nodeId: draft.nodes[0].id, path: 'title', author: me }),
        expect.objectContaining({ nodeId: null, path: 'settings.maxSteps', author: me }),
      ]),
    );
    expect((await post(`/departments/${id}/publish`, { note: 'Outra' })).status).toBe(201);
    expect((await get(`/departments/${id}/changes`)).body).toMatchObject({ since: 2, authors: [], fields: [] });
    const compared = await get(`/departments/${id}/versions/1/compare/2`);
    expect(compared.body.settings).toContainEqual(expect.objectContaining({ path: 'maxSteps', after: 8 }));
    expect(compared.body.runsTheSame).toBe(false);
    expect((await get(`/departments/${id}/versions/1/compare/9`)).status).toBe(404);
  });
});

describe('a department', () => {
  it('cannot be made active before its first publish', async () => {
    const id = await hire();
    const answer = await server.call('PATCH', `/departments/${id}`, { as, body: { status: 'active' } });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'not_published' } } });
  });

  it('that is dismissed is gone, but what it did stays', async () => {
    const id = await hirePublished();
    const { run } = (await post(`/departments/${id}/runs`, { input: { text: 'oi' } })).body;
    expect((await server.call('DELETE', `/departments/${id}`, { as })).status).toBe(204);
    expect((await get(`/departments/${id}`)).status).toBe(404);
    expect((await get('/departments')).body.items.map((item: { id: string }) => item.id)).not.toContain(id);
    expect((await get(`/runs/${run.id}`)).status).toBe(200);
    expect((await server.call('DELETE', `/departments/${id}`, { as })).status).toBe(404);
  });

  it('shows its agents, with their titles', async () => {
    const session = await server.register('Agentes');
    const { body } = await server.call('POST', '/departments', {
      as: session,
      body: { name: 'Balcão', template: 'customer-service' },
    });
    const agents = await server.call('GET', '/agents?limit=2', { as: session });
    expect(agents.body.items).toHaveLength(2);
    expect(agents.body.items[0]).toMatchObject({
      departmentId: body.id,
      departmentName: 'Balcão',
      runs: 0,
      medianMs: null,
    });
    const rest = await server.call('GET', `/agents?cursor=${agents.body.nextCursor}`, { as: session });
    const types = [...agents.body.items, ...rest.body.items].map(({ type }: { type: string }) => type);
    expect(types.every((type) => type.startsWith('agent.'))).toBe(true);
    expect(
      new Set([...agents.body.items, ...rest.body.items].map(({ nodeId }: { nodeId: string }) => nodeId)).size,
    ).toBe(types.length);
  });
});
