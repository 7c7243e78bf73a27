import { describe, expect, it } from 'vitest';
import { aMessage, aNodeContext } from '#tests/support/nodeContext.js';
import { sentimentAgent } from './sentiment.node.js';

describe('agent.sentiment', () => {
  it('hands on the score and the mood', async () => {
    const context = aNodeContext()
      .trigger(aMessage('adorei'))
      .model({ output: { score: 0.9, mood: 'happy' } });
    expect(await context.run(sentimentAgent)).toEqual({ port: 'out', value: { score: 0.9, mood: 'happy' } });
    expect(context.world.chats[0]).toMatchObject({ task: 'sentiment', role: 'classify' });
  });

  it('parts the unhappy only when asked to', async () => {
    const context = aNodeContext()
      .trigger(aMessage('péssimo'))
      .model({ output: { score: -0.6, mood: 'upset' } });
    expect((await context.run(sentimentAgent)).port).toBe('out');
    expect((await context.run(sentimentAgent, { routeNegative: true })).port).toBe('negative');
    expect((await context.run(sentimentAgent, { routeNegative: true, negativeBelow: -0.7 })).port).toBe('out');
  });

  it('does not believe a score beyond the scale', async () => {
    const context = aNodeContext()
      .trigger(aMessage('oi'))
      .model({ output: { score: 7, mood: 'happy' } });
    await expect(context.run(sentimentAgent)).rejects.toMatchObject({
      code: 'model_bad_output',
      actor: 'provider',
      retryable: true,
    });
  });
});
