import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from '#db/connect.js';
import { transaction } from '#engine/worker/query.js';
import { registerWorker } from '#engine/run/lease.js';
import { EffectDidNotHappen, NodeError } from '#nodes/sdk/errors.js';
import type { Json } from '#nodes/sdk/json.js';
import { sketch } from '#tests/support/engine/graph.js';
import { Doings } from '#tests/support/engine/nodes.js';
import { World, type Started, type Worker } from '#tests/support/engine/world.js';
import { lineTo, type Line } from '#tests/support/outage.js';
import { effectReported } from './settle.js';

/** What a worker knows of an effect while it cannot write it down, and what becomes known while a run that undoes comes to its end. */
let world: World;
let line: Line;
beforeAll(async () => {
  world = await World.open();
  line = await lineTo(world.database.url);
});
afterAll(async () => {
  await line.close();
  await world.close();
});
beforeEach(() => {
  world.doings = new Doings();
});

const refused = (): never => {
  throw new EffectDidNotHappen('Not now.', { code: 'refused', actor: 'provider', retryable: false });
};
const fails = (): Json => {
  throw new NodeError('The oven is cold.', { code: 'cold_oven', actor: 'author', retryable: false });
};
const effectsOf = ({ run }: Started) =>
  world.rows<{ key: string; state: string; attempts: number }>(
    'select key, state, attempts from platform.effects where run_id = $1 order by created_at',
    [run.id],
  );
/** As whoever finds that its worker does not work on it. */
const free = ({ run }: Started) =>
  world.rows(`update platform.runs set status = 'queued', admitted_at = null, worker = null where id = $1`, [run.id]);
/** The worker that was away has written down what it knew. */
const written = ({ run }: Started) =>
  vi.waitFor(
    async () =>
      expect(
        await world.rows('select 1 from platform.runs where id = $1 and unseen_answers > 0', [run.id]),
      ).toHaveLength(1),
    30_000,
  );

/** Of what people were told that they can look at anew. */
let told: string[] = [];
/** Runs it on a worker whose line to the database is cut by `path`, just before the other side answers. Gives the way to mend it. */
async function away(started: Started, path: string, answer: () => Json): Promise<() => Promise<void>> {
  const database = connect(line.url);
  const worker = await world.worker({
    pool: database.engine,
    lease: await registerWorker(database.engine, { id: path }),
    settledLate: async ({ runId, key }) => void told.push(`${runId} ${key}`),
  });
  told = [];
  world.doings.script(path, () => {
    line.cut();
    return answer();
  });
  await expect(world.resume(worker, started)).rejects.toThrow();
  await free(started);
  return async () => {
    line.mend();
    await written(started);
    await vi.waitFor(() => expect(told).toEqual([`${started.run.id} ${path}:do`]), 30_000);
    await database.close();
  };
}

describe('a no that could not be written down', () => {
  const definition = sketch(['start:start', 's:act', 'z'], 'start>s s>z');

  it('is on record once the database is back: the run that waits for somebody to say it tries again', async () => {
    const started = await world.start(definition);
    const back = await away(started, 's', refused);
    // Nobody else knows.
    expect(await world.resume(await world.worker(), started)).toEqual({ status: 'waiting' });
    expect(await effectsOf(started)).toMatchObject([{ state: 'uncertain' }]);
    await back();
    expect(await effectsOf(started)).toMatchObject([{ state: 'not_done', attempts: 1 }]);
    await free(started);
    expect(await world.resume(await world.worker(), started)).toMatchObject({ status: 'succeeded' });
    expect(await effectsOf(started)).toMatchObject([{ state: 'done', attempts: 2 }]);
    expect(world.doings.done.get(`${started.run.id}/s:do`)).toBe(2);
  });

  it.each([
    ['has been done', 'done'],
    ['is being done', 'intended'],
  ])('does not undo what another worker knows of a later try, which %s', async (_, state) => {
    const started = await world.start(definition);
    const back = await away(started, 's', refused);
    const other: Worker = await world.worker({ reconcile: async () => ({ happened: false }) });
    let go = (): void => {};
    const gone = new Promise<Json>((resolve) => (go = () => resolve('acted')));
    let acts = (): void => {};
    const acting = new Promise<void>((resolve) => (acts = resolve));
    world.doings.script('s', () => {
      acts();
      return gone;
    });
    const resumed = world.resume(other, started);
    await acting;
    if (state === 'done') {
      go();
      await resumed;
    }
    await back();
    expect(await effectsOf(started)).toMatchObject([{ state, attempts: 2 }]);
    go();
    expect(await resumed).toMatchObject({ status: 'succeeded' });
    expect(await effectsOf(started)).toMatchObject([{ state: 'done', attempts: 2 }]);
  });
});

describe('what could not be undone', () => {
  const definition = sketch(
    ['start:start', ['a:act', { compensateWith: 'back' }], ['b:act', { compensateWith: 'back' }], 'z:task', 'back:act'],
    'start>a a>b b>z',
  );
  const unclear = (): never => {
    throw new NodeError('No answer.', { code: 'lost', actor: 'provider', retryable: false });
  };
  const leftOf = async ({ run }: Started) => {
    const { status, error } = await world.runRow(run.id);
    return { status, left: (error as { notUndone?: string[] }).notUndone ?? [] };
  };
  const report = async ({ run }: Started, path: string): Promise<boolean> => {
    const vault = await world.vaultOf();
    return transaction(world.database.db.engine, (query) => effectReported(query, vault, run.id, `${path}:do`, 'yes'));
  };

  it('is not said of what was settled before the run came to its end, and is of the rest', async () => {
    world.doings.script('z', fails);
    const started = await world.start(definition);
    world.doings.script('b~back', unclear);
    world.doings.script('a~back', async () => {
      // The other one's report comes while this one is still being undone.
      await vi.waitFor(async () => expect(await report(started, 'b~back')).toBe(true), 30_000);
      return unclear();
    });
    await world.resume(await world.worker(), started);
    expect(await leftOf(started)).toEqual({ status: 'failed', left: ['a~back'] });
    await report(started, 'a~back');
    expect(await leftOf(started)).toEqual({ status: 'failed', left: [] });
  });

  it('is not said of what all was settled before', async () => {
    world.doings.script('z', fails);
    const started = await world.start(definition);
    world.doings.script('b~back', unclear);
    world.doings.script('a~back', async () => {
      await vi.waitFor(async () => expect(await report(started, 'b~back')).toBe(true), 30_000);
      return 'back';
    });
    await world.resume(await world.worker(), started);
    expect(await leftOf(started)).toEqual({ status: 'failed', left: [] });
  });

  it('is said no longer once the worker that did it can write that down', async () => {
    world.doings.script('z', fails);
    const started = await world.start(definition);
    const back = await away(started, 'b~back', () => 'back');
    await world.resume(await world.worker(), started);
    expect(await leftOf(started)).toEqual({ status: 'failed', left: ['b~back'] });
    await back();
    await vi.waitFor(async () => expect(await leftOf(started)).toEqual({ status: 'failed', left: [] }), 30_000);
  });
});
