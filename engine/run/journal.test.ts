import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Journal, RunTaken, StoreUnavailable } from './journal.js';
import type { StepEntry } from './journalTables.js';
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
  input: Buffer.from('null'),
  output: Buffer.from(JSON.stringify(path)),
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

describe('the journal', () => {
  it('keeps rows of many runs apart that commit together', async () => {
    const runs = Array.from({ length: 50 }, () => uuidv7());
    await Promise.all(
      runs.flatMap((run) =>
        ['a', 'b'].map((path) =>
          journal.add(step(run, path, { output: Buffer.from(JSON.stringify(`${run} ${path}`)) })),
        ),
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

  it('keeps the first outcome of a try', async () => {
    const run = uuidv7();
    await journal.add(step(run, 'a'));
    await journal.add(step(run, 'a', { status: 'failed', port: null }));
    expect(await world.steps(run)).toMatchObject([{ status: 'succeeded' }]);
  });

  it('says that a run is another worker’s', async () => {
    const { run } = await world.start(sketch(['start:start'], ''));
    const end = {
      kind: 'run',
      run: run.id,
      organization: world.organizationId,
      status: 'failed',
      output: null,
      error: null,
    } as const;
    await expect(journal.add(end)).rejects.toBeInstanceOf(RunTaken);
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
