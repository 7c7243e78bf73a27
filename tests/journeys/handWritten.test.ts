import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Definition, NodeDefinition } from '#engine/graph/definition.js';
import { expectOk, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

let platform: TestPlatform;
let token: string;

beforeAll(async () => {
  platform = await startTestPlatform();
  const account = { email: 'ana@example.com', password: 'correct horse battery', name: 'Ana', organizationName: 'Ana' };
  token = (await expectOk(platform.call('POST', '/auth/register', account))).body.accessToken;
});
afterAll(() => platform?.close());

const node = (id: string, type: string, config: Record<string, unknown> = {}): NodeDefinition =>
  ({ id, type, version: 1, config, position: { x: 0, y: 0 } }) as NodeDefinition;
const note = (id: string, value: unknown): NodeDefinition => node(id, 'data.set', { values: [{ name: 'v', value }] });
/** Edges as `a>b` or `a.port>b`. */
const department = (nodes: NodeDefinition[], edges: string): Definition => ({
  format: 1,
  nodes: [node('start', 'trigger.manual'), ...nodes],
  edges: edges.split(' ').map((id) => {
    const [from = '', to = ''] = id.split('>');
    const [source = '', port = 'out'] = from.split('.');
    return { id, from: { node: source, port }, to: { node: to, port: 'in' } };
  }),
  settings: {},
});
const hire = (definition: unknown) => platform.call('POST', '/departments', { name: 'À mão', definition }, { token });

/** The draft's run, when it has come to its end. */
async function tryOut(definition: Definition, input: unknown) {
  const { body } = await expectOk(hire(definition));
  const started = await expectOk(
    platform.call('POST', `/departments/${body.id}/runs`, { input, version: 'draft' }, { token }),
  );
  return vi.waitFor(async () => {
    const run = (await platform.call('GET', `/runs/${started.body.run.id}`, undefined, { token })).body;
    expect(['succeeded', 'failed']).toContain(run.status);
    return run;
  }, 60_000);
}

describe('a department written by hand', () => {
  it('uses what parallel branches found, after they have met', async () => {
    const definition = department(
      [note('a', 1), note('b', 2), node('meet', 'logic.join'), note('sum', '{{ steps.a.v + steps.b.v }}')],
      'start>a start>b a>meet b>meet meet>sum',
    );
    expect(await tryOut(definition, {})).toMatchObject({ status: 'succeeded', output: { v: 3 } });
  });

  it('lets its agents read the text of a run started by hand', async () => {
    const run = await tryOut(department([node('mood', 'agent.sentiment')], 'start>mood'), {
      text: 'Obrigada, adorei!',
    });
    expect(run).toMatchObject({ status: 'succeeded', output: { score: expect.any(Number) } });
  });

  it('is not published with a way out that is called like one of the engine', async () => {
    const cases = [{ name: 'error', title: 'Erro', when: true }];
    const { body } = await expectOk(hire(department([node('way', 'logic.switch', { cases })], 'start>way')));
    const refused = await platform.call('POST', `/departments/${body.id}/publish`, undefined, { token });
    expect(refused.status).toBe(422);
    expect(refused.body.problems).toContainEqual(
      expect.objectContaining({ code: 'config.taken_name', nodeId: 'way', path: 'config.cases.0.name' }),
    );
  });

  it('is never changed on its way in: broken characters are refused where they stand', async () => {
    for (const broken of ['half \ud800', 'nothing \0']) {
      const { status, body } = await hire(department([note('a', broken)], 'start>a'));
      expect(status).toBe(422);
      expect(body.problems).toMatchObject([
        { code: 'material.broken_character', path: 'nodes.1.config.values.0.value' },
      ]);
    }
  });
});

describe('a body that is too much', () => {
  it('gets its 413 while it is still being sent, every time', async () => {
    const body = JSON.stringify({ definition: 'x'.repeat(8_000_000) });
    for (let round = 0; round < 4; round += 1) {
      const { status, body: answer } = await platform.call('POST', '/departments', body, { token });
      expect([status, answer.error.code]).toEqual([413, 'too_large']);
    }
  });

  it('is refused when it is nested without end', async () => {
    for (const levels of [200, 400_000]) {
      const body = `{"name":"x","definition":${'['.repeat(levels)}${']'.repeat(levels)}}`;
      expect((await platform.call('POST', '/departments', body, { token })).status).toBe(400);
    }
  });
});
