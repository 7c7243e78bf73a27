import { describe, expect, it } from 'vitest';
import { aMessage, aNodeContext } from '#tests/support/nodeContext.js';
import { sendNode } from './send.node.js';

const button = (id: string, title = id) => ({ id, title });

describe('channel.send', () => {
  it('sends its text with its buttons', async () => {
    const context = aNodeContext().trigger(aMessage('oi'));
    const result = await context.run(sendNode, {
      text: 'Posso chamar alguém?',
      buttons: [button('person', 'Falar com alguém')],
    });
    expect(result.value).toEqual({ text: 'Posso chamar alguém?', messageIds: ['sent-message-1'] });
    expect([...context.world.sent.values()]).toEqual([
      { text: 'Posso chamar alguém?', buttons: [{ id: 'person', title: 'Falar com alguém' }] },
    ]);
  });

  it('without a text sends what the step before wrote, with its sources', async () => {
    const context = aNodeContext();
    const sources = [{ title: 'Alérgenos', passageId: 'p1' }];
    await context.run(sendNode, {}, { text: 'Leva leite, sim.', grounded: true, sources });
    expect([...context.world.sent.values()]).toEqual([{ text: 'Leva leite, sim.', sources }]);
  });

  it('does not claim the sources of the step before for a text of its own', async () => {
    const context = aNodeContext();
    await context.run(sendNode, { text: 'Oi' }, { text: 'x', sources: [{ title: 'A', passageId: 'p' }] });
    expect([...context.world.sent.values()]).toEqual([{ text: 'Oi' }]);
  });

  it('sends a text that is too long in several messages, the buttons with the last', async () => {
    const text = Array.from({ length: 60 }, (_, index) => `Linha ${index} ${'x'.repeat(80)}`).join('\n');
    const context = aNodeContext();
    await context.run(sendNode, { text, buttons: [button('a')] });
    const sent = [...context.world.sent.values()];
    expect(sent.length).toBeGreaterThan(1);
    expect(sent.every((message) => message.text.length <= 1_024)).toBe(true);
    expect(sent.map((message) => message.text).join('\n')).toBe(text);
    expect(sent.map((message) => message.buttons?.length ?? 0)).toEqual([...sent.slice(1).map(() => 0), 1]);
  });

  describe('with media', () => {
    const image = { kind: 'image', link: 'https://pao.example.com/bolo.jpg' } as const;
    const sent = async (config: object, input: object | null = null) => {
      const context = aNodeContext();
      await context.run(sendNode, config as never, input as never);
      return [...context.world.sent.values()];
    };

    it('sends it beside the text, with the buttons', async () => {
      const buttons = [button('yes')];
      expect(await sent({ text: 'É este?', media: { link: image.link }, buttons })).toEqual([
        { text: 'É este?', media: image, buttons },
      ]);
    });

    it('sends it alone when there is nothing to say, and with what the step before wrote when there is', async () => {
      expect(await sent({ media: image })).toEqual([{ text: '', media: image }]);
      expect(await sent({ media: image }, { text: 'Bolo de rolo' })).toEqual([{ text: 'Bolo de rolo', media: image }]);
    });

    it('sends it with the first piece of a long text, the buttons with the last', async () => {
      const text = Array.from({ length: 30 }, (_, index) => `Linha ${index} ${'x'.repeat(80)}`).join('\n');
      const all = await sent({ text, media: image, buttons: [button('a')] });
      expect(all.length).toBeGreaterThan(1);
      expect(all.every((message) => message.text.length <= 1_024)).toBe(true);
      expect(all.map(({ media }) => media !== undefined)).toEqual(all.map((_, index) => index === 0));
      expect(all.map(({ buttons }) => buttons !== undefined)).toEqual(all.map((_, index) => index === all.length - 1));
    });

    it('sends before it what has no room for words: audio, and what goes with a list', async () => {
      const audio = { ...image, kind: 'audio' } as const;
      expect(await sent({ text: 'Ouça', media: audio })).toEqual([{ text: '', media: audio }, { text: 'Ouça' }]);
      const list = { button: 'Ver', sections: [{ title: 'S', rows: [button('r')] }] };
      expect(await sent({ text: 'Qual?', media: image, list })).toEqual([
        { text: '', media: image },
        { text: 'Qual?', list },
      ]);
    });

    it.each([
      'http://pao.example.com/bolo.jpg',
      'https://localhost/a.jpg',
      'https://127.0.0.1/a.jpg',
      'https://[::1]/a.jpg',
      'https://2130706433/a.jpg',
      'https://intranet/a.jpg',
      'https://db.internal/a.jpg',
      'https://u:p@pao.example.com/a.jpg',
      'javascript:alert(1)',
      'https://pao.example.com/a b.jpg',
      '',
    ])('refuses %j and says it is the author who must act', async (link) => {
      const config = { text: 'x', media: { link } };
      if (!sendNode.config.safeParse(config).success) return;
      await expect(aNodeContext().run(sendNode, config)).rejects.toMatchObject({
        code: 'bad_message',
        actor: 'author',
      });
    });

    it('refuses buttons without words', async () => {
      await expect(aNodeContext().run(sendNode, { media: image, buttons: [button('a')] })).rejects.toMatchObject({
        code: 'bad_message',
      });
    });
  });

  it('sends each message once, however often it runs', async () => {
    const context = aNodeContext();
    await context.run(sendNode, { text: 'Oi' });
    await context.run(sendNode, { text: 'Oi' });
    expect(context.world.sent.size).toBe(1);
  });

  it('counts nothing as sent when a person has taken over', async () => {
    const result = await aNodeContext().personHasIt().run(sendNode, { text: 'Oi' });
    expect(result.value).toEqual({ text: 'Oi', messageIds: [] });
  });

  it.each([
    ['nothing to say', {}, 'nothing_to_send'],
    ['two buttons that read the same', { text: 'x', buttons: [button('a', 'Sim'), button('b', 'Sim')] }, 'bad_message'],
    [
      'buttons and a list',
      { text: 'x', buttons: [button('a')], list: { button: 'Ver', sections: [{ title: 'S', rows: [button('r')] }] } },
      'bad_message',
    ],
    [
      'eleven rows',
      {
        text: 'x',
        list: {
          button: 'Ver',
          sections: [
            { title: 'A', rows: [0, 1, 2, 3, 4, 5].map((n) => button(`a${n}`)) },
            { title: 'B', rows: [0, 1, 2, 3, 4].map((n) => button(`b${n}`)) },
          ],
        },
      },
      'bad_message',
    ],
  ])('refuses %s and says it is the author who must act', async (_, config, code) => {
    await expect(aNodeContext().run(sendNode, config)).rejects.toMatchObject({ code, actor: 'author' });
  });

  it('refuses a fourth button and a title of 21 letters before it runs', () => {
    const four = ['a', 'b', 'c', 'd'].map((id) => button(id));
    expect(sendNode.config.safeParse({ text: 'x', buttons: four }).success).toBe(false);
    expect(sendNode.config.safeParse({ text: 'x', buttons: [button('a', 'x'.repeat(21))] }).success).toBe(false);
  });
});
