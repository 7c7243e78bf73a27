import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NodeContext } from '#nodes/sdk/context.js';
import type { Json } from '#nodes/sdk/json.js';
import { sketch } from '#tests/support/engine/graph.js';
import { Doings } from '#tests/support/engine/nodes.js';
import { World, type Started, type Worker } from '#tests/support/engine/world.js';
import { reapWorkers, registerWorker, type LeaseLost } from './lease.js';
import type { RunOutcome } from './rows.js';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());
beforeEach(() => {
  world.doings = new Doings();
});

const forEver = (): Promise<never> => new Promise<never>(() => {});
const rowOf = async ({ run }: Started) =>
  (
    await world.rows<{ status: string; deaths: number; wait: number | null }>(
      `select status, deaths, extract(epoch from not_before - now())::float8 as wait from platform.runs where id = $1`,
      [run.id],
    )
  )[0];
const die = async (worker: Worker): Promise<void> => {
  await world.rows('update platform.workers set alive = false where id = $1', [worker.lease.id]);
  await reapWorkers(world.database.db.engine, 60_000);
};

/** Takes the run up in a worker that dies once the step at `path` is at work and `after` on record. Answers how it rested when it never came so far. */
async function dieIn(started: Started, path: string, after = 'start'): Promise<RunOutcome | 'died'> {
  const worker = await world.worker();
  let reached = (): void => {};
  const there = new Promise<'died'>((resolve) => (reached = () => resolve('died')));
  world.doings.script(path, () => {
    reached();
    return forEver();
  });
  const going = world.resume(worker, started);
  going.catch(() => {});
  const came = await Promise.race([going, there]);
  if (came !== 'died') return came;
  await expect.poll(() => world.statuses(started.run.id)).toMatchObject({ [after]: 'succeeded' });
  await die(worker);
  return came;
}

/** How often its worker dies at the step until the run comes to rest, and how that is. */
async function dieOften(
  started: Started,
  path: string,
  after?: string,
): Promise<{ times: number; outcome: RunOutcome | 'died' }> {
  for (let times = 0; times < 60; times += 1) {
    const outcome = await dieIn(started, path, after);
    if (outcome !== 'died') return { times, outcome };
  }
  return { times: 60, outcome: 'died' };
}

describe('a run at which one worker after the other dies', () => {
  it('fails once there have been more than a dozen, and says whom to tell and that a retry may help', async () => {
    const started = await world.start(sketch(['start:start', 't:task'], 'start>t'));
    const { times, outcome } = await dieOften(started, 't');
    expect(times).toBe(13);
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'workers_lost', actor: 'platform', retryable: true, detail: { values: { times: 13 } } },
    });
    // Whoever tries it again has as many before them.
    await world.retry(started.run.id);
    world.doings.scripts.clear();
    expect(await world.resume(await world.worker(), started)).toEqual({ status: 'succeeded', output: 'done' });
  });

  it('the same when whoever takes it up finds it before anybody has given it back', async () => {
    const started = await world.start(sketch(['start:start', 't:task'], 'start>t'));
    let outcome: RunOutcome | null = null;
    for (let times = 0; times < 30 && !outcome; times += 1) {
      const worker = await world.worker();
      let reached = (): void => {};
      const there = new Promise<null>((resolve) => (reached = () => resolve(null)));
      world.doings.script('t', () => {
        reached();
        return forEver();
      });
      const going = world.resume(worker, started);
      going.catch(() => {});
      outcome = await Promise.race([going, there]);
      await world.rows('update platform.workers set alive = false where id = $1', [worker.lease.id]);
    }
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'workers_lost' } });
  });

  it('makes the next ones of its version fail sooner, for an hour: as soon as one has stood apart when its worker died', async () => {
    const first = await world.start(sketch(['start:start', 't:task'], 'start>t'));
    const another = async (): Promise<Started> => {
      const run = { ...first.run, id: uuidv7() };
      await world.rows(
        `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input)
         select $2, organization_id, department_id, version_id, trigger_node, input from platform.runs where id = $1`,
        [first.run.id, run.id],
      );
      return { ...first, run };
    };
    expect((await dieOften(first, 't')).times).toBe(13);
    const next = await another();
    const { times, outcome } = await dieOften(next, 't');
    expect(times).toBe(4);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'workers_lost', detail: { values: { times } } } });
    // One that was merely beside it comes as far as to stand apart, and there it gets its step done.
    const beside = await another();
    for (let deaths = 0; deaths < 3; deaths += 1) expect(await dieIn(beside, 't')).toBe('died');
    world.doings.scripts.clear();
    expect(await world.resume(await world.worker(), beside)).toMatchObject({ status: 'succeeded' });
    await world.rows(`update platform.runs set finished_at = now() - interval '61 minutes' where version_id = $1`, [
      first.version.id,
    ]);
    expect((await dieOften(await another(), 't')).times).toBe(13);
  }, 60_000);

  it('goes on however often they die, as long as a step ends in between', async () => {
    const items = Array.from({ length: 20 }, (_, index) => index);
    const definition = sketch(
      ['start:start', ['e:each', { config: { items: '{{ trigger }}' } }], ['y:task:e', { config: { value: 'y' } }]],
      'start>e',
    );
    const started = await world.start(definition, items);
    for (const item of items) {
      expect(await dieIn(started, `e#${item}/y`, item === 0 ? 'start' : `e#${item - 1}/y`)).toBe('died');
      world.doings.scripts.clear();
    }
    expect(await world.resume(await world.worker(), started)).toMatchObject({ status: 'succeeded' });
  });

  it('is not held against it once it has rested', async () => {
    const started = await world.start(sketch(['start:start', 'q:ask', 't:task'], 'start>q q>t'));
    expect(await world.resume(await world.worker(), started)).toEqual({ status: 'waiting' });
    for (let times = 0; times < 8; times += 1) {
      if (times === 0) await world.answer(started.run.id, 'q', 'sim');
      expect(await dieIn(started, 't')).toBe('died');
    }
    world.doings.scripts.clear();
    expect(await world.resume(await world.worker(), started)).toMatchObject({ status: 'succeeded' });
    expect(await rowOf(started)).toMatchObject({ deaths: 0 });
  });

  it('waits longer each time before it is taken up again, from the third on', async () => {
    const started = await world.start(sketch(['start:start', 't:task'], 'start>t'));
    for (const seconds of [null, null, 1, 2, 4, 8, 16, 30, 30, 30]) {
      const began = performance.now();
      await dieIn(started, 't');
      const wait = (await rowOf(started))?.wait ?? null;
      const ago = (performance.now() - began) / 1_000;
      if (seconds === null) expect(wait).toBeNull();
      else expect(seconds - (wait ?? Infinity)).toSatisfy((gone: number) => gone >= 0 && gone <= ago);
    }
  });

  it('undoes what it had done before it fails', async () => {
    const definition = sketch(
      ['start:start', ['a:act', { compensateWith: 'back' }], 't:task', 'back:act'],
      'start>a a>t',
    );
    const started = await world.start(definition);
    expect((await dieOften(started, 't', 'a')).outcome).toMatchObject({
      status: 'failed',
      error: { code: 'workers_lost' },
    });
    expect(await world.statuses(started.run.id)).toMatchObject({ a: 'succeeded', 'a~back': 'succeeded' });
  });

  it('and fails all the same when they die at the undoing: with its first error, and what is left', async () => {
    const definition = sketch(
      [
        'start:start',
        ['a:act', { compensateWith: 'back' }],
        ['b:act', { compensateWith: 'back' }],
        't:task',
        'back:task',
      ],
      'start>a a>b b>t',
    );
    const started = await world.start(definition);
    world.doings.script('t', () => {
      throw new Error('cold oven');
    });
    // The last one done is undone first, which goes well.
    const { times, outcome } = await dieOften(started, 'a~back', 'b~back');
    expect(times).toBeGreaterThan(12);
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'node_failed', path: 't', notUndone: ['a~back'], undoing: 'workers_lost' },
    });
  });
});

describe('a process that loses its lease', () => {
  const leaseMs = 600;
  /** Takes a run up under the lease until its step is at work. */
  const atWork = async (name: string, ttlMs = leaseMs): Promise<{ started: Started; worker: Worker }> => {
    const started = await world.start(sketch(['start:start', 't:task'], 'start>t'));
    const lease = await registerWorker(world.database.db.engine, { id: name, ttlMs });
    const worker = await world.worker({ lease });
    let reached = (): void => {};
    const there = new Promise<void>((resolve) => (reached = resolve));
    world.doings.script('t', () => {
      reached();
      return forEver();
    });
    world.resume(worker, started).catch(() => {});
    await there;
    return { started, worker };
  };
  const lostBy = async ({ lease: { lost } }: Worker): Promise<LeaseLost> => {
    await expect.poll(() => lost.aborted, { timeout: 30_000 }).toBe(true);
    return lost.reason as LeaseLost;
  };
  const again = async (id: string, outlived: string | null): Promise<void> => {
    await registerWorker(world.database.db.engine, { id, outlived });
    await reapWorkers(world.database.db.engine, null);
  };

  it('because something in it does not let go of it has not outlived it', async () => {
    const { started, worker } = await atWork('spins');
    const until = performance.now() + 2 * leaseMs;
    while (performance.now() < until);
    expect(await lostBy(worker)).toMatchObject({ outlived: false });
    await again('spins', null);
    expect(await rowOf(started)).toMatchObject({ status: 'queued', deaths: 1 });
  });

  it('says so when it has outlived it, and nothing is held against its runs; whoever only has its name does not', async () => {
    const lives = await atWork('lives');
    await again('lives', lives.worker.lease.token);
    expect(await rowOf(lives.started)).toMatchObject({ status: 'queued', deaths: 0, wait: null });
    const dies = await atWork('dies');
    await again('dies', null);
    expect(await rowOf(dies.started)).toMatchObject({ status: 'queued', deaths: 1 });
  });

  it('is not declared dead by one that has itself only just been heard of', async () => {
    // It says nothing of itself for far longer than this takes.
    const { worker } = await atWork('silent', 600_000);
    await world.rows(`update platform.workers set seen_at = now() - interval '1 minute' where id = $1`, ['silent']);
    const isAlive = () => world.rows('select 1 from platform.workers where alive and id = $1', [worker.lease.id]);
    const fresh = await registerWorker(world.database.db.engine, { id: 'fresh', ttlMs: 60_000 });
    expect(fresh.steady()).toBe(false);
    await reapWorkers(world.database.db.engine, null);
    expect(await isAlive()).toHaveLength(1);
    await reapWorkers(world.database.db.engine, 15_000);
    expect(await isAlive()).toHaveLength(0);
  });
});

describe('runs that were at work beside it', () => {
  const suspected = async (): Promise<Started> => {
    const started = await world.start(sketch(['start:start', 't:task', 'z:task'], 'start>t t>z'));
    for (let times = 0; times < 3; times += 1) expect(await dieIn(started, 't')).toBe('died');
    return started;
  };

  it('are taken up apart from it: of two that are suspected one waits, and what the other does is not held against it', async () => {
    const [one, other] = [await suspected(), await suspected()];
    const worker = await world.worker();
    let reached = (): void => {};
    const there = new Promise<void>((resolve) => (reached = resolve));
    world.doings.script('t', () => {
      reached();
      return forEver();
    });
    world.resume(worker, one).catch(() => {});
    await there;
    const waits = await world.resume(worker, other);
    expect(waits).toMatchObject({ status: 'queued', notBefore: expect.any(Date) });
    expect(await rowOf(other)).toMatchObject({ status: 'queued', deaths: 3 });
    await die(worker);
    expect([await rowOf(one), await rowOf(other)]).toMatchObject([{ deaths: 4 }, { deaths: 3 }]);
    // Elsewhere it goes on.
    world.doings.scripts.clear();
    expect(await world.resume(await world.worker(), other)).toMatchObject({ status: 'succeeded' });
  });

  it('go on beside it once it has a step on record', async () => {
    const [one, other] = [await suspected(), await suspected()];
    const worker = await world.worker();
    let reached: (path: string) => void = () => {};
    const at = (path: string) => {
      const there = new Promise<string>((resolve) => (reached = resolve));
      world.doings.script(path, (ctx) => {
        reached(ctx.path);
        return forEver();
      });
      return there;
    };
    world.doings.script('t', () => 'done');
    const there = at('z');
    world.resume(worker, one).catch(() => {});
    await there;
    await expect.poll(() => world.statuses(one.run.id)).toMatchObject({ t: 'succeeded' });
    world.doings.scripts.clear();
    expect(await world.resume(worker, other)).toMatchObject({ status: 'succeeded' });
  });

  it('never fail: five that need longer than it takes to bring a worker down end well, and it does not', async () => {
    const definition = sketch(['start:start', 't:task'], 'start>t');
    const poison = await world.start(sketch(['start:start', 'p:task'], 'start>p'));
    const innocents = await Promise.all(Array.from({ length: 5 }, () => world.start(definition)));
    const ended = new Map<Started, RunOutcome>();
    for (let round = 0; round < 60 && ended.size < 6; round += 1) {
      const worker = await world.worker();
      const atWork = new Map<string, () => void>();
      const isAtWork = (id: string): Promise<'at work'> =>
        new Promise((resolve) => atWork.set(id, () => resolve('at work')));
      let decide: (fate: 'dies' | 'lives') => void = () => {};
      const fate = new Promise<'dies' | 'lives'>((resolve) => (decide = resolve));
      const step = async ({ run }: NodeContext): Promise<Json> => {
        atWork.get(run.id)?.();
        return (await fate) === 'dies' ? forEver() : 'done';
      };
      world.doings.script('p', step);
      world.doings.script('t', ...innocents.map(() => step));
      // Each comes up first in its turn.
      const all = [poison, ...innocents, poison, ...innocents].slice(round % 6, (round % 6) + 6);
      const left = all.filter((each) => !ended.has(each));
      const came = await Promise.all(
        left.map(async (each) => {
          const working = isAtWork(each.run.id);
          const going = world.resume(worker, each).then((outcome) => {
            if (outcome.status === 'succeeded' || outcome.status === 'failed') ended.set(each, outcome);
          });
          going.catch(() => {});
          return { each, going, came: await Promise.race([going, working]) };
        }),
      );
      const isDeadly = came.some(({ each, came: how }) => each === poison && how === 'at work');
      if (isDeadly) await die(worker);
      decide(isDeadly ? 'dies' : 'lives');
      if (!isDeadly) await Promise.all(came.map(({ going }) => going));
    }
    expect(innocents.map((each) => ended.get(each)?.status)).toEqual(innocents.map(() => 'succeeded'));
    expect(ended.get(poison)).toMatchObject({ status: 'failed', error: { code: 'workers_lost' } });
  }, 60_000);
});
