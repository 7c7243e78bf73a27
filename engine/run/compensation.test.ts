import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NodeError } from '#nodes/sdk/errors.js';
import type { Json } from '#nodes/sdk/json.js';
import { sketch, type NodeSketch } from '#tests/support/engine/graph.js';
import { Doings } from '#tests/support/engine/nodes.js';
import { World, type Started, type Worker } from '#tests/support/engine/world.js';
import { RunInterrupted } from './errors.js';
import { LeaseLost } from './lease.js';

let world: World;
let worker: Worker;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.doings = new Doings();
  worker = await world.worker();
});

const fails = (): Json => {
  throw new NodeError('The oven is cold.', { code: 'cold_oven', actor: 'author', retryable: false });
};
/** A node that acts outside and is undone by `back`. */
const undone = (id: string, by = 'back'): NodeSketch => [`${id}:act`, { config: { value: id }, compensateWith: by }];
const undoing = (id = 'back', parent = ''): NodeSketch => [
  `${id}:act${parent && `:${parent}`}`,
  { config: { value: '{{ item.path }}' } },
];
const undoneIn = async (id: string): Promise<string[]> =>
  (
    await world.rows<{ path: string }>(
      `select path from platform.run_steps where run_id = $1 and compensates is not null and status = 'succeeded' order by finished_at`,
      [id],
    )
  ).map((row) => row.path);
const times = ({ run }: Started, path: string) => world.doings.done.get(`${run.id}/${path}:do`);

describe('a run that fails', () => {
  it('undoes what had finished, the last first, and keeps its error', async () => {
    world.doings.script('z', fails);
    const definition = sketch(
      ['start:start', undone('a'), undone('b'), 'plain:act', 'z:task', undone('never'), undoing()],
      'start>a a>b b>plain plain>z z>never',
    );
    const started = await world.go(worker, definition);
    expect(started.outcome).toEqual({
      status: 'failed',
      error: {
        code: 'cold_oven',
        message: 'The oven is cold.',
        actor: 'author',
        retryable: false,
        nodeId: 'z',
        path: 'z',
      },
    });
    expect(await undoneIn(started.run.id)).toEqual(['b~back', 'a~back']);
    const steps = await world.steps(started.run.id);
    expect(steps.find((step) => step.path === 'b~back')).toMatchObject({
      output: 'b',
      input: { input: 'a', output: 'b' },
    });
    expect(worker.events.flatMap((event) => (event.type === 'step' && event.step.compensates) || [])).toContain('a');
    // It is no part of what runs otherwise.
    expect(steps.map((step) => step.path)).not.toContain('back');
  });

  it('undoes by the order of finishing, not of beginning', async () => {
    let release = (): void => {};
    const slow = new Promise<Json>((resolve) => (release = () => resolve('slow')));
    world.doings.script('a', () => slow);
    world.doings.script('b', () => {
      setImmediate(release);
      return 'quick';
    });
    world.doings.script('z', fails);
    const definition = sketch(
      ['start:start', undone('a'), undone('b'), 'z:task', undoing()],
      'start>a start>b a>z b>z',
    );
    const { run } = await world.go(worker, definition);
    expect(await undoneIn(run.id)).toEqual(['a~back', 'b~back']);
  });

  it('undoes each round by itself, with what that round was for', async () => {
    world.doings.script('z', fails);
    const definition = sketch(
      [
        'start:start',
        ['e:each', { config: { items: ['x', 'y'] } }],
        ['a:act:e', { compensateWith: 'back', config: { value: '{{ item }}!' } }],
        ['back:act:e', { config: { value: '{{ item.item }} {{ index }} {{ steps.a }} {{ item.output }}' } }],
        'z:task',
      ],
      'start>e e.done>z',
    );
    const { run } = await world.go(worker, definition);
    expect(await undoneIn(run.id)).toEqual(['e#1/a~back', 'e#0/a~back']);
    const steps = await world.steps(run.id);
    expect(steps.find((step) => step.path === 'e#1/a~back')?.output).toBe('y 1 y! y!');
    expect(steps.find((step) => step.path === 'e')?.output).toEqual({ items: ['x!', 'y!'] });
  });

  it('tries again what cannot be undone, says so, and undoes the rest', async () => {
    world.doings.script('z', fails);
    world.doings.script('b~back', fails);
    world.doings.script('a~back', () => {
      throw new NodeError('Later.', { code: 'busy', actor: 'provider', retryable: true });
    });
    const definition = sketch(
      ['start:start', undone('a'), undone('b'), 'z:task', ['back:task', { retry: { attempts: 2, backoffMs: 0 } }]],
      'start>a a>b b>z',
    );
    const { run, outcome } = await world.go(worker, definition);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'cold_oven', notUndone: ['b~back'] } });
    expect(await undoneIn(run.id)).toEqual(['a~back']);
    expect((await world.steps(run.id)).filter((step) => step.path === 'a~back')).toMatchObject([
      { attempt: 1, status: 'failed' },
      { attempt: 2, status: 'succeeded' },
    ]);
  });

  it('goes on undoing after its worker died, each once', async () => {
    world.doings.script('z', fails);
    const definition = sketch(
      ['start:start', undone('a'), undone('b'), undone('c'), 'z:task', undoing()],
      'start>a a>b b>c c>z',
    );
    const started = await world.start(definition);
    world.doings.script('b~back', async () => {
      await world.rows('update platform.workers set alive = false, epoch = epoch + 1 where id = $1', [worker.lease.id]);
      return 'sent';
    });
    await expect(world.resume(worker, started)).rejects.toBeInstanceOf(LeaseLost);
    const other = await world.worker({ reconcile: async () => ({ happened: true, result: 'was sent' }) });
    expect(await world.resume(other, started)).toMatchObject({ status: 'failed', error: { code: 'cold_oven' } });
    expect(await undoneIn(started.run.id)).toEqual(['c~back', 'b~back', 'a~back']);
    expect(['a', 'b', 'c'].map((id) => times(started, `${id}~back`))).toEqual([1, 1, 1]);
    // What failed is not tried again: that the run fails was decided.
    expect((await world.steps(started.run.id)).filter((step) => step.path === 'z')).toHaveLength(1);
  });

  it('is put down half way and goes on later; a cancel comes too late', async () => {
    world.doings.script('z', fails);
    const definition = sketch(['start:start', undone('a'), undone('b'), 'z:task', undoing()], 'start>a a>b b>z');
    const started = await world.start(definition);
    const closing = new AbortController();
    world.doings.script('b~back', () => {
      closing.abort(new RunInterrupted('closing'));
      return 'done';
    });
    expect(await world.resume(worker, started, closing.signal)).toEqual({ status: 'queued' });
    await world.rows('update platform.runs set cancel_requested = true where id = $1', [started.run.id]);
    expect(await world.resume(worker, started, AbortSignal.abort())).toMatchObject({ status: 'failed' });
    expect((await undoneIn(started.run.id)).sort()).toEqual(['a~back', 'b~back']);
    expect(['a', 'b'].map((id) => times(started, `${id}~back`))).toEqual([1, 1]);
  });

  it('whose version no longer compiles half way fails with its own error, and says what is left and why', async () => {
    world.doings.script('z', fails);
    const definition = sketch(['start:start', undone('a'), undone('b'), 'z:task', undoing()], 'start>a a>b b>z');
    const started = await world.start(definition);
    const closing = new AbortController();
    world.doings.script('b~back', () => {
      closing.abort(new RunInterrupted('closing'));
      return 'done';
    });
    expect(await world.resume(worker, started, closing.signal)).toEqual({ status: 'queued' });
    const reported: unknown[] = [];
    const newer = await world.worker({ nodeTypes: new Map(), report: (error) => reported.push(error) });
    const outcome = await world.resume(newer, started);
    expect(reported).toHaveLength(1);
    const error = { code: 'cold_oven', message: 'The oven is cold.', path: 'z', undoing: 'cannot_compile' };
    expect(outcome).toMatchObject({ status: 'failed', error: { ...error, notUndone: ['a~back'] } });
    expect(await world.runRow(started.run.id)).toMatchObject({
      status: 'failed',
      error: { ...error, message: expect.any(String), notUndone: ['a~back'] },
    });
  });
});

it('a canceled run is left as it is', async () => {
  const definition = sketch(['start:start', undone('a'), 'z:task', undoing()], 'start>a a>z');
  const started = await world.start(definition);
  const stop = new AbortController();
  world.doings.script('z', () => {
    stop.abort();
    return new Promise<Json>(() => {});
  });
  expect(await world.resume(worker, started, stop.signal)).toEqual({ status: 'canceled' });
  expect(await undoneIn(started.run.id)).toEqual([]);
});

it('a run that succeeds undoes nothing, whatever failed on its way', async () => {
  world.doings.script('z', fails);
  const definition = sketch(
    ['start:start', undone('a'), ['z:task', { onError: 'continue' }], undoing()],
    'start>a a>z',
  );
  const { run, outcome } = await world.go(worker, definition);
  expect(outcome.status).toBe('succeeded');
  expect(await undoneIn(run.id)).toEqual([]);
});
