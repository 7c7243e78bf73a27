import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startOpenAI, type OpenAIEmulator } from '#tests/support/openai/server.js';
import { expectOk, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

/**
 * Scorecard 42: an organization that uses keys of its own never spends the platform's, whatever state its own are in. The emulators' logs say
 * which key came; the twin is an organization without keys of its own.
 */
const platformKey = 'sk-of-the-platform';
let operators: OpenAIEmulator;
let theirs: OpenAIEmulator;
let platform: TestPlatform;

beforeAll(async () => {
  [operators, theirs] = await Promise.all([startOpenAI(), startOpenAI()]);
  platform = await startTestPlatform({
    OPENAI_API_KEY: platformKey,
    OPENAI_BASE_URL: operators.baseUrl,
    EGRESS_ALLOW: new URL(theirs.url).host,
  });
}, 60_000);
afterAll(async () => {
  const by = (own: boolean) => operators.log.filter(({ key }) => (key === platformKey) !== own).length;
  console.log(`model keys: the platform's ${by(false)} times, own ones ${by(true) + theirs.log.length} times`);
  await platform?.close();
  await operators?.close();
  await theirs?.close();
});

const position = { x: 0, y: 0 };
const definition = {
  format: 1,
  nodes: [
    { id: 'start', type: 'trigger.manual', version: 1, config: {}, position },
    {
      id: 'think',
      type: 'agent.assistant',
      version: 1,
      config: { message: 'Oi', instructions: 'Responda.' },
      position,
    },
  ],
  edges: [{ id: 'e', from: { node: 'start', port: 'out' }, to: { node: 'think', port: 'in' } }],
  settings: {},
};

/** A house with a department that thinks. `ask` runs it to its end and says which keys were used meanwhile. */
async function house() {
  const email = `${crypto.randomUUID()}@example.com`;
  const person = { email, password: 'pão quentinho às 6', name: 'Ana', organizationName: 'Ana' };
  const session = (await expectOk(platform.call('POST', '/auth/register', person))).body;
  const token: string = session.accessToken;
  const call = (method: string, path: string, body?: unknown) => platform.call(method, path, body, { token });
  const department = (await expectOk(call('POST', '/departments', { name: 'Pensa', definition }))).body.id as string;
  return {
    call,
    async connect(body: object): Promise<string> {
      const made = await expectOk(call('POST', '/integrations/connections', { name: 'OpenAI', ...body }));
      return made.body.id as string;
    },
    async ask() {
      const from = [operators.log.length, theirs.log.length];
      const { run } = (await expectOk(call('POST', `/departments/${department}/runs`, { input: {}, version: 'draft' })))
        .body;
      return vi.waitFor(async () => {
        const ended = (await expectOk(call('GET', `/runs/${run.id}`))).body;
        expect(['succeeded', 'failed']).toContain(ended.status);
        const keys = (log: OpenAIEmulator['log'], start = 0) => log.slice(start).map(({ key }) => key);
        return {
          status: ended.status as string,
          error: ended.error as { code: string; actor: string; message: string; retryable: boolean } | null,
          operators: [...new Set(keys(operators.log, from[0]))],
          theirs: [...new Set(keys(theirs.log, from[1]))],
        };
      }, 60_000);
    },
  };
}

describe('an organization without keys of its own', () => {
  it("uses the platform's", async () => {
    const run = await (await house()).ask();
    expect(run).toMatchObject({ status: 'succeeded', operators: [platformKey], theirs: [] });
  });
});

describe('an organization with a key of its own', () => {
  it('uses it from the next run on, at the address of the provider', async () => {
    const { ask, connect } = await house();
    expect((await ask()).operators).toEqual([platformKey]);
    await connect({ kind: 'openai', secret: 'sk-own-1' });
    expect(await ask()).toMatchObject({ status: 'succeeded', operators: ['sk-own-1'], theirs: [] });
  });

  it('uses it at an address of its own, by the guarded way', async () => {
    const { ask, connect } = await house();
    await connect({ kind: 'openai', secret: 'sk-own-2', baseUrl: theirs.baseUrl });
    expect(await ask()).toMatchObject({ status: 'succeeded', operators: [], theirs: ['sk-own-2'] });
  });

  it('uses the new one once it is replaced', async () => {
    const { ask, connect, call } = await house();
    const id = await connect({ kind: 'openai', secret: 'sk-own-3' });
    await ask();
    await expectOk(call('PATCH', `/integrations/connections/${id}`, { secret: 'sk-own-4' }));
    expect((await ask()).operators).toEqual(['sk-own-4']);
  });

  it('has its knowledge read with it too', async () => {
    const { call, connect } = await house();
    await connect({ kind: 'openai', secret: 'sk-own-5' });
    const from = operators.log.length;
    await expectOk(call('POST', '/knowledge/sources', { title: 'Horários', text: 'Abrimos às 6h.' }));
    await vi.waitFor(async () => {
      const { body } = await call('GET', '/knowledge/sources');
      expect(body.items.map(({ status }: { status: string }) => status)).toEqual(['ready']);
    }, 60_000);
    await expectOk(call('POST', '/knowledge/search', { query: 'Que horas abre?' }));
    const used = operators.log.slice(from).map(({ key }) => key);
    expect([...new Set(used)]).toEqual(['sk-own-5']);
    expect(used.length).toBeGreaterThanOrEqual(2);
  });
});

describe("a key that does not work never becomes the platform's", () => {
  type House = Awaited<ReturnType<typeof house>>;
  const states: readonly [string, (of: House) => Promise<unknown>, string][] = [
    [
      'was chosen and never entered',
      ({ call }) => expectOk(call('PUT', '/integrations/models', { keys: 'own' })),
      'model_key_missing',
    ],
    [
      'is of another provider only',
      ({ connect }) => connect({ kind: 'anthropic', secret: 'sk-ant' }),
      'model_key_missing',
    ],
    [
      'was deleted',
      async ({ call, connect }) => {
        const id = await connect({ kind: 'openai', secret: 'sk-own' });
        return expectOk(call('DELETE', `/integrations/connections/${id}`));
      },
      'model_key_missing',
    ],
    [
      'is at a closed address',
      ({ connect }) => connect({ kind: 'openai', secret: 'sk-own', baseUrl: 'http://169.254.169.254/v1' }),
      'egress_refused',
    ],
    [
      'is at an address where nobody is',
      ({ connect }) => connect({ kind: 'openai', secret: 'sk-own', baseUrl: `${theirs.url}/nowhere` }),
      'model_unavailable',
    ],
  ];

  it.each(states)('because it %s', async (_, prepare, code) => {
    const one = await house();
    await prepare(one);
    const run = await one.ask();
    expect([run.status, run.error?.code, run.operators]).toEqual(['failed', code, []]);
    expect(run.error?.message.length).toBeGreaterThan(20);
    if (code === 'model_key_missing') expect(run.error).toMatchObject({ actor: 'author', retryable: false });
  });

  it('because it is refused', async () => {
    operators.faults.push({ kind: 'status', status: 401, code: 'invalid_api_key' });
    const one = await house();
    await one.connect({ kind: 'openai', secret: 'sk-wrong' });
    const run = await one.ask();
    operators.faults.length = 0;
    expect(run).toMatchObject({ status: 'failed', operators: ['sk-wrong'] });
    expect(run.error).toMatchObject({ code: 'model_unavailable', actor: 'author' });
  });

  it('and goes back to it only when somebody says so', async () => {
    const one = await house();
    await expectOk(one.call('PUT', '/integrations/models', { keys: 'own' }));
    expect((await one.ask()).operators).toEqual([]);
    await expectOk(one.call('PUT', '/integrations/models', { keys: 'platform' }));
    expect((await one.ask()).operators).toEqual([platformKey]);
  });
});

describe('the key of one organization', () => {
  it('is never used for another', async () => {
    const [a, b] = [await house(), await house()];
    await a.connect({ kind: 'openai', secret: 'sk-of-a' });
    await b.connect({ kind: 'openai', secret: 'sk-of-b' });
    expect([(await a.ask()).operators, (await b.ask()).operators]).toEqual([['sk-of-a'], ['sk-of-b']]);
  });

  it('is one for each provider', async () => {
    const { connect, call } = await house();
    await connect({ kind: 'openai', secret: 'sk-own' });
    const second = await call('POST', '/integrations/connections', { kind: 'openai', name: 'B', secret: 'sk-b' });
    expect([second.status, second.body.error?.code]).toEqual([409, 'connection_exists']);
  });
});
