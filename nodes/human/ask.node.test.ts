import { describe, expect, it } from 'vitest';
import { aMessage, aNodeContext, RunWaits } from '#tests/support/nodeContext.js';
import { askNode } from './ask.node.js';

const option = (value: string, title: string) => ({ value, title });
const pickup = {
  question: 'Retira ou entrega?',
  options: [option('pickup', 'Retirar'), option('deliver', 'Entrega às 10')],
};

describe('human.ask', () => {
  it('asks the customer with buttons and waits', async () => {
    const context = aNodeContext().trigger(aMessage('quero um bolo'));
    await expect(context.run(askNode, { ...pickup, timeoutMinutes: 10 })).rejects.toThrow(RunWaits);
    expect(context.world.sent.get('question')).toEqual({
      text: 'Retira ou entrega?',
      buttons: [
        { id: 'pickup', title: 'Retirar' },
        { id: 'deliver', title: 'Entrega às 10' },
      ],
    });
    expect(context.world.questions).toEqual([
      { of: 'contact', title: 'Retira ou entrega?', options: pickup.options, timeoutMs: 600_000 },
    ]);
  });

  it('makes a list of more than three options', async () => {
    const options = ['a', 'b', 'c', 'd'].map((value) => option(value, value.toUpperCase()));
    const context = aNodeContext().locale('en');
    await expect(context.run(askNode, { question: 'Which?', options })).rejects.toThrow(RunWaits);
    const { list, buttons } = context.world.sent.get('question') ?? {};
    expect(buttons).toBeUndefined();
    expect(list).toMatchObject({
      button: 'Choose',
      sections: [{ rows: [{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' }] }],
    });
  });

  it.each([
    ['the value', 'pickup', 'pickup', 'Retirar'],
    ['the title, however written', ' ENTREGA AS 10', 'deliver', 'Entrega às 10'],
    ['its number', '2', 'deliver', 'Entrega às 10'],
    ['a tap', { text: 'Retirar', kind: 'button', buttonId: 'pickup' }, 'pickup', 'Retirar'],
    ['other words', 'tanto faz', null, 'tanto faz'],
    ['a number beyond the list', '9', null, '9'],
  ])('reads %s', async (_, answer, value, text) => {
    const result = await aNodeContext().answered(answer).run(askNode, pickup);
    expect(result).toEqual({ port: 'answered', value: { value, text, raw: answer } });
  });

  it('leaves by timeout when nobody answered', async () => {
    expect(await aNodeContext().answered(null).run(askNode, pickup)).toEqual({ port: 'timeout', value: null });
  });

  it('asks a member without writing to the customer', async () => {
    const context = aNodeContext().withoutConversation().answered({ approve: true });
    const result = await context.run(askNode, { question: 'Aprova?', of: 'member' });
    expect(result.value).toEqual({ text: '{"approve":true}', value: null, raw: { approve: true } });
    expect(context.world.sent.size).toBe(0);
  });

  it('tells the author when there is no customer to ask', async () => {
    await expect(aNodeContext().withoutConversation().run(askNode, pickup)).rejects.toMatchObject({
      code: 'no_conversation',
    });
  });
});
