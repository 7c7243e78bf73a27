import { describe, expect, it } from 'vitest';
import { aMessage, aNodeContext } from '#tests/support/nodeContext.js';
import { escalationAgent } from './escalation.node.js';

describe('agent.escalation', () => {
  it('calls a person when the model says so, with its reason', async () => {
    const output = { escalate: true, reason: 'Cliente irritado', summary: 'Bolo errado, quer o dinheiro de volta.' };
    const context = aNodeContext().trigger(aMessage('quero meu dinheiro de volta')).model({ output });
    expect(await context.run(escalationAgent)).toEqual({ port: 'escalate', value: output });
  });

  it('gives a reason even when the model gave none', async () => {
    const output = { escalate: true, reason: ' ', summary: '' };
    const context = aNodeContext().trigger(aMessage('cadê?')).model({ output });
    expect((await context.run(escalationAgent)).value).toMatchObject({
      reason: 'Precisa de uma pessoa',
      summary: 'cadê?',
    });
  });

  it('lets the team go on', async () => {
    const output = { escalate: false, reason: 'nada', summary: 'Pergunta de horário.' };
    const context = aNodeContext().trigger(aMessage('abre domingo?')).model({ output });
    expect(await context.run(escalationAgent)).toEqual({ port: 'continue', value: { ...output, reason: '' } });
  });

  it('decides a tap on its button without asking a model', async () => {
    const tap = aMessage('Falar com uma pessoa', { kind: 'button', buttonId: 'person' });
    const context = aNodeContext().trigger(tap);
    expect((await context.run(escalationAgent)).port).toBe('escalate');
    expect(context.world.chats).toHaveLength(0);
  });

  it('asks the model about any other button', async () => {
    const tap = aMessage('Ver cardápio', { kind: 'button', buttonId: 'menu' });
    const context = aNodeContext()
      .trigger(tap)
      .model({ output: { escalate: false, reason: '', summary: '' } });
    expect((await context.run(escalationAgent)).port).toBe('continue');
  });

  it('writes its reason in the language of the business, whatever the customer speaks', async () => {
    const context = aNodeContext()
      .trigger(aMessage('Are you open on Sunday?'))
      .model({ output: { escalate: false, reason: '', summary: '' } });
    await context.run(escalationAgent);
    expect(context.world.chats[0]?.locale).toBe('pt-BR');
  });
});
