import { describe, expect, it } from 'vitest';
import { aNodeContext } from '#tests/support/nodeContext.js';
import { webhookTrigger } from './webhook.node.js';

describe('trigger.webhook', () => {
  it('hands on the body and the query of the call', async () => {
    const call = { body: { order: 7 }, query: { shop: 'recife' } };
    expect(await aNodeContext().trigger(call).run(webhookTrigger)).toEqual({ port: 'out', value: call });
  });

  it('takes anything else as the body', async () => {
    expect((await aNodeContext().trigger('ping').run(webhookTrigger)).value).toEqual({ body: 'ping', query: {} });
  });
});
