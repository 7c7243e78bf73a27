import { expect, test } from 'vitest';
import { World } from '#tests/support/engine/world.js';
import { createDispatch } from './dispatch.js';
import type { Taken, TakenRuns } from './takeHere.js';

test('what is being taken when the worker is told to rest begins here, before it rests', async () => {
  const world = await World.open();
  try {
    const { lease } = await world.worker();
    const errors: unknown[] = [];
    const toQueue: string[] = [];
    const dispatch = createDispatch(
      {
        wake: (organizationId) => void toQueue.push(organizationId),
        left: () => {},
        sweep: async () => 0,
        waiting: async () => [],
        refill: async () => 0,
        close: async () => {},
      },
      (error) => errors.push(error),
    );
    const begun: string[] = [];
    let give = (_taken: TakenRuns): void => {};
    const asked = new Promise<void>((taking) => {
      dispatch.workHere({
        lease: () => lease,
        room: () => ({ free: 1, first: 1 }),
        underWay: () => 0,
        take: () => {
          taking();
          return new Promise((done) => (give = done));
        },
        begin: ({ runId }) => void begun.push(runId),
      });
    });
    dispatch.wake('bakery');
    await asked;
    const resting = dispatch.rest();
    const run: Taken = { runId: 'order', organizationId: 'bakery', whole: null };
    give({ taken: [run], rest: [], held: [], others: true, lost: false });
    await resting;
    expect({ begun, errors }).toEqual({ begun: ['order'], errors: [] });
    // From now on others begin what comes.
    dispatch.wake('bakery');
    await dispatch.close();
    expect({ begun, toQueue }).toEqual({ begun: ['order'], toQueue: ['bakery'] });
  } finally {
    await world.close();
  }
});
