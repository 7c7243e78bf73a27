import type { Pool, QueryConfig } from 'pg';
import { Pregel } from '@langchain/langgraph/pregel';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Verdict } from '#nodes/sdk/context.js';
import { NodeError } from '#nodes/sdk/errors.js';
import type { Json } from '#nodes/sdk/json.js';
import { StoreUnavailable } from './journal.js';
import { LeaseLost, reapWorkers, registerWorker } from './lease.js';
import { sketch } from '#tests/support/engine/graph.js';
import { Doings } from '#tests/support/engine/nodes.js';
import { World, type Started } from '#tests/support/engine/world.js';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());
beforeEach(() => {
  world.doings = new Doings();
});

/**
 * A run whose worker dies in the code of the step at `path`, once the step `after` is on record: it never answers, and the worker is
 * declared dead.
 */
async function dieAt(
  path: string,
  definition: Parameters<World['start']>[0],
  { input = {}, after = 'start' }: { readonly input?: Json; readonly after?: string } = {},
): Promise<Started> {
  const started = await world.start(definition, input);
  await dieIn(started, path, after);
  return started;
}

/** The same of a run that is there. */
async function dieIn(started: Started, path: string, after: string): Promise<void> {
  const worker = await world.worker();
  const reached = new Promise<void>((resolve) => {
    world.doings.script(path, () => {
      resolve();
      return new Promise<never>(() => {});
    });
  });
  const dying = world.resume(worker, started);
  await reached;
  const onRecord = expect.toBeOneOf(['succeeded', 'waiting']);
  await expect.poll(() => world.statuses(started.run.id)).toMatchObject({ [after]: onRecord });
  await world.rows('update platform.workers set alive = false where id = $1', [worker.lease.id]);
  // Its process is gone: nothing of it may run on. Whatever it still tries to write is refused.
  dying.catch(() => {});
}

describe('a worker that dies', () => {
  it('leaves a run that another takes up where it was; no finished step runs again', async () => {
    const definition = sketch(['start:start', 'a:act', 'b:act', 't:task', 'z'], 'start>a a>b b>t t>z');
    const started = await dieAt('t', definition, { after: 'b' });
    const outcome = await world.resume(await world.worker(), started);
    expect(outcome).toMatchObject({ status: 'succeeded', output: { from: 'z', input: 'done' } });
    expect(world.doings.ran).toEqual(['a', 'b', 't', 'z']);
    expect(await world.runRow(started.run.id)).toMatchObject({ status: 'succeeded', attempts: 2 });
  });

  it('has its finished rounds kept, inside containers too', async () => {
    const definition = sketch(
      [
        'start:start',
        ['e:each', { config: { items: '{{ trigger }}' } }],
        'x:act:e',
        ['y:task:e', { config: { value: '{{ item }}' } }],
        'z',
      ],
      'start>e x>y e.done>z',
    );
    const started = await dieAt('e#2/y', definition, { input: ['a', 'b', 'c', 'd'], after: 'e#2/x' });
    const outcome = await world.resume(await world.worker(), started);
    expect(outcome).toMatchObject({ output: { input: { items: ['a', 'b', 'c', 'd'] } } });
    expect(world.doings.ran).toEqual(['e#0/x', 'e#0/y', 'e#1/x', 'e#1/y', 'e#2/x', 'e#2/y', 'e#3/x', 'e#3/y', 'z']);
  });

  it('before its question was answered, and the answer is still taken', async () => {
    const definition = sketch(['start:start', 'q:ask', 't:task', 'j'], 'start>q start>t q>j t>j');
    const started = await dieAt('t', definition, { after: 'q' });
    expect(await world.waits(started.run.id)).toHaveLength(1);
    await world.answer(started.run.id, 'q', 'sim');
    expect(await world.resume(await world.worker(), started)).toMatchObject({
      output: { input: { q: 'sim', t: 'done' } },
    });
  });

  it('or loses the database between two steps: the run is not failed, and goes on elsewhere', async () => {
    const definition = sketch(['start:start', 'q:ask', 'z'], 'start>q q>z');
    const { run, version } = await world.go(await world.worker(), definition);
    await world.answer(run.id, 'q', 'sim');
    const away = Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' });
    const cut = new Proxy(world.database.db.engine, {
      get: (target, name) => {
        if (name !== 'query') return Reflect.get(target, name, target) as unknown;
        return (query: { text?: string } | string, ...rest: unknown[]) =>
          JSON.stringify(query).includes('from platform.checkpoints')
            ? Promise.reject(away)
            : (target.query as (...given: unknown[]) => unknown)(query, ...rest);
      },
    });
    const unlucky = await world.worker({ pool: cut });
    await expect(world.resume(unlucky, { run, version })).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await world.runRow(run.id)).toMatchObject({ status: 'running' });
    await world.rows('update platform.workers set alive = false where id = $1', [unlucky.lease.id]);
    expect(await world.resume(await world.worker(), { run, version })).toMatchObject({ status: 'succeeded' });
  });

  it('five times in a row does not fail the run', async () => {
    const definition = sketch(['start:start', 'a:act', 't:task'], 'start>a a>t');
    const started = await dieAt('t', definition, { after: 'a' });
    for (let time = 0; time < 4; time += 1) {
      const worker = await world.worker();
      let reached = (): void => {};
      const there = new Promise<void>((resolve) => (reached = resolve));
      world.doings.script('t', () => {
        reached();
        return new Promise<never>(() => {});
      });
      world.resume(worker, started).catch(() => {});
      await there;
      await world.rows('update platform.workers set alive = false where id = $1', [worker.lease.id]);
    }
    expect(await world.resume(await world.worker(), started)).toEqual({ status: 'succeeded', output: 'done' });
    expect([...world.doings.done.values()]).toEqual([1]);
  });

  it('gives its runs back to the queue when it is not heard of', async () => {
    const started = await dieAt('t', sketch(['start:start', 't:task'], 'start>t'));
    const freed = await reapWorkers(world.database.db.engine, 60_000);
    expect(freed).toContainEqual({ id: started.run.id, organizationId: world.organizationId, deaths: 1 });
    expect(
      await world.rows('select status, admitted_at, worker from platform.runs where id = $1', [started.run.id]),
    ).toEqual([{ status: 'queued', admitted_at: null, worker: null }]);
  });
});

describe('somebody who begins to look at a run that is under way', () => {
  it('is shown what it did and does, of their organization only; what nobody looks at is not put into words', async () => {
    let heard = false;
    const worker = await world.worker({ isHeard: () => heard });
    const seen = (): unknown[] =>
      worker.events.splice(0).flatMap((event) => (event.type === 'step' ? [[event.step.path, event.step.status]] : []));
    world.doings.script('t', () => {
      expect(seen()).toEqual([]);
      heard = true;
      worker.executor.showAgain(crypto.randomUUID());
      expect(seen()).toEqual([]);
      worker.executor.showAgain(world.organizationId);
      expect(seen()).toEqual([
        ['start', 'succeeded'],
        ['t', 'running'],
      ]);
      return 'done';
    });
    await world.go(worker, sketch(['start:start', 't:task'], 'start>t'));
    expect(seen()).toEqual([['t', 'succeeded']]);
    worker.executor.showAgain(world.organizationId);
    expect(seen()).toEqual([]);
  });
});

describe('the lease', () => {
  it('once lost, nothing more of the worker is stored and its run goes on elsewhere', async () => {
    const zombie = await world.worker();
    const definition = sketch(['start:start', 't:task', 'b:act'], 'start>t t>b');
    const started = await world.start(definition);
    let wake = (): void => {};
    const asleep = new Promise<void>((resolve) => {
      world.doings.script('t', () => {
        resolve();
        return new Promise<Json>((answer) => (wake = () => answer('late')));
      });
    });
    const late = world.resume(zombie, started);
    late.catch(() => {}); // asserted below
    await asleep;
    await expect.poll(() => world.statuses(started.run.id)).toMatchObject({ start: 'succeeded' });
    await world.rows('update platform.workers set alive = false, epoch = epoch + 1 where id = $1', [zombie.lease.id]);
    const other = await world.worker();
    expect(await world.resume(other, started)).toEqual({ status: 'succeeded', output: 'acted' });
    const before = await world.steps(started.run.id);
    wake();
    await expect(late).rejects.toBeInstanceOf(LeaseLost);
    expect(await world.steps(started.run.id)).toEqual(before);
    expect([...world.doings.done.values()]).toEqual([1]);
  });

  it('keeps a run from a second worker while the first is alive', async () => {
    const definition = sketch(['start:start', 't:task'], 'start>t');
    const started = await world.start(definition);
    const [first, second] = [await world.worker(), await world.worker()];
    world.doings.script('t', async () => {
      expect(await world.resume(second, started)).toEqual({ status: 'notMine' });
      expect(await world.resume(first, started)).toEqual({ status: 'notMine' });
      return 'mine';
    });
    expect(await world.resume(first, started)).toEqual({ status: 'succeeded', output: 'mine' });
    expect(await world.resume(second, started)).toEqual({ status: 'notMine' });
  });

  it('ends when the same worker registers again, and its heart stops', async () => {
    const pool = world.database.db.engine;
    const old = await registerWorker(pool, { id: 'same', ttlMs: 60 });
    await registerWorker(pool, { id: 'same' });
    await expect.poll(() => old.lost.aborted).toBe(true);
    expect(old.lost.reason).toBeInstanceOf(LeaseLost);
  });
});

describe('effects', () => {
  const definition = sketch(['start:start', 's:act', 'z'], 'start>s s>z');

  /** The process died between the provider's yes and our record of it. */
  const dieWithin = async (): Promise<{ started: Started; key: string }> => {
    const started = await dieAt('s', definition);
    return { started, key: `${started.run.id}/s:do` };
  };
  /** As whoever settles an effect does. */
  const wake = ({ run }: Started) =>
    world.rows(`update platform.runs set status = 'queued', admitted_at = null where id = $1 and status = 'waiting'`, [
      run.id,
    ]);
  const settle = async (verdict: Verdict) => {
    const { started, key } = await dieWithin();
    const asked: string[] = [];
    const worker = await world.worker({
      reconcile: async ({ idempotencyKey }) => {
        asked.push(idempotencyKey);
        return verdict;
      },
    });
    const outcome = await world.resume(worker, started);
    expect(asked).toEqual([key]);
    const [effect] = await world.rows<{ state: string }>('select state from platform.effects where run_id = $1', [
      started.run.id,
    ]);
    return { started, outcome, times: world.doings.done.get(key), state: effect?.state };
  };

  it('that happened is not repeated, and gives what the provider says', async () => {
    const { outcome, times, state } = await settle({ happened: true, result: 'wamid.1' });
    expect(outcome).toMatchObject({ status: 'succeeded', output: { input: 'wamid.1' } });
    expect({ times, state }).toEqual({ times: 1, state: 'done' });
  });

  it('that did not happen is done', async () => {
    const { outcome, times, state } = await settle({ happened: false });
    expect(outcome).toMatchObject({ status: 'succeeded', output: { input: 'acted' } });
    expect({ times, state }).toEqual({ times: 2, state: 'done' });
  });

  it('of which nobody knows stays uncertain and is never repeated: the run waits, however often it is woken', async () => {
    const { started, outcome, times, state } = await settle({ happened: 'unknown' });
    expect(outcome).toEqual({ status: 'waiting' });
    expect({ times, state }).toEqual({ times: 1, state: 'uncertain' });
    await wake(started);
    expect(await world.resume(await world.worker(), started)).toEqual({ status: 'waiting' });
    expect(world.doings.done.get(`${started.run.id}/s:do`)).toBe(1);
    expect((await world.steps(started.run.id)).at(-1)).toMatchObject({
      path: 's',
      status: 'waiting',
      error: { code: 'effect_uncertain' },
    });
  });

  it.each<[string, string, Json, number]>([
    ['happened', 'done', 'by hand', 1],
    ['did not happen', 'not_done', 'acted', 2],
  ])('that somebody says %s lets the waiting run go on', async (_, state, input, times) => {
    const { started } = await settle({ happened: 'unknown' });
    await world.rows('update platform.effects set state = $2, result = $3 where run_id = $1', [
      started.run.id,
      state,
      Buffer.from('"by hand"'),
    ]);
    await wake(started);
    expect(await world.resume(await world.worker(), started)).toMatchObject({ status: 'succeeded', output: { input } });
    expect(world.doings.done.get(`${started.run.id}/s:do`)).toBe(times);
  });

  it('that was settled, and whose run dies again before it rests, holds nothing up', async () => {
    const asking = sketch(['start:start', 's:act', 't:task', 'q:ask', 'z'], 'start>s s>t t>q q>z');
    const started = await dieAt('s', asking);
    expect(await world.resume(await world.worker(), started)).toEqual({ status: 'waiting' });
    await world.rows(`update platform.effects set state = 'done', result = '"yes"' where run_id = $1`, [
      started.run.id,
    ]);
    await wake(started);
    await dieIn(started, 't', 's');
    expect(await world.resume(await world.worker(), started)).toEqual({ status: 'waiting' });
    expect(await world.waits(started.run.id)).toMatchObject([{ path: 'q' }]);
    await world.answer(started.run.id, 'q', 'sim');
    expect(await world.resume(await world.worker(), started)).toMatchObject({
      status: 'succeeded',
      output: { input: 'sim' },
    });
    expect(world.doings.done.get(`${started.run.id}/s:do`)).toBe(1);
  });

  it('whose run would rest with nothing to wait for begins again from what is on record', async () => {
    const asking = sketch(['start:start', 's:act', 't:task', 'q:ask', 'z'], 'start>s s>t t>q q>z');
    const started = await dieAt('s', asking);
    expect(await world.resume(await world.worker(), started)).toEqual({ status: 'waiting' });
    // As if a worker had died after the outcome of the step was on record, beside a checkpoint that has the step behind it.
    const { id } = started.run;
    await world.rows(`update platform.effects set state = 'done', result = '"yes"' where run_id = $1`, [id]);
    await world.rows(
      `update platform.run_steps s set status = 'succeeded', port = 'out', payload = null, output = null, error = null
       where run_id = $1 and status = 'waiting'`,
      [id],
    );
    await wake(started);
    expect(await world.resume(await world.worker(), started)).toEqual({ status: 'queued' });
    expect(await world.resume(await world.worker(), started)).toEqual({ status: 'waiting' });
    await world.answer(id, 'q', 'sim');
    expect(await world.resume(await world.worker(), started)).toMatchObject({ status: 'succeeded' });
    expect(world.doings.done.get(`${id}/s:do`)).toBe(1);
  });

  it('or, when it came from the beginning, fails and says why, instead of resting for ever', async () => {
    // The graph ends before its steps have run, which no department can bring about.
    const early = vi.spyOn(Pregel.prototype, '_streamIterator').mockImplementation(async function* () {});
    const reported: unknown[] = [];
    try {
      const worker = await world.worker({ report: (error) => reported.push(error) });
      const { run, outcome } = await world.go(worker, sketch(['start:start', 'q:ask'], 'start>q'));
      const error = { code: 'waits_for_nothing', actor: 'platform', nodeId: null, path: null };
      expect(outcome).toMatchObject({ status: 'failed', error });
      expect(await world.runRow(run.id)).toMatchObject({ status: 'failed', error });
      expect(reported).toHaveLength(1);
    } finally {
      early.mockRestore();
    }
  });

  it('beside a question: either may be settled first', async () => {
    for (const first of ['question', 'effect']) {
      const asking = sketch(['start:start', 's:act', 'q:ask', 'z'], 'start>s start>q s>z q>z');
      const started = await dieAt('s', asking);
      const worker = await world.worker();
      expect(await world.resume(worker, started)).toEqual({ status: 'waiting' });
      const settleEffect = async () => {
        await world.rows(`update platform.effects set state = 'done', result = '"yes"' where run_id = $1`, [
          started.run.id,
        ]);
        await wake(started);
      };
      const answer = () => world.answer(started.run.id, 'q', 'sim');
      await (first === 'effect' ? settleEffect() : answer());
      expect(await world.resume(worker, started)).toEqual({ status: 'waiting' });
      await (first === 'effect' ? answer() : settleEffect());
      expect(await world.resume(worker, started)).toMatchObject({
        status: 'succeeded',
        output: { input: { s: 'yes', q: 'sim' } },
      });
    }
  });

  it('whose provider gave no clear answer is uncertain at once, unless its author said what then', async () => {
    const unclear = async (onError?: 'continue') => {
      const started = await world.start(
        sketch(['start:start', ['s:act', onError ? { onError } : {}], 'z'], 'start>s s>z'),
      );
      world.doings.script('s', () => {
        throw new NodeError('no answer', { code: 'channel_unclear', actor: 'provider', retryable: false });
      });
      const outcome = await world.resume(await world.worker(), started);
      const [effect] = await world.rows('select state from platform.effects where run_id = $1', [started.run.id]);
      return { outcome, effect };
    };
    expect(await unclear()).toEqual({ outcome: { status: 'waiting' }, effect: { state: 'uncertain' } });
    expect(await unclear('continue')).toMatchObject({
      outcome: { status: 'succeeded', output: { input: { error: { code: 'channel_unclear' } } } },
      effect: { state: 'uncertain' },
    });
  });

  it.each<[string, Verdict, object, number]>([
    ['happened', { happened: true, result: 'published' }, { status: 'succeeded', output: { input: 'published' } }, 1],
    ['did not happen', { happened: false }, { status: 'succeeded', output: { input: 'acted' } }, 2],
    ['is not known', { happened: 'unknown' }, { status: 'waiting' }, 1],
  ])('that can be asked about, after a death: it %s', async (_, verdict, rest, times) => {
    const { started, key } = await dieWithin();
    world.doings.known.set(key, verdict);
    const worker = await world.worker({
      reconcile: () => Promise.reject(new Error('What the step itself can ask is asked there alone.')),
    });
    expect(await world.resume(worker, started)).toMatchObject(rest);
    expect(world.doings.done.get(key)).toBe(times);
  });

  it.each<[string, Verdict, object, number]>([
    ['happened', { happened: true, result: 'published' }, { status: 'succeeded', output: { input: 'published' } }, 1],
    ['did not happen', { happened: false }, { status: 'succeeded', output: { input: 'acted' } }, 2],
    ['is not known', { happened: 'unknown' }, { status: 'waiting' }, 1],
  ])('that can be asked about, after no clear answer: it %s', async (_, verdict, rest, times) => {
    const patient = { retry: { attempts: 2, backoffMs: 1 } };
    const started = await world.start(sketch(['start:start', ['s:act', patient], 'z'], 'start>s s>z'));
    const key = `${started.run.id}/s:do`;
    world.doings.known.set(key, verdict);
    world.doings.script('s', () => {
      throw new NodeError('no answer', { code: 'channel_unclear', actor: 'provider', retryable: false });
    });
    expect(await world.resume(await world.worker(), started)).toMatchObject(rest);
    expect(world.doings.done.get(key)).toBe(times);
  });

  it('on record is not done again by a step that runs again', async () => {
    const retried = sketch(['start:start', 's:act', ['t:task', { config: { value: '{{ steps.s }}' } }]], 'start>s s>t');
    const started = await world.start(retried);
    const worker = await world.worker();
    world.doings.script('s', async () => {
      // The record of the step is lost, that of the effect is not.
      return 'sent';
    });
    await world.resume(worker, started);
    await world.rows('delete from platform.run_steps where run_id = $1', [started.run.id]);
    await world.rows(`update platform.runs set status = 'queued' where id = $1`, [started.run.id]);
    expect(await world.resume(worker, started)).toEqual({ status: 'succeeded', output: 'sent' });
    expect(world.doings.done.get(`${started.run.id}/s:do`)).toBe(1);
  });

  it('gives a rehearsal what it gave, and nothing once that is kept no longer', async () => {
    const done = sketch(['start:start', 'a:act'], 'start>a');
    const worker = await world.worker();
    const source = await world.go(worker, done);
    const rehearse = async () => {
      const { run, version } = await world.start(done);
      return world.resume(worker, { run: { ...run, rehearsal: { of: [source.run.id] } }, version });
    };
    expect(await rehearse()).toMatchObject({ status: 'succeeded', output: 'acted' });
    await world.rows('update platform.effects set result = null where run_id = $1', [source.run.id]);
    expect(await rehearse()).toMatchObject({ status: 'failed', error: { code: 'cannot_rehearse' } });
    expect(world.doings.done.get(`${source.run.id}/a:do`)).toBe(1);
  });

  it('only happens once all that led to it is on record', async () => {
    const started = await world.start(sketch(['start:start', 'a', 's:act'], 'start>a a>s'));
    let known: Record<string, string> = {};
    world.doings.script('s', async () => {
      known = await world.statuses(started.run.id);
      return null;
    });
    await world.resume(await world.worker(), started);
    expect(known).toMatchObject({ start: 'succeeded', a: 'succeeded' });
  });
});

describe('what goes on record together', () => {
  /** Names of the statements that runs are written with. */
  const counted = () => {
    const { engine } = world.database.db;
    const names: string[] = [];
    const query = (asked: string | QueryConfig): unknown => {
      if (typeof asked === 'object' && asked.name !== undefined) names.push(asked.name);
      return engine.query(asked);
    };
    return { pool: Object.assign(Object.create(engine) as Pool, { query }), names };
  };

  it('is an intent with the steps that led to it, and an outcome with the end of the run', async () => {
    const { pool, names } = counted();
    const worker = await world.worker({ pool });
    const { outcome, run } = await world.go(worker, sketch(['start:start', 's:act', 'z'], 'start>s s>z'));
    expect(outcome.status).toBe('succeeded');
    expect(names.slice(0, 2)).toEqual(['runs:claim', 'flush:step+intent']);
    // The end goes along, unless it comes in a later turn of the event loop.
    expect(names.slice(2).join()).toMatch(/^flush:step\+outcome(\+run|,flush:(step\+)?run)$/);
    expect(await world.rows('select state, settled_by from platform.effects where run_id = $1', [run.id])).toEqual([
      { state: 'done', settled_by: 'worker' },
    ]);
    expect(await world.statuses(run.id)).toEqual({ start: 'succeeded', s: 'succeeded', z: 'succeeded' });
  });

  it('but nothing is done outside before the outcome of what was done before it', async () => {
    const started = await world.start(sketch(['start:start', 'a:act', 'b:act'], 'start>a a>b'));
    let seen: unknown[] = [];
    world.doings.script('b', async () => {
      seen = await world.rows('select key, state from platform.effects where run_id = $1 order by key', [
        started.run.id,
      ]);
      return 'b';
    });
    await world.resume(await world.worker(), started);
    expect(seen).toEqual([
      { key: 'a:do', state: 'done' },
      { key: 'b:do', state: 'intended' },
    ]);
  });
});

describe('versions', () => {
  it('a run ends on the version it began with, whatever was published meanwhile', async () => {
    const version = (text: string) =>
      sketch(['start:start', 'q:ask', ['z:set', { config: { value: text } }]], 'start>q q>z');
    const first = await world.go(await world.worker(), version('first'));
    const second = await world.go(await world.worker(), version('second'));
    const worker = await world.worker();
    for (const { run } of [first, second]) await world.answer(run.id, 'q', 'go');
    expect(await world.resume(worker, second)).toEqual({ status: 'succeeded', output: 'second' });
    expect(await world.resume(worker, first)).toEqual({ status: 'succeeded', output: 'first' });
  });
});
