import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Batch } from './batch.js';
import { Journal, RunTaken, StoreUnavailable } from './journal.js';
import type { RunEntry, StepEntry } from './journalEntries.js';
import { LeaseLost, registerWorker, type Lease } from './lease.js';
import { connect } from '#db/connect.js';
import { sketch } from '#tests/support/engine/graph.js';
import { World } from '#tests/support/engine/world.js';

let world: World;
let lease: Lease;
let journal: Journal;
beforeAll(async () => {
  world = await World.open();
  lease = await registerWorker(world.database.db.engine, { id: 'journal' });
  journal = new Journal(world.database.db.engine, lease, world.vaultOf);
});
afterAll(() => world.close());

const step = (run: string, path: string, more: Partial<StepEntry> = {}): StepEntry => ({
  kind: 'step',
  run,
  organization: world.organizationId,
  path,
  attempt: 1,
  nodeId: path,
  status: 'succeeded',
  port: 'out',
  input: 'null',
  output: JSON.stringify(path),
  error: null,
  whole: null,
  compensates: null,
  startedAt: Date.now(),
  finishedAt: Date.now(),
  durationMs: 1,
  inputTokens: 0,
  outputTokens: 0,
  costMicros: 0,
  model: null,
  ...more,
});

const end = (run: string): RunEntry => ({
  kind: 'run',
  run,
  organization: world.organizationId,
  status: 'succeeded',
  output: Buffer.from('null'),
  error: null,
});

/** A run that this worker has claimed. */
async function mine(): Promise<string> {
  const { run } = await world.start(sketch(['start:start'], ''));
  await world.rows(`update platform.runs set status = 'running', worker = $2 where id = $1`, [run.id, lease.token]);
  return run.id;
}

describe('the journal', () => {
  it('keeps rows of many runs apart that commit together', async () => {
    const runs = Array.from({ length: 50 }, () => uuidv7());
    await Promise.all(
      runs.flatMap((run) =>
        ['a', 'b'].map((path) => journal.add(step(run, path, { output: JSON.stringify(`${run} ${path}`) }))),
      ),
    );
    for (const run of runs) {
      expect((await world.steps(run)).map(({ path, output }) => [path, output]).sort()).toEqual([
        ['a', `${run} a`],
        ['b', `${run} b`],
      ]);
    }
  });

  it('does not let the bad data of one run harm the others of its flush', async () => {
    const [good, bad] = [uuidv7(), uuidv7()];
    const results = await Promise.allSettled([
      journal.add(step(good, 'a')),
      journal.add(step(bad, 'nul \u0000 in a text column')),
      journal.add(step(good, 'b')),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await world.steps(good)).toHaveLength(2);
    expect(await world.steps(bad)).toEqual([]);
  });

  it('takes what a run writes until the flush goes as one, in its order, and no more after that', async () => {
    const run = await mine();
    const batch = new Batch(step(run, 'a'));
    const written = journal.add(batch);
    const ended = journal.add(end(run));
    expect(batch.add(step(run, 'b'))).toBe(true);
    await written;
    expect(await ended).toBe('succeeded');
    expect((await world.steps(run)).map(({ path }) => path).sort()).toEqual(['a', 'b']);
    expect(batch.add(step(run, 'c'))).toBe(false);
  });

  it('writes all of a batch or nothing, and no end behind it', async () => {
    const run = await mine();
    const batch = new Batch(step(run, 'a'));
    const results = [journal.add(batch), journal.add(end(run))];
    batch.add(step(run, 'nul \u0000 in a text column'));
    expect((await Promise.allSettled(results)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await world.steps(run)).toEqual([]);
    expect((await world.runRow(run)).status).toBe('running');
  });

  it('keeps the first outcome of a try', async () => {
    const run = uuidv7();
    await journal.add(step(run, 'a'));
    await journal.add(step(run, 'a', { status: 'failed', port: null }));
    expect(await world.steps(run)).toMatchObject([{ status: 'succeeded' }]);
  });

  it('writes nothing of a run behind what could not be written, so that it never ends without its steps', async () => {
    const run = await mine();
    const results = await Promise.allSettled([
      journal.add(step(run, 'a')).then(() => journal.add(step(run, 'nul \u0000 in a text column'))),
      journal.add(step(run, 'b')),
    ]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled']);
    const refusal = (results[0] as PromiseRejectedResult).reason as unknown;
    await expect(journal.add(end(run))).rejects.toBe(refusal);
    expect((await world.runRow(run)).status).toBe('running');

    journal.forget(run);
    expect(await journal.add(end(run))).toBe('succeeded');
  });

  it('keeps the steps of a run whose end the database refuses', async () => {
    const run = await mine();
    const results = await Promise.allSettled([
      journal.add(step(run, 'a')),
      journal.add({ ...end(run), status: 'nonsense' }),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected']);
    expect(await world.steps(run)).toHaveLength(1);
    expect((await world.runRow(run)).status).toBe('running');
  });

  it('says that a run is another worker’s', async () => {
    const { run } = await world.start(sketch(['start:start'], ''));
    await expect(journal.add({ ...end(run.id), status: 'failed' })).rejects.toBeInstanceOf(RunTaken);
    expect((await world.runRow(run.id)).status).toBe('queued');
  });

  it('writes nothing once its worker was declared dead', async () => {
    const dead = await registerWorker(world.database.db.engine, { id: 'dead' });
    await world.rows(`update platform.workers set alive = false where id = 'dead'`);
    const run = uuidv7();
    await expect(new Journal(world.database.db.engine, dead, world.vaultOf).add(step(run, 'a'))).rejects.toBeInstanceOf(
      LeaseLost,
    );
    expect(await world.steps(run)).toEqual([]);
  });

  it('says when the database is away', async () => {
    const nowhere = connect('postgres://nobody:x@127.0.0.1:1/none');
    await expect(new Journal(nowhere.engine, lease, world.vaultOf).add(step(uuidv7(), 'a'))).rejects.toBeInstanceOf(
      StoreUnavailable,
    );
    await nowhere.close();
  });
});
