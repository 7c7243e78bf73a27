import { describe, expect, it } from 'vitest';
import { aMessage, aNodeContext } from '#tests/support/nodeContext.js';
import { messageKinds } from '#nodes/sdk/triggerInput.js';
import { whatsappTrigger } from './whatsapp.node.js';

describe('trigger.whatsapp', () => {
  it.each(['text', 'button', 'list'] as const)('sends a %s on as a message', async (kind) => {
    const message = aMessage('oi', { kind });
    const result = await aNodeContext().trigger(message).run(whatsappTrigger);
    expect(result).toEqual({ port: 'message', value: message });
  });

  it.each(messageKinds.filter((kind) => !['text', 'button', 'list'].includes(kind)))(
    'parts %s, which it cannot read',
    async (kind) => {
      const result = await aNodeContext().trigger(aMessage('', { kind })).run(whatsappTrigger);
      expect(result.port).toBe('media');
    },
  );

  it('has nothing to read in a text that is blank', async () => {
    expect((await aNodeContext().trigger(aMessage('  ')).run(whatsappTrigger)).port).toBe('media');
  });

  it('refuses a run that no message started, and says it is the caller who must act', async () => {
    await expect(aNodeContext().trigger({ text: 1 }).run(whatsappTrigger)).rejects.toMatchObject({
      code: 'not_a_message',
      actor: 'caller',
      retryable: false,
    });
  });
});
