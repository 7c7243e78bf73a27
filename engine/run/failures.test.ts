import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBytes } from '#db/sealing/runRecords.js';
import { EffectDidNotHappen, NodeError } from '#nodes/sdk/errors.js';
import { RunInterrupted } from './errors.js';
import { sketch } from '#tests/support/engine/graph.js';
import { Doings } from '#tests/support/engine/nodes.js';
import { World, type Worker } from '#tests/support/engine/world.js';

let world: World;
let worker: Worker;
const reported: unknown[] = [];
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.doings = new Doings();
  reported.length = 0;
  worker = await world.worker({ random: () => 0, report: (error) => reported.push(error) });
});

const away = (options: { retryAfterMs?: number } = {}): never => {
  throw new NodeError('The provider is away.', { code: 'away', actor: 'provider', retryable: true, ...options });
};
const never = (): Promise<never> => new Promise(() => {});

describe('retries', () => {
  it('tries again what is retryable, with a record of each try', async () => {
    world.doings.script('t', away as () => never, away as () => never, () => 'third time');
    const definition = sketch(['start:start', ['t:task', { retry: { attempts: 3, backoffMs: 5 } }]], 'start>t');
    const { outcome, run } = await world.go(worker, definition);
    expect(outcome).toEqual({ status: 'succeeded', output: 'third time' });
    const tries = (await world.steps(run.id)).filter((step) => step.path === 't');
    expect(tries).toMatchObject([
      { attempt: 1, status: 'failed', port: null, error: { code: 'away', actor: 'provider' } },
      { attempt: 2, status: 'failed' },
      { attempt: 3, status: 'succeeded', output: 'third time' },
    ]);
  });

  it('tries lookups three times without being told to, and computation once', async () => {
    const tries = async (type: string): Promise<number> => {
      world.doings.script('t', ...Array.from({ length: 5 }, () => away as () => never));
      const { outcome, run } = await world.go(worker, sketch(['start:start', `t:${type}`], 'start>t'));
      expect(outcome).toMatchObject({ status: 'failed', error: { code: 'away' } });
      return (await world.steps(run.id)).filter((step) => step.path === 't').length;
    };
    expect(await tries('read')).toBe(3);
    expect(await tries('task')).toBe(1);
  });

  it('does not try again what cannot succeed', async () => {
    world.doings.script('t', () => {
      throw new NodeError('No.', { code: 'no', actor: 'author', retryable: false });
    });
    const definition = sketch(['start:start', ['t:task', { retry: { attempts: 5, backoffMs: 0 } }]], 'start>t');
    const { run } = await world.go(worker, definition);
    expect((await world.steps(run.id)).filter((step) => step.path === 't')).toHaveLength(1);
  });

  it('waits as long as the provider asked for', async () => {
    world.doings.script(
      't',
      () => away({ retryAfterMs: 120 }),
      () => 'ok',
    );
    const definition = sketch(['start:start', ['t:task', { retry: { attempts: 2, backoffMs: 0 } }]], 'start>t');
    const before = performance.now();
    await world.go(worker, definition);
    expect(performance.now() - before).toBeGreaterThanOrEqual(115);
  });

  it('retries a failed run from its failed step, with a new try, keeping what was done', async () => {
    const definition = sketch(
      ['start:start', 'a:act', ['e:each', { config: { items: [1, 2] } }], 'x:act:e', 'y:task:e', 'z'],
      'start>a a>e x>y e.done>z',
    );
    world.doings.script('e#1/y', () => away());
    const started = await world.go(worker, definition);
    expect(started.outcome).toMatchObject({ status: 'failed', error: { code: 'away', path: 'e#1/y', nodeId: 'y' } });
    expect((await world.runRow(started.run.id)).error).toMatchObject({ code: 'away', path: 'e#1/y' });
    await world.retry(started.run.id);
    expect(await world.resume(await world.worker(), started)).toMatchObject({ status: 'succeeded' });
    expect(world.doings.ran).toEqual(['a', 'e#0/x', 'e#0/y', 'e#1/x', 'e#1/y', 'z']);
    expect([...world.doings.done.values()]).toEqual([1, 1, 1]);
    const tries = (await world.steps(started.run.id)).filter((step) => step.path === 'e#1/y');
    expect(tries).toMatchObject([
      { attempt: 1, status: 'failed' },
      { attempt: 2, status: 'succeeded' },
    ]);
    expect((await world.runRow(started.run.id)).error).toBeNull();
  });
});

describe('time', () => {
  it('ends a step at its time even when the node ignores its signal, and tells the node', async () => {
    const signals: AbortSignal[] = [];
    world.doings.script('t', (ctx) => {
      signals.push(ctx.signal);
      return never();
    });
    const definition = sketch(
      ['start:start', ['t:task', { timeoutSeconds: 0.05, onError: 'route' }], 'late'],
      'start>t t.error>late',
    );
    const { outcome } = await world.go(worker, definition);
    expect(outcome).toMatchObject({
      status: 'succeeded',
      output: { from: 'late', input: { code: 'step_timeout', actor: 'provider' } },
    });
    expect(signals[0]?.aborted).toBe(true);
  });

  it('ends everything inside a container that takes too long', async () => {
    world.doings.script('d#0/x', never);
    const definition = sketch(['start:start', ['d:dept', { timeoutSeconds: 0.05 }], 'x:task:d'], 'start>d');
    const { outcome, run } = await world.go(worker, definition);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'step_timeout', path: 'd' } });
    expect(await world.statuses(run.id)).toMatchObject({ 'd#0/x': 'failed', d: 'failed' });
  });

  it('ends a run at its time', async () => {
    world.doings.script('t', never);
    const { outcome } = await world.go(worker, sketch(['start:start', 't:task'], 'start>t', { timeoutSeconds: 0.05 }));
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'run_timeout', actor: 'author' } });
  });

  it('ends a run at its time that does nothing but compute, because others get their turn meanwhile', async () => {
    const numbers = Array.from({ length: 1_000 }, (_, index) => index);
    const definition = sketch(
      [
        'start:start',
        ['e:each', { config: { items: '{{ trigger }}', limit: 1_000 } }],
        ['x:set:e', { config: { value: '{{ trigger.filter(number, number > item) }}' } }],
      ],
      'start>e',
      { timeoutSeconds: 0.1 },
    );
    const { outcome } = await world.go(worker, definition, numbers);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'run_timeout' } });
  });
});

describe('limits', () => {
  it('stops a run that takes too many steps, rounds of containers included, whatever its nodes say', async () => {
    const definition = sketch(
      ['start:start', ['e:each', { config: { items: '{{ trigger }}' }, onError: 'continue' }], 'x:set:e', 'after'],
      'start>e e.done>after',
      { maxSteps: 10 },
    );
    const { outcome } = await world.go(worker, definition, [...Array(20).keys()]);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'too_many_steps', actor: 'author' } });
    expect(world.doings.ran).toHaveLength(8);
  });

  it('lets a department be as large, and a list as long, as their author may make them, when nothing is said', async () => {
    const chain = ['start', ...Array.from({ length: 999 }, (_, index) => `n${index}`)];
    const large = sketch(
      chain.map((id, index) => (index === 0 ? 'start:start' : ([`${id}:set`, { config: { value: index } }] as const))),
      chain
        .slice(1)
        .map((id, index) => `${chain[index] ?? ''}>${id}`)
        .join(' '),
    );
    expect((await world.go(worker, large)).outcome).toMatchObject({ status: 'succeeded' });
    const long = sketch(
      ['start:start', ['e:each', { config: { items: '{{ trigger }}', limit: 1000 } }], 'x:set:e'],
      'start>e',
    );
    expect((await world.go(worker, long, [...Array(1_000).keys()])).outcome).toMatchObject({ status: 'succeeded' });
  });

  it('fails a step that puts together more than a run may hold, instead of its worker', async () => {
    const definition = sketch(
      [
        'start:start',
        ['e:each', { config: { items: '{{ trigger.items }}', limit: 1000 } }],
        ['x:set:e', { config: { value: '{{ trigger.text }}' } }],
      ],
      'start>e',
    );
    const go = (items: number) =>
      world.go(worker, definition, { text: 'é'.repeat(100_000), items: [...Array(items).keys()] });
    expect((await go(400)).outcome).toMatchObject({
      status: 'failed',
      error: { code: 'value_too_big', actor: 'author', path: 'e' },
    });
    expect((await go(20)).outcome).toMatchObject({ status: 'succeeded' });
  });

  it('stops at 10,000 steps all the same', async () => {
    const nested = sketch(
      [
        'start:start',
        ['e:each', { config: { items: '{{ trigger }}', limit: 1000 } }],
        ['f:each:e', { config: { items: '{{ trigger }}', limit: 1000 } }],
        'x:set:f',
      ],
      'start>e',
    );
    const { outcome } = await world.go(worker, nested, [...Array(100).keys()]);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'too_many_steps' } });
  });
});

describe('cancel', () => {
  it('stops mid-step, records it, and begins nothing after', async () => {
    const controller = new AbortController();
    world.doings.script('t', () => {
      controller.abort(new Error('The owner pressed cancel'));
      return never();
    });
    const started = await world.start(sketch(['start:start', 't:task', 'after'], 'start>t t>after'));
    expect(await world.resume(worker, started, controller.signal)).toEqual({ status: 'canceled' });
    expect(await world.runRow(started.run.id)).toMatchObject({ status: 'canceled', error: null });
    expect(await world.steps(started.run.id)).toMatchObject([
      { path: 'start' },
      { path: 't', status: 'failed', error: { code: 'canceled' } },
    ]);
    expect(world.doings.ran).toEqual([]);
  });

  it('ends a wait between two tries', async () => {
    const controller = new AbortController();
    world.doings.script('t', () => {
      setImmediate(() => controller.abort());
      return away({ retryAfterMs: 50_000 });
    });
    const definition = sketch(['start:start', ['t:task', { retry: { attempts: 2, backoffMs: 0 } }]], 'start>t');
    expect(await world.resume(worker, await world.start(definition), controller.signal)).toEqual({
      status: 'canceled',
    });
  });

  it('does not begin a run that was canceled before it was taken up', async () => {
    const started = await world.start(sketch(['start:start', 'a'], 'start>a'));
    await world.rows('update platform.runs set cancel_requested = true where id = $1', [started.run.id]);
    expect(await world.resume(worker, started)).toEqual({ status: 'canceled' });
    expect(world.doings.ran).toEqual([]);
  });

  it('cancels a run that comes to rest waiting after it was asked to', async () => {
    const started = await world.start(sketch(['start:start', 't:task', 'q:ask'], 'start>t t>q'));
    world.doings.script('t', async () => {
      await world.rows('update platform.runs set cancel_requested = true where id = $1', [started.run.id]);
      return null;
    });
    expect(await world.resume(worker, started)).toEqual({ status: 'canceled' });
  });

  it('puts an interrupted run back in the queue, where another worker goes on with it', async () => {
    const controller = new AbortController();
    world.doings.script('t', () => {
      controller.abort(new RunInterrupted());
      return never();
    });
    const started = await world.start(sketch(['start:start', 'a', 't:task'], 'start>a a>t'));
    expect(await world.resume(worker, started, controller.signal)).toEqual({ status: 'queued' });
    expect(await world.statuses(started.run.id)).not.toHaveProperty('t');
    expect(await world.resume(await world.worker(), started)).toEqual({ status: 'succeeded', output: 'done' });
    expect(world.doings.ran).toEqual(['a', 't']);
  });
});

describe('errors', () => {
  const errorOf = async (...sketched: Parameters<typeof sketch>) => {
    const { outcome } = await world.go(worker, sketch(...sketched));
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    return outcome.error;
  };

  it('tells nobody but the log of a failure that nobody foresaw', async () => {
    const cause = new TypeError("Cannot read 'x' of undefined at /srv/secret.ts:12 password=hunter2");
    world.doings.script('t', () => {
      throw cause;
    });
    const error = await errorOf(['start:start', 't:task'], 'start>t');
    expect(error).toEqual({
      code: 'node_failed',
      message: 'Something went wrong on our side.',
      actor: 'platform',
      retryable: false,
      nodeId: 't',
      path: 't',
    });
    expect(reported).toEqual([cause]);
    const stored = await world.rows<{ error: Buffer }>('select error from platform.run_steps where error is not null');
    const vault = await world.vaultOf();
    expect(stored.length).toBeGreaterThan(0);
    expect(stored.map((row) => openBytes(vault, row.error).toString()).join()).not.toMatch(/hunter2|secret\.ts/);
  });

  it('keeps keys and tokens out of what a node says', async () => {
    world.doings.script('t', () => {
      throw new NodeError('Incorrect API key provided: sk-proj-abcdefghijkl. Authorization: Bearer EAAGm0PX4ZCpsBA', {
        code: 'key',
        actor: 'author',
        retryable: false,
      });
    });
    const { message } = await errorOf(['start:start', 't:task'], 'start>t');
    expect(message).toBe('Incorrect API key provided: [secret]. Authorization: [secret]');
  });

  it.each([
    [{ value: '{{ trigger.nothing }}' }, 'bad_expression'],
    [{ value: '{{ 1 + }}' }, 'bad_expression'],
    [{ when: 'perhaps' }, 'bad_config'],
    [{ wrong: 1 }, 'bad_config'],
    [{ when: '{{ 1 }}' }, 'bad_config'],
  ])('blames the author for the config %j', async (config, code) => {
    expect(await errorOf(['start:start', ['a:set', { config }]], 'start>a')).toMatchObject({
      code,
      actor: 'author',
      path: 'a',
    });
  });

  it.each([
    [() => undefined as never, 'not_json'],
    [() => ({ at: new Date() }) as never, 'not_json'],
    [() => Number.NaN, 'not_json'],
  ])('refuses a value that JSON does not carry: %s', async (give, code) => {
    world.doings.script('t', give);
    expect(await errorOf(['start:start', 't:task'], 'start>t')).toMatchObject({ code, actor: 'platform' });
  });

  it('fails a run whose version it cannot compile, or that has not its trigger', async () => {
    expect(await errorOf(['start:start', 'a:gone'], 'start>a')).toMatchObject({
      code: 'cannot_compile',
      actor: 'platform',
    });
    expect(await errorOf(['begin:start'], '')).toMatchObject({ code: 'no_trigger', actor: 'author' });
  });

  it('takes an intent back when it is certain that nothing happened', async () => {
    world.doings.script('s', () => {
      throw new EffectDidNotHappen('Refused.', { code: 'refused', actor: 'provider', retryable: true });
    });
    const definition = sketch(['start:start', ['s:act', { retry: { attempts: 2, backoffMs: 0 } }]], 'start>s');
    const { outcome } = await world.go(worker, definition);
    expect(outcome).toEqual({ status: 'succeeded', output: 'acted' });
    expect([...world.doings.done.values()]).toEqual([2]);
  });

  it('does not act again beside a try that timed out and may still be acting', async () => {
    let finish: ((value: string) => void) | undefined;
    world.doings.script('s', () => new Promise<string>((resolve) => (finish = resolve)));
    const retry = { attempts: 2, backoffMs: 0 };
    const definition = sketch(['start:start', ['s:act', { retry, timeoutSeconds: 3 }]], 'start>s');
    const going = world.go(worker, definition);
    await vi.waitFor(
      () => expect(worker.events.filter((event) => event.type === 'step' && event.step.attempt === 2)).not.toEqual([]),
      { timeout: 60_000, interval: 20 },
    );
    finish?.('sent once');
    expect((await going).outcome).toEqual({ status: 'succeeded', output: 'sent once' });
    expect([...world.doings.done.values()]).toEqual([1]);
  });
});
