import { describe, expect, it } from 'vitest';
import { aMessage, aNodeContext, aPassage } from '#tests/support/nodeContext.js';
import { assistantAgent } from './assistant.node.js';

const search = { tools: [{ name: 'search_knowledge', arguments: { query: 'coxinha' } }] };
const all = { tools: ['search_knowledge', 'remember_about_contact', 'get_time', 'hand_off'] };
const asked = () => aNodeContext().trigger(aMessage('quanto é a coxinha?'));

describe('agent.assistant', () => {
  it('finds with its tool only what is in the sources that its author chose', async () => {
    const context = aNodeContext()
      .trigger(aMessage('oi'))
      .passages(aPassage('a', 'segredo'))
      .model({ tools: [{ name: 'search_knowledge', arguments: { query: 'segredo' } }] }, { text: 'Pronto.' });
    await context.run(assistantAgent, { knowledge: ['019ab0c4-5c1e-7cc3-9d53-5d8f4f5a0b11'] });
    expect(context.world.chats[1]?.messages.at(-1)).toMatchObject({ role: 'tool', content: '{"passages":[]}' });
  });

  it('uses a tool, reads its result as data, and answers', async () => {
    const context = asked().passages(aPassage('a', 'Coxinha R$ 7')).model(search, { text: 'Sai a R$ 7.' });
    expect(await context.run(assistantAgent)).toEqual({
      port: 'done',
      value: { text: 'Sai a R$ 7.', rounds: 2, tools: [{ name: 'search_knowledge', ok: true }] },
    });
    expect(context.world.chats[1]?.messages.at(-1)).toMatchObject({
      role: 'tool',
      content: expect.stringContaining('Coxinha R$ 7'),
    });
    expect(context.world.chats[1]?.instructions).not.toContain('Coxinha');
  });

  it('refuses a tool that the author did not grant, though it exists', async () => {
    const call = { tools: [{ name: 'hand_off', arguments: { reason: 'x', summary: 'y' } }] };
    const context = asked().model(call, { text: 'Certo.' });
    const result = await context.run(assistantAgent, { tools: ['get_time'] });
    expect(result.value).toMatchObject({ tools: [{ name: 'hand_off', ok: false }] });
    expect(context.world.handoffs).toEqual([]);
  });

  it.each(['delete_contact', 'constructor', '__proto__'])('refuses the unknown tool %s', async (name) => {
    const context = asked().model({ tools: [{ name, arguments: {} }] }, { text: 'Certo.' });
    expect((await context.run(assistantAgent, all)).value).toMatchObject({ tools: [{ name, ok: false }] });
  });

  it.each([
    ['search_knowledge', { query: 7 }],
    ['search_knowledge', { query: 'x', organization: 'another' }],
    ['remember_about_contact', { name: '__proto__', value: 'x' }],
    ['hand_off', null],
  ])('does nothing with wrong arguments for %s', async (name, args) => {
    const context = asked().model({ tools: [{ name, arguments: args }] }, { text: 'Certo.' });
    expect((await context.run(assistantAgent, all)).value).toMatchObject({ tools: [{ name, ok: false }] });
    expect(context.world).toMatchObject({ searches: [], handoffs: [], contact: { attributes: {} } });
  });

  it('remembers about the contact', async () => {
    const call = { tools: [{ name: 'remember_about_contact', arguments: { name: 'allergy', value: 'leite' } }] };
    const context = asked().model(call, { text: 'Anotado.' });
    await context.run(assistantAgent, all);
    expect(context.world.contact?.attributes).toEqual({ allergy: 'leite' });
  });

  it('tells the time where the business is', async () => {
    const context = asked()
      .at('2026-11-22T12:00:00.000Z')
      .model({ tools: [{ name: 'get_time', arguments: {} }] }, { text: 'ok' });
    await context.run(assistantAgent);
    expect(context.world.chats[1]?.messages.at(-1)?.content).toContain('09:00');
  });

  it('ends when it hands over', async () => {
    const call = { tools: [{ name: 'hand_off', arguments: { reason: 'Pediu', summary: 'Quer a Lúcia' } }] };
    const context = asked().model(call);
    expect((await context.run(assistantAgent, all)).port).toBe('handedOff');
    expect(context.world.handoffs).toEqual([{ reason: 'Pediu', summary: 'Quer a Lúcia' }]);
  });

  it('stops at its rounds, the last without tools', async () => {
    const context = asked().model(search);
    const result = await context.run(assistantAgent, { rounds: 3 });
    expect(result).toMatchObject({ port: 'unfinished', value: { rounds: 3 } });
    expect(context.world.chats.map((request) => request.tools?.length ?? 0)).toEqual([2, 2, 0]);
    expect(context.world.searches).toHaveLength(2);
  });

  it('takes at most eight calls of one answer', async () => {
    const flood = { tools: Array.from({ length: 50 }, () => search.tools[0] ?? { name: '', arguments: {} }) };
    const context = asked().model(flood, { text: 'ok' });
    await context.run(assistantAgent);
    expect(context.world.searches).toHaveLength(8);
  });

  it('cannot be told to think more than eight times', () => {
    expect(assistantAgent.config.safeParse({ rounds: 9 }).success).toBe(false);
  });

  it('stops between rounds when the run is canceled', async () => {
    const context = asked().model(search, { text: 'ok' });
    const ctx = context.build(assistantAgent);
    const knowledge = { search: async () => (context.abort(), []) };
    const run = assistantAgent.run?.({
      config: assistantAgent.config.parse({}),
      input: null,
      ctx: { ...ctx, knowledge },
    });
    await expect(run).rejects.toThrow('canceled');
    expect(context.world.chats).toHaveLength(1);
  });
});
