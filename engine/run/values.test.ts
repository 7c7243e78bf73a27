import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#nodes/sdk/json.js';
import { MAX_RECORDED } from './json.js';
import { sketch } from '#tests/support/engine/graph.js';
import { Doings } from '#tests/support/engine/nodes.js';
import { World } from '#tests/support/engine/world.js';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());
beforeEach(() => {
  world.doings = new Doings();
});

describe('values', () => {
  const echo = sketch(
    [
      'start:start',
      ['a:set', { config: { value: '{{ trigger }}' } }],
      'q:ask',
      ['z:set', { config: { value: '{{ steps.a }}' } }],
    ],
    'start>a a>q q>z',
  );
  /** What comes out of a run that recalled the value from its record in another process. */
  const through = async (value: Json): Promise<Json> => {
    const started = await world.go(await world.worker(), echo, value);
    expect(started.outcome).toEqual({ status: 'waiting' });
    await world.answer(started.run.id, 'q', null);
    const outcome = await world.resume(await world.worker(), started);
    return outcome.status === 'succeeded' ? outcome.output : Promise.reject(new Error(JSON.stringify(outcome)));
  };

  it.each<[string, Json]>([
    ['text of every kind', 'ação 🥖 "quoted" \\ {} , NULL \n \u0001 ünïcödé עברית'],
    ['numbers', [0, -1, 1.5, 1e21, 2 ** 53 - 1, 5e-324]],
    ['nothing', null],
    ['nesting', { a: [{ b: { c: [[]] } }], '': {}, 'key with "quotes"': true }],
    ['what looks like a serialized object', { lc: 1, type: 'constructor', id: ['langchain', 'x'], kwargs: {} }],
    ['nulls and halves of characters', 'a\u0000b \ud83e c'],
  ])('survive the journal: %s', async (_, value) => {
    expect(await through(value)).toEqual(value);
  });

  it('are cut in a record when they are too big for it, and whole in the flow and after a recovery', async () => {
    const big = { text: 'ã'.repeat(200_000) };
    const started = await world.go(await world.worker(), echo, big);
    const step = (await world.steps(started.run.id)).find(({ path }) => path === 'a');
    expect(step?.output).toEqual({ truncated: { bytes: 400_011, preview: expect.stringMatching(/^\{"text":"ã+$/) } });
    expect(JSON.stringify(step).length).toBeLessThan(MAX_RECORDED);
    await world.answer(started.run.id, 'q', null);
    expect(await world.resume(await world.worker(), started)).toEqual({ status: 'succeeded', output: big });
  });

  it('reach the run row, where the database refuses some characters, mended', async () => {
    const { run } = await world.go(await world.worker(), sketch(['start:start'], ''), { text: 'a\u0000b \ud83e c' });
    expect((await world.runRow(run.id)).output).toEqual({ text: 'a\ufffdb \ufffd c' });
  });

  it('go by nodes named like parts of every object', async () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    const definition = sketch(
      ['start:start', ...names.map((name) => `${name}:ask`), 'j'],
      names.map((name) => `start>${name} ${name}>j`).join(' '),
    );
    const worker = await world.worker({ fusion: 'none' });
    const started = await world.go(worker, definition);
    for (const name of names) await world.answer(started.run.id, name, name);
    const outcome = await world.resume(worker, started);
    expect(outcome).toMatchObject({ output: { input: Object.fromEntries(names.map((name) => [name, name])) } });
  });
});

describe('what people see', () => {
  it('every step begins and ends before their eyes, with tokens as they are written', async () => {
    const worker = await world.worker();
    world.doings.script('t', (ctx) => {
      ctx.preview('Abrimos ');
      ctx.preview('às 7h.');
      ctx.charge({ provider: 'sandbox', model: 'sandbox-1', inputTokens: 10, outputTokens: 4, costMicros: 25 });
      ctx.charge({ provider: 'sandbox', model: 'sandbox-1', inputTokens: 1, outputTokens: 1, costMicros: 5 });
      return 'Abrimos às 7h.';
    });
    const { run } = await world.go(worker, sketch(['start:start', 't:task'], 'start>t'), 'oi');
    const told = worker.events.map((event) => {
      if (event.type === 'run') return `run ${event.run.status}`;
      if (event.type === 'token') return `token ${event.path} ${event.delta}`;
      return event.type === 'step' ? `${event.step.path} ${event.step.status}` : event.type;
    });
    expect(told).toEqual([
      'run running',
      'start running',
      'start succeeded',
      't running',
      'token t Abrimos ',
      'token t às 7h.',
      't succeeded',
      'run succeeded',
    ]);
    expect(worker.events.findLast((event) => event.type === 'step')).toMatchObject({
      runId: run.id,
      departmentId: world.departmentId,
      step: {
        nodeId: 't',
        input: 'oi',
        output: 'Abrimos às 7h.',
        port: 'out',
        attempt: 1,
        tokens: { input: 11, output: 5 },
        cost: { micros: 30, currency: 'USD' },
        model: 'sandbox-1',
        durationMs: expect.any(Number),
        startedAt: expect.stringMatching(/Z$/),
      },
    });
    const [row] = await world.rows(
      `select input_tokens, output_tokens, cost_micros::int, model from platform.run_steps where run_id = $1 and path = 't'`,
      [run.id],
    );
    expect(row).toEqual({ input_tokens: 11, output_tokens: 5, cost_micros: 30, model: 'sandbox-1' });
  });

  it('nothing that a try writes after it was given up on', async () => {
    const worker = await world.worker();
    let late = (): void => {};
    world.doings.script('t', (ctx) => {
      late = () => ctx.preview('too late');
      return new Promise<never>(() => {});
    });
    await world.go(worker, sketch(['start:start', ['t:task', { timeoutSeconds: 0.02 }]], 'start>t'));
    late();
    expect(worker.events.filter((event) => event.type === 'token')).toEqual([]);
  });
});

describe('the world around a run', () => {
  it('is read only by the expressions that ask for it', async () => {
    const asked: string[] = [];
    const worker = await world.worker({
      capabilities: () =>
        ({
          organization: { name: 'Pão da Lúcia', locale: 'pt-BR', timezone: 'America/Sao_Paulo', profile: 'padaria' },
          conversation: { id: 'c1', locale: 'pt-BR' },
          contacts: {
            get: async () => {
              asked.push('contact');
              return { id: 'k1', name: 'Ana', locale: 'pt-BR', attributes: { vip: true }, messageCount: 3 };
            },
          },
        }) as never,
    });
    const value =
      '{{ contact.name }} ({{ contact.attributes.vip }}), {{ organization.profile }}, {{ conversation.id }}';
    const both = sketch(
      ['start:start', ['a:set', { config: { value } }], ['b:set', { config: { value: '{{ contact.name }}' } }], 'j'],
      'start>a start>b a>j b>j',
    );
    const { outcome } = await world.go(worker, both);
    expect(outcome).toMatchObject({ output: { input: { a: 'Ana (true), padaria, c1', b: 'Ana' } } });
    expect(asked).toEqual(['contact']);
    await world.go(worker, sketch(['start:start', 'a'], 'start>a'));
    expect(asked).toEqual(['contact']);
  });
});
