import { describe, expect, it } from 'vitest';
import { aMessage, aNodeContext } from '#tests/support/nodeContext.js';
import { handoffNode } from './handoff.node.js';

const judged = { escalate: true, reason: 'Cliente muito insatisfeito', summary: 'O bolo veio errado.' };

describe('human.handoff', () => {
  it('tells the customer, then asks for a person with the reason of the step before', async () => {
    const context = aNodeContext().trigger(aMessage('o bolo veio errado'));
    const result = await context.run(handoffNode, {}, judged);
    expect(result).toEqual({ port: 'out', value: { reason: judged.reason, summary: judged.summary } });
    expect(context.world.handoffs).toEqual([{ reason: judged.reason, summary: judged.summary }]);
    expect(context.world.sent.get('handoff')?.text).toContain('Vou chamar uma pessoa');
  });

  it('speaks the language of the customer, and gives reasons in that of the business', async () => {
    const context = aNodeContext().trigger(aMessage('I want to talk to a person'));
    await context.run(handoffNode);
    expect(context.world.sent.get('handoff')?.text).toContain('calling someone');
    expect(context.world.handoffs).toEqual([
      { reason: 'Precisa de uma pessoa', summary: 'I want to talk to a person' },
    ]);
  });

  it("uses the author's own words", async () => {
    const context = aNodeContext().trigger(aMessage('oi'));
    await context.run(
      handoffNode,
      { message: 'A Lúcia já vem.', reason: 'Encomenda grande', summary: '200 coxinhas' },
      judged,
    );
    expect(context.world.sent.get('handoff')?.text).toBe('A Lúcia já vem.');
    expect(context.world.handoffs).toEqual([{ reason: 'Encomenda grande', summary: '200 coxinhas' }]);
  });

  it('calls a person even when the channel is down', async () => {
    const context = aNodeContext().trigger(aMessage('oi')).channelDown();
    await expect(context.run(handoffNode)).rejects.toMatchObject({ code: 'channel_down' });
    expect(context.world.handoffs).toHaveLength(1);
  });

  it('tells the author when there is no conversation', async () => {
    await expect(aNodeContext().withoutConversation().run(handoffNode)).rejects.toMatchObject({
      code: 'no_conversation',
    });
  });
});
