import { describe, expect, it } from 'vitest';
import { NodeError } from '#nodes/sdk/errors.js';
import { aMessage, aNodeContext } from '#tests/support/nodeContext.js';
import { whatsappAgent } from './whatsapp.node.js';

const intents = [
  { name: 'question', title: 'Dúvida', description: 'Pergunta sobre a padaria' },
  { name: 'order', title: 'Pedido', description: 'Quer encomendar' },
];
const says = (label: string, more = {}) => ({
  output: { label, confidence: 0.9, query: 'A coxinha de jaca leva leite?', text: '', ...more },
});

describe('agent.whatsapp', () => {
  it('leaves by the intent that the model chose, with the question restated', async () => {
    const context = aNodeContext().trigger(aMessage('e a de jaca?')).model(says('question'));
    expect(await context.run(whatsappAgent, { intents })).toEqual({
      port: 'question',
      value: { intent: 'question', confidence: 0.9, query: 'A coxinha de jaca leva leite?', text: '' },
    });
  });

  it('tells the model which choices there are, and no others', async () => {
    const context = aNodeContext().trigger(aMessage('oi')).model(says('order'));
    await context.run(whatsappAgent, { intents });
    const [request] = context.world.chats;
    expect(request?.material?.labels).toEqual(intents.map(({ name, description }) => ({ name, description })));
    expect(request?.output?.schema).toMatchObject({ properties: { label: { enum: ['question', 'order', 'other'] } } });
  });

  it('answers small talk itself', async () => {
    const context = aNodeContext()
      .trigger(aMessage('bom dia'))
      .model(says('other', { text: 'Bom dia! Como posso ajudar?' }));
    const result = await context.run(whatsappAgent, { intents });
    expect(result).toMatchObject({ port: 'other', value: { intent: 'other', text: 'Bom dia! Como posso ajudar?' } });
  });

  it('has something to say when the model has not, in the language of the customer', async () => {
    const context = aNodeContext().trigger(aMessage('hello there')).model(says('other'));
    expect((await context.run(whatsappAgent)).value).toMatchObject({ text: expect.stringContaining('how can I help') });
  });

  it('refuses a choice that is none, and lets it be tried again', async () => {
    const context = aNodeContext().trigger(aMessage('oi')).model(says('delete_everything'));
    await expect(context.run(whatsappAgent, { intents })).rejects.toMatchObject({
      code: 'model_bad_output',
      retryable: true,
    });
  });

  it('reads the conversation, oldest first, and answers the last message', async () => {
    const context = aNodeContext()
      .trigger(aMessage('e a de jaca?'))
      .history(
        ['contact', 'a coxinha leva leite?'],
        ['team', 'Leva.'],
        ['system', 'nota'],
        ['person', 'Oi, sou a Lúcia'],
      )
      .model(says('question'));
    await context.run(whatsappAgent, { intents });
    expect(context.world.chats[0]?.messages).toEqual([
      { role: 'user', content: 'a coxinha leva leite?' },
      { role: 'assistant', content: 'Leva.' },
      { role: 'assistant', content: 'Oi, sou a Lúcia' },
      { role: 'user', content: 'e a de jaca?' },
    ]);
  });

  it('fails as the model fails', async () => {
    const error = new NodeError('No provider answers', {
      code: 'model_unavailable',
      actor: 'provider',
      retryable: true,
    });
    const context = aNodeContext().trigger(aMessage('oi')).model({ error });
    await expect(context.run(whatsappAgent, { intents })).rejects.toBe(error);
  });

  it.each(['other', 'error', 'with space', '__proto__'])('refuses an intent called %j', (name) => {
    const config = { intents: [{ name, title: 'x', description: 'x' }] };
    expect(whatsappAgent.config.safeParse(config).success).toBe(false);
  });
});
