import { describe, expect, it } from 'vitest';
import { aNodeContext, RunWaits } from '#tests/support/nodeContext.js';
import { delayNode } from './delay.node.js';

/** When the run would wake, and what it leaves with once it has. */
async function waitOf(config: Record<string, string | number>) {
  let wake: Date | undefined;
  const context = aNodeContext().at('2026-11-22T12:00:00.000Z');
  const built = { ...context.build(delayNode), waitUntil: (time: Date) => void (wake = time) };
  const result = await delayNode.run?.({ config: delayNode.config.parse(config), input: null, ctx: built });
  return { wake: wake?.toISOString(), result };
}

describe('logic.delay', () => {
  it.each([
    [{ amount: 30, unit: 'seconds' }, '2026-11-22T12:00:30.000Z'],
    [{ amount: 5 }, '2026-11-22T12:05:00.000Z'],
    [{ amount: 2, unit: 'hours' }, '2026-11-22T14:00:00.000Z'],
    [{ amount: 1.5, unit: 'days' }, '2026-11-24T00:00:00.000Z'],
    [{ until: '2026-12-24T12:00:00-03:00' }, '2026-12-24T15:00:00.000Z'],
    [{ amount: 5, until: '2026-11-22T13:00:00Z' }, '2026-11-22T13:00:00.000Z'],
  ])('%j wakes at %s', async (config, wake) => {
    expect((await waitOf(config)).wake).toBe(wake);
  });

  it('waits while the time has not come', async () => {
    await expect(aNodeContext().run(delayNode, { amount: 1 })).rejects.toThrow(RunWaits);
  });

  it('goes on when there is nothing to wait for', async () => {
    expect((await aNodeContext().run(delayNode, { amount: 0 })).port).toBe('out');
    expect((await aNodeContext().run(delayNode, { until: '2020-01-01T00:00:00Z' })).port).toBe('out');
  });

  it('tells the author that a wait of two years is a date', async () => {
    await expect(waitOf({ amount: 800, unit: 'days' })).rejects.toMatchObject({
      code: 'wait_too_long',
      actor: 'author',
    });
  });
});
