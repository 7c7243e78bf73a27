import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fusion } from '#engine/compile/groups.js';
import type { Json } from '#nodes/sdk/json.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { sketch } from '#tests/support/engine/graph.js';
import { Doings } from '#tests/support/engine/nodes.js';
import { World, type Worker } from '#tests/support/engine/world.js';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const when = (id: string) => [`${id}:if`, { config: { when: `{{ trigger.${id} }}` } }] as const;

describe.each<Fusion>(['all', 'pure', 'none'])('control flow, fusion %s', (fusion) => {
  let worker: Worker;
  let ran: string[];
  beforeEach(async () => {
    world.doings = new Doings();
    ran = world.doings.ran;
    worker = await world.worker({ fusion });
  });
  const outputOf = async (definition: Parameters<World['go']>[1], input: Json = {}): Promise<Json> => {
    const { outcome } = await world.go(worker, definition, input);
    if (outcome.status !== 'succeeded') throw new Error(JSON.stringify(outcome));
    return outcome.output;
  };

  it('takes one side of a diamond and joins', async () => {
    const definition = sketch(['start:start', when('c'), 'a', 'b', 'j'], 'start>c c.yes>a c.no>b a>j b>j');
    const { outcome, run } = await world.go(worker, definition, { c: true });
    expect(outcome).toEqual({ status: 'succeeded', output: { from: 'j', input: { from: 'a', input: null } } });
    expect(ran).toEqual(['c', 'a', 'j']);
    expect(await world.statuses(run.id)).toEqual({
      start: 'succeeded',
      c: 'succeeded',
      a: 'succeeded',
      b: 'skipped',
      j: 'succeeded',
    });
  });

  it.each([
    [{ c: true, d: false }, ['c', 'd', 'b', 'j', 'after'], ['a', 'x', 'y']],
    [{ c: false, d: false }, ['c', 'x', 'y', 'j', 'after'], ['a', 'b', 'd']],
  ])('lets deadness run through nested conditions: %j', async (input, expected, skipped) => {
    const definition = sketch(
      ['start:start', when('c'), when('d'), 'a', 'b', 'x', 'y', 'j', 'after'],
      'start>c c.yes>d c.no>x x>y d.yes>a d.no>b a>j b>j y>j j>after',
    );
    const { run } = await world.go(worker, definition, input);
    expect(ran).toEqual(expected);
    const statuses = await world.statuses(run.id);
    expect(
      Object.keys(statuses)
        .filter((path) => statuses[path] === 'skipped')
        .sort(),
    ).toEqual(skipped);
  });

  it('skips a join all of whose ways are dead, and ends', async () => {
    const definition = sketch(['start:start', when('c'), 'a', 'b', 'j', 'k'], 'start>c c.yes>a c.yes>b a>j b>j j>k');
    const { outcome, run } = await world.go(worker, definition, { c: false });
    expect(outcome.status).toBe('succeeded');
    expect(ran).toEqual(['c']);
    expect(await world.statuses(run.id)).toMatchObject({ j: 'skipped', k: 'skipped' });
  });

  it('waits at a join for the longest live branch and runs it once, with the values of both', async () => {
    const definition = sketch(
      ['start:start', 's', 'p', when('q'), 'q1', 'q2:act', 'q3', 'j'],
      'start>s s>p s>q q.yes>q1 q.no>q2 q2>q3 p>j q1>j q3>j',
    );
    const output = await outputOf(definition, { q: false });
    expect(ran.at(-1)).toBe('j');
    expect(ran.filter((path) => path === 'j')).toHaveLength(1);
    expect(output).toMatchObject({ from: 'j', input: { p: { from: 'p' }, q3: { from: 'q3' } } });
  });

  it('does not make a branch wait for a slower one beside it', async () => {
    if (fusion !== 'all') return; // supersteps make it wait: the reason why one group is the default
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    world.doings.script('slow', async () => held.then(() => 'slow'));
    world.doings.script('fast2', () => {
      release();
      return 'fast';
    });
    const definition = sketch(
      ['start:start', 'slow:task', 'fast1:act', 'fast2:task', 'j'],
      'start>slow start>fast1 fast1>fast2 slow>j fast2>j',
    );
    await outputOf(definition);
    expect(ran).toEqual(['fast1', 'fast2', 'slow', 'j']);
  });

  it('leaves a failed step by its error port', async () => {
    const definition = sketch(
      ['start:start', ['f:task', { onError: 'route' }], 'ok', 'bad', 'j'],
      'start>f f>ok f.error>bad ok>j bad>j',
    );
    world.doings.script('f', () => {
      throw new NodeError('No such number.', { code: 'no_number', actor: 'author', retryable: false });
    });
    const { outcome, run } = await world.go(worker, definition);
    const error = { code: 'no_number', message: 'No such number.', actor: 'author', retryable: false };
    expect(outcome).toMatchObject({ output: { from: 'j', input: { from: 'bad', input: error } } });
    expect(await world.statuses(run.id)).toMatchObject({ f: 'failed', ok: 'skipped', bad: 'succeeded' });
  });

  it('goes on after a failed step that says so, with what happened', async () => {
    const definition = sketch(
      [
        'start:start',
        ['f:task', { onError: 'continue' }],
        ['after:set', { config: { value: '{{ steps.f.error.code }}' } }],
      ],
      'start>f f>after',
    );
    world.doings.script('f', () => {
      throw new NodeError('Away.', { code: 'away', actor: 'provider', retryable: false });
    });
    expect(await outputOf(definition)).toBe('away');
  });

  it('stops at a failure, lets what is under way end, and begins nothing new', async () => {
    const definition = sketch(['start:start', 'f:task', 'g', 'h:act', 'after'], 'start>f f>g start>h h>after');
    world.doings.script('f', () => {
      throw new NodeError('Broken.', { code: 'broken', actor: 'author', retryable: false });
    });
    const { outcome, run } = await world.go(worker, definition);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'broken', nodeId: 'f', path: 'f' } });
    expect(await world.statuses(run.id)).not.toHaveProperty('g');
    expect(ran).not.toContain('g');
  });

  it('gives expressions the trigger and every step before', async () => {
    const definition = sketch(
      [
        'start:start',
        ['a:set', { config: { value: { price: 12, name: 'pão' } } }],
        ['b:set', { config: { value: 'Um {{ steps.a.name }} custa {{ steps.a.price }} pra {{ trigger.who }}.' } }],
        ['c:set', { config: { value: '{{ steps.a.price * 2 }}' } }],
        ['d:set', { config: { value: { text: '{{ steps.b }}', twice: '{{ steps.c }}' } } }],
      ],
      'start>a a>b b>c c>d',
    );
    expect(await outputOf(definition, { who: 'Ana' })).toEqual({ text: 'Um pão custa 12 pra Ana.', twice: 24 });
  });

  it('runs the items of a for-each in order, one after the other', async () => {
    const definition = sketch(
      [
        'start:start',
        ['e:each', { config: { items: '{{ trigger.items }}' } }],
        'x:act:e',
        ['y:set:e', { config: { value: '{{ item * 10 + index }}' } }],
        'z',
      ],
      'start>e x>y e.done>z',
    );
    const output = await outputOf(definition, { items: [1, 2, 3] });
    expect(output).toEqual({ from: 'z', input: { items: [10, 21, 32] } });
    expect(ran).toEqual(['e#0/x', 'e#0/y', 'e#1/x', 'e#1/y', 'e#2/x', 'e#2/y', 'z']);
  });

  it('runs at most so many items of a parallel for-each at once, and keeps their order', async () => {
    let now = 0;
    let most = 0;
    for (const index of [0, 1, 2, 3, 4, 5, 6]) {
      world.doings.script(`e#${index}/x`, async () => {
        now += 1;
        most = Math.max(most, now);
        for (let turn = 0; turn < 3 + (index % 3); turn += 1) await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        return index;
      });
    }
    const config = { items: '{{ trigger }}', mode: 'parallel', concurrency: 3 };
    const definition = sketch(['start:start', ['e:each', { config }], 'x:task:e'], 'start>e');
    expect(await outputOf(definition, [0, 1, 2, 3, 4, 5, 6])).toEqual({ items: [0, 1, 2, 3, 4, 5, 6] });
    expect(most).toBe(3);
  });

  it('takes an empty list, and refuses one that is too long', async () => {
    const definition = sketch(
      ['start:start', ['e:each', { config: { items: '{{ trigger }}', limit: 2 } }], 'x:set:e'],
      'start>e',
    );
    expect(await outputOf(definition, [])).toEqual({ items: [] });
    const { outcome } = await world.go(worker, definition, [1, 2, 3]);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'too_many_items', actor: 'author', path: 'e' } });
  });

  it('loops until its condition holds', async () => {
    const body = ['x:set:w', { config: { value: '{{ index + 1 }}' } }] as const;
    const definition = sketch(
      [
        'start:start',
        ['w:loop', { config: { until: '{{ steps.x >= trigger.enough }}', limit: 10 } }],
        body,
        'done',
        'over',
      ],
      'start>w w.done>done w.limit>over',
    );
    expect(await outputOf(definition, { enough: 3 })).toEqual({ from: 'done', input: 3 });
    expect(ran).toEqual(['w#0/x', 'w#1/x', 'w#2/x', 'done']);
  });

  it('shows a sub-department the item and index of the loop around it', async () => {
    const definition = sketch(
      [
        'start:start',
        ['e:each', { config: { items: '{{ trigger.items }}' } }],
        'd:dept:e',
        ['x:set:d', { config: { value: '{{ item * 10 + index }}' } }],
      ],
      'start>e',
    );
    expect(await outputOf(definition, { items: [5, 6] })).toEqual({ items: [50, 61] });
  });
  it('ends a loop at its limit, each round seeing the one before', async () => {
    const body = ['x:set:w', { config: { value: '{{ item == null ? 1 : item * 2 }}' } }] as const;
    const definition = sketch(
      ['start:start', ['w:loop', { config: { until: false, limit: 4 } }], body, 'done', 'over'],
      'start>w w.done>done w.limit>over',
    );
    expect(await outputOf(definition)).toEqual({ from: 'over', input: 8 });
  });

  it('runs a sub-department, and containers inside containers', async () => {
    const definition = sketch(
      [
        'start:start',
        'd:dept',
        ['e:each:d', { config: { items: [1, 2] } }],
        ['w:loop:e', { config: { until: '{{ index == 1 }}', limit: 5 } }],
        ['x:set:w', { config: { value: '{{ index + steps.before }}' } }],
        ['before:set', { config: { value: 100 } }],
      ],
      'start>before before>d',
    );
    expect(await outputOf(definition)).toEqual({ items: [101, 101] });
    expect(ran).toEqual(['before', 'd#0/e#0/w#0/x', 'd#0/e#0/w#1/x', 'd#0/e#1/w#0/x', 'd#0/e#1/w#1/x']);
  });

  it('leaves a sub-department by the first exit that holds after its steps, by Done when none does', async () => {
    const exit = (name: string, when: string) => ({ name, title: name, when });
    const exits = [exit('big', '{{ has(steps.x) && steps.x > 100 }}'), exit('any', '{{ steps.x > trigger.least }}')];
    const definition = sketch(
      [
        'start:start',
        ['d:dept', { config: { exits } }],
        ['x:set:d', { config: { value: '{{ trigger.n }}' } }],
        'a',
        'b',
        'c',
      ],
      'start>d d.big>a d.any>b d.done>c',
    );
    for (const [n, from] of [
      [200, 'a'],
      [50, 'b'],
      [1, 'c'],
    ] as const)
      expect(await outputOf(definition, { n, least: 10 })).toEqual({ from, input: n });
  });

  it('catches a failure inside a container at the container', async () => {
    const definition = sketch(
      ['start:start', ['d:dept', { onError: 'route' }], 'x:task:d', 'bad'],
      'start>d d.error>bad',
    );
    world.doings.script('d#0/x', () => {
      throw new NodeError('Broken.', { code: 'broken', actor: 'provider', retryable: false });
    });
    const { outcome, run } = await world.go(worker, definition);
    expect(outcome).toMatchObject({ status: 'succeeded', output: { from: 'bad', input: { code: 'broken' } } });
    expect(await world.statuses(run.id)).toMatchObject({ 'd#0/x': 'failed', d: 'failed', bad: 'succeeded' });
  });

  it('starts at the trigger that fired and leaves the others out', async () => {
    const definition = sketch(['start:start', 'other:start', 'a', 'b', 'j'], 'start>a other>b a>j b>j');
    const { outcome, run } = await world.go(worker, definition, { text: 'oi' });
    expect(outcome).toMatchObject({ output: { from: 'j', input: { from: 'a', input: { text: 'oi' } } } });
    expect(await world.statuses(run.id)).toEqual({ start: 'succeeded', a: 'succeeded', b: 'skipped', j: 'succeeded' });
  });
});
