import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notBuilt } from '#tests/support/processes.js';
import { random } from '../chaos/random.js';
import { storm } from '../chaos/storm.js';
import { brief } from '../chaos/strengths.js';
import { World } from '../chaos/world.js';
import { canOwnServices } from '../support/services/start.mjs';

const why = notBuilt ?? (canOwnServices() ? null : 'needs a PostgreSQL and a Redis of its own to strike');
const seed = Math.floor(Math.random() * 2 ** 32);

/**
 * `npm run chaos` in brief: real processes and stores are struck while customers write, and Meta's own log says what came of it. A kill too many or a
 * place that was struck by chance does no harm; no strike at all would prove nothing.
 */
describe.skipIf(why)(`a storm of seed ${seed}${why ? ` (${why})` : ''}`, { timeout: 900_000 }, () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open({ workers: brief.workers });
  });
  afterAll(() => world?.close());

  it('of kills, freezes and stores that go away leaves every customer answered, and nobody twice', async () => {
    const { verdict, struck, kills, failpoints, settled } = await storm(world, random(seed), brief);
    expect(verdict).toMatchObject({ lost: [], duplicated: [], unfinished: [], violations: [], crashed: [] });
    expect({ settled, open: verdict.uncertain.open }).toEqual({ settled: true, open: 0 });
    // It counts only because faults struck while somebody was waiting for an answer, of each kind and at places chosen by name.
    expect(kills).toBeGreaterThanOrEqual(brief.kills);
    expect(struck).toMatchObject({
      'stop worker': expect.toSatisfy(atLeastOnce),
      'postgres restart': expect.toSatisfy(atLeastOnce),
      'redis restart': expect.toSatisfy(atLeastOnce),
      'redis flush': expect.toSatisfy(atLeastOnce),
    });
    expect(Object.values(failpoints).filter(atLeastOnce).length).toBeGreaterThanOrEqual(5);
    expect(verdict.runs).toBeGreaterThan(20);
  });
});

const atLeastOnce = (times: number): boolean => times > 0;
