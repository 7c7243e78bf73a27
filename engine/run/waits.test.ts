import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fusion } from '#engine/compile/groups.js';
import type { Json } from '#nodes/sdk/json.js';
import { sketch } from '#tests/support/engine/graph.js';
import { Doings } from '#tests/support/engine/nodes.js';
import { World, type Worker } from '#tests/support/engine/world.js';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

describe.each<Fusion>(['all', 'pure', 'none'])('waiting, fusion %s', (fusion) => {
  let worker: Worker;
  beforeEach(async () => {
    world.doings = new Doings();
    worker = await world.worker({ fusion });
  });

  it('keeps questions of parallel branches open together and takes answers in any order; nothing runs twice', async () => {
    const definition = sketch(
      [
        'start:start',
        's',
        ['w:loop', { config: { until: "{{ steps.q == 'stop' }}", limit: 5 } }],
        'pre:act:w',
        'q:ask:w',
        'b1:act',
        'b2:ask',
        'b3:act',
        'j',
      ],
      'start>s s>w pre>q s>b1 b1>b2 b2>b3 w.done>j b3>j',
    );
    const started = await world.go(worker, definition);
    const { id } = started.run;
    const open = async (): Promise<string[]> => (await world.waits(id)).map((wait) => wait.path);
    const say = async (path: string, value: Json): Promise<string> => {
      await world.answer(id, path, value);
      return (await world.resume(worker, started)).status;
    };
    expect(started.outcome.status).toBe('waiting');
    expect(await open()).toEqual(['b2', 'w#0/q']);
    expect(await say('w#0/q', 'more')).toBe('waiting');
    expect(await open()).toEqual(['b2', 'w#1/q']);
    expect(await say('b2', 'fine')).toBe('waiting');
    expect(await open()).toEqual(['w#1/q']);
    expect(world.doings.ran).toContain('b3');
    expect(world.doings.ran).not.toContain('j');
    expect(await say('w#1/q', 'stop')).toBe('succeeded');
    expect([...world.doings.ran].sort()).toEqual(
      ['b1', 'b2', 'b3', 'j', 's', 'w#0/pre', 'w#0/q', 'w#1/pre', 'w#1/q'].sort(),
    );
    expect(world.doings.ran.at(-1)).toBe('j');
    expect([...world.doings.done.values()]).toEqual([1, 1, 1, 1]);
  });

  it('goes on in another process, which never saw the run', async () => {
    const definition = sketch(
      ['start:start', 'a:act', 'q:ask', ['z:set', { config: { value: '{{ steps.q }} {{ steps.a }}' } }]],
      'start>a a>q q>z',
    );
    const started = await world.go(worker, definition);
    expect(started.outcome).toEqual({ status: 'waiting' });
    await world.answer(started.run.id, 'q', 'sim');
    const other = await world.worker({ fusion });
    expect(await world.resume(other, started)).toEqual({ status: 'succeeded', output: 'sim acted' });
    expect(world.doings.ran).toEqual(['a', 'q', 'z']);
  });

  it('takes several answers at once', async () => {
    const definition = sketch(['start:start', 'p:ask', 'q:ask', 'j'], 'start>p start>q p>j q>j');
    const started = await world.go(worker, definition);
    await world.answer(started.run.id, 'p', 1);
    await world.answer(started.run.id, 'q', 2);
    expect(await world.resume(worker, started)).toEqual({
      status: 'succeeded',
      output: { from: 'j', input: { p: 1, q: 2 } },
    });
  });

  it('asks each item of a parallel for-each at once, of a sequential one in turn', async () => {
    const config = { items: [1, 2, 3], mode: 'parallel', concurrency: 2 };
    const each = await world.go(worker, sketch(['start:start', ['e:each', { config }], 'q:ask:e'], 'start>e'));
    expect((await world.waits(each.run.id)).map((wait) => wait.path)).toEqual(['e#0/q', 'e#1/q', 'e#2/q']);
    const inTurn = { items: [1, 2] };
    const one = await world.go(worker, sketch(['start:start', ['e:each', { config: inTurn }], 'q:ask:e'], 'start>e'));
    expect((await world.waits(one.run.id)).map((wait) => wait.path)).toEqual(['e#0/q']);
    await world.answer(one.run.id, 'e#0/q', 'a');
    expect((await world.resume(worker, one)).status).toBe('waiting');
    await world.answer(one.run.id, 'e#1/q', 'b');
    expect(await world.resume(worker, one)).toEqual({ status: 'succeeded', output: { items: ['a', 'b'] } });
  });
});

describe('waiting', () => {
  let now: Date;
  let worker: Worker;
  beforeEach(async () => {
    world.doings = new Doings();
    now = new Date('2026-11-22T12:00:00Z');
    worker = await world.worker({ now: () => now });
  });

  it('stores the question, whom it asks and until when', async () => {
    const question = {
      of: 'member',
      title: 'Posso dar o desconto?',
      options: [{ value: 'yes', title: 'Pode' }],
      timeoutMs: 3_600_000,
    };
    const { run } = await world.go(
      worker,
      sketch(['start:start', ['q:ask', { config: { value: question } }]], 'start>q'),
    );
    expect(await world.waits(run.id)).toEqual([
      { path: 'q', kind: 'member', question, wakeAt: new Date('2026-11-22T13:00:00Z') },
    ]);
    expect((await world.steps(run.id)).at(-1)).toMatchObject({ path: 'q', status: 'waiting', attempt: 1, port: null });
  });

  it('records the outcome of a step that waited in the place of the wait', async () => {
    const started = await world.go(worker, sketch(['start:start', 'q:ask'], 'start>q'));
    await world.answer(started.run.id, 'q', null);
    expect(await world.resume(worker, started)).toEqual({ status: 'succeeded', output: null });
    const steps = (await world.steps(started.run.id)).filter((step) => step.path === 'q');
    expect(steps).toMatchObject([{ attempt: 1, status: 'succeeded', port: 'out' }]);
  });

  it('waits for a time without asking anybody', async () => {
    const started = await world.go(worker, sketch(['start:start', 'd:delay'], 'start>d'));
    expect(await world.waits(started.run.id)).toEqual([
      { path: 'd', kind: 'time', question: null, wakeAt: new Date('2026-11-22T12:01:00Z') },
    ]);
    now = new Date('2026-11-22T12:01:30Z');
    await world.answer(started.run.id, 'd', null);
    expect(await world.resume(worker, started)).toEqual({ status: 'succeeded', output: '2026-11-22T12:01:30.000Z' });
  });

  it('keeps waiting when it is woken for nothing', async () => {
    const started = await world.go(worker, sketch(['start:start', 'a', 'q:ask'], 'start>a a>q'));
    await world.rows(`update platform.runs set status = 'queued' where id = $1`, [started.run.id]);
    expect(await world.resume(worker, started)).toEqual({ status: 'waiting' });
    expect(await world.waits(started.run.id)).toHaveLength(1);
    expect(world.doings.ran).toEqual(['a']);
  });

  it('goes back to the queue when the answer comes while it is coming to rest', async () => {
    const definition = sketch(['start:start', 'q:ask', 'b:task', 'j'], 'start>q start>b q>j b>j');
    const { run, version } = await world.start(definition);
    world.doings.script('b', async () => {
      await expect.poll(() => world.waits(run.id)).toHaveLength(1);
      await world.answer(run.id, 'q', 'cedo');
      return 'b';
    });
    expect(await world.resume(worker, { run, version })).toEqual({ status: 'queued' });
    expect(await world.rows('select status, admitted_at from platform.runs where id = $1', [run.id])).toEqual([
      { status: 'queued', admitted_at: null },
    ]);
    expect(await world.resume(worker, { run, version })).toMatchObject({ output: { input: { q: 'cedo', b: 'b' } } });
    expect(world.doings.ran).toEqual(['b', 'q', 'j']);
  });

  it('asks nothing of the checkpoints when it comes to its end without a rest', async () => {
    const definition = sketch(['start:start', 's', 'if:if', 'ask:ask', 'end'], 'start>s s>if if.yes>ask if.no>end');
    await world.rows(
      `create function platform.refuse() returns trigger language plpgsql as $$ begin raise 'asked of'; end $$`,
    );
    await world.rows(
      `create trigger refuse before insert or delete on platform.checkpoints for each statement execute function platform.refuse()`,
    );
    const problems: unknown[] = [];
    const one = await world.worker({ fusion: 'none', report: (problem) => problems.push(problem) });
    try {
      for (let run = 0; run < 3; run += 1) expect((await world.go(one, definition)).outcome.status).toBe('succeeded');
      expect(problems).toEqual([]);
    } finally {
      await world.rows('drop function platform.refuse() cascade');
    }
  });

  it('leaves no checkpoint behind once it has ended', async () => {
    const started = await world.go(worker, sketch(['start:start', 'q:ask'], 'start>q'));
    const kept = () => world.rows('select 1 from platform.checkpoints where thread = $1', [started.run.id]);
    expect(await kept()).not.toEqual([]);
    await world.answer(started.run.id, 'q', 'ok');
    await world.resume(worker, started);
    await expect.poll(kept).toEqual([]);
  });
});
