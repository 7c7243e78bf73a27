import { describe, expect, it } from 'vitest';
import { aMessage, aNodeContext } from '#tests/support/nodeContext.js';
import { contactNode } from './contact.node.js';

describe('data.contact', () => {
  it('knows who has written before', async () => {
    const context = aNodeContext()
      .trigger(aMessage('ok'))
      .contact({ messageCount: 3, attributes: { favorite: 'coxinha' } });
    expect(await context.run(contactNode)).toEqual({
      port: 'out',
      value: {
        id: 'contact-1',
        name: 'Jéssica',
        locale: 'pt-BR',
        attributes: { favorite: 'coxinha' },
        messageCount: 3,
        known: true,
      },
    });
  });

  it('notes the language of the message and keeps it when a later one does not tell', async () => {
    const context = aNodeContext().trigger(aMessage('Hi, are you open on Sundays?'));
    expect((await context.run(contactNode)).value).toMatchObject({ locale: 'en', known: false });
    expect(context.world.contact?.locale).toBe('en');
    expect((await context.trigger(aMessage('ok')).run(contactNode)).value).toMatchObject({ locale: 'en' });
  });

  it('leaves the language alone when told to', async () => {
    const context = aNodeContext().trigger(aMessage('Hi, are you open?'));
    expect((await context.run(contactNode, { noteLanguage: false })).value).toMatchObject({ locale: 'pt-BR' });
    expect(context.world.contact?.locale).toBeNull();
  });

  it('keeps what the author wants kept, forgets what is null, and leaves the rest', async () => {
    const context = aNodeContext()
      .trigger(aMessage('ok'))
      .contact({ attributes: { old: 1, gone: 2 } });
    const attributes = [
      { name: 'mood', value: 'calm' },
      { name: 'gone', value: null },
    ];
    expect((await context.run(contactNode, { attributes })).value).toMatchObject({
      attributes: { old: 1, mood: 'calm' },
    });
  });

  it('works without a contact, in the language of the organization', async () => {
    const context = aNodeContext().withoutConversation().organizationLocale('en');
    expect((await context.run(contactNode)).value).toMatchObject({ id: null, locale: 'en', known: false });
  });
});
