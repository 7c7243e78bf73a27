import { describe, expect, it } from 'vitest';
import { aNodeContext, RunWaits } from '#tests/support/nodeContext.js';
import { waitForEventNode } from './waitForEvent.node.js';

describe('logic.waitForEvent', () => {
  it('waits for the event of its key, as long as the author allows', async () => {
    const context = aNodeContext();
    await expect(context.run(waitForEventNode, { key: 'pedido 7', timeoutMinutes: 2 })).rejects.toThrow(RunWaits);
    expect(context.world.questions).toEqual([
      { of: 'event', title: 'Espera um aviso', key: 'pedido 7', timeoutMs: 120_000 },
    ]);
    expect(context.world.sent.size).toBe(0);
  });

  it('takes a number for what it is called by, as the other system numbers its payments', async () => {
    const context = aNodeContext();
    await expect(context.run(waitForEventNode, { key: 1_234_567_890 })).rejects.toThrow(RunWaits);
    expect(context.world.questions).toMatchObject([{ key: '1234567890' }]);
  });

  it('gives what was reported', async () => {
    const result = await aNodeContext().answered({ paid: true }).run(waitForEventNode, { key: '7' });
    expect(result).toEqual({ port: 'arrived', value: { event: { paid: true } } });
  });

  it('leaves by timeout when it never came', async () => {
    expect(await aNodeContext().answered(null).run(waitForEventNode)).toEqual({ port: 'timeout', value: null });
  });
});
