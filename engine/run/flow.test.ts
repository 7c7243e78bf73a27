import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fusion } from '#engine/compile/groups.js';
import { Doings } from './testing/nodes.js';
import { sketch } from './testing/graph.js';
import { World, type Worker } from './testing/world.js';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

describe.each<Fusion>(['all', 'pure', 'none'])('control flow, fusion %s', (fusion) => {
  let worker: Worker;
  let ran: string[];
  beforeEach(async () => {
    world.doings = new Doings();
    ran = world.doings.ran;
    worker = await world.worker({ fusion });
  });

  it('takes one side of a diamond and joins', async () => {
    const definition = sketch(
      ['start:start', ['c:if', { config: { when: '{{ trigger.c }}' } }], 'a', 'b', 'j'],
      'start>c c.yes>a c.no>b a>j b>j',
    );
    const { outcome, run } = await world.go(worker, definition, { c: true });
    expect(outcome.status).toBe('succeeded');
    expect(ran).toEqual(['c', 'a', 'j']);
    expect(await world.statuses(run.id)).toMatchObject({ a: 'succeeded', b: 'skipped', j: 'succeeded' });
  });
});
