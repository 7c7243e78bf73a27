import { describe, expect, it } from 'vitest';
import { aMessage, aNodeContext, aPassage } from '#tests/support/nodeContext.js';
import { faqAgent } from './faq.node.js';

const allergens = aPassage('a', 'Coxinha: leite, glúten.');
const hours = aPassage('h', 'Domingo das 7h às 12h.');
const says = (more = {}) => ({
  output: { text: 'Leva leite, sim.', grounded: true, sources: ['a'], needsPerson: false, ...more },
});
const asked = () => aNodeContext().trigger(aMessage('A coxinha leva leite?'));
const passages = [allergens, hours].map((passage) => ({ ...passage }));

describe('agent.faq', () => {
  it('answers with the sources it used', async () => {
    expect(await asked().model(says()).run(faqAgent, { passages })).toEqual({
      port: 'answered',
      value: {
        text: 'Leva leite, sim.',
        grounded: true,
        sources: [{ title: 'Ficha a', passageId: 'a' }],
        needsPerson: false,
      },
    });
  });

  it('searches by itself when it is given no passages', async () => {
    const context = asked().passages(allergens).model(says());
    expect((await context.run(faqAgent)).port).toBe('answered');
    expect(context.world.searches).toEqual(['A coxinha leva leite?']);
  });

  it('searches only where its author says', async () => {
    const context = asked().passages(allergens).model(says());
    const elsewhere = ['019ab0c4-5c1e-7cc3-9d53-5d8f4f5a0b11'];
    expect((await context.run(faqAgent, { knowledge: elsewhere })).port).toBe('unknown');
  });

  it('thinks with the model that its author chose', async () => {
    const context = asked().model(says());
    await context.run(faqAgent, { passages, model: 'gpt-6.1-sol' });
    await context.run(faqAgent, { passages });
    expect(context.world.chats.map(({ model }) => model)).toEqual(['gpt-6.1-sol', undefined]);
  });

  it('does not search when a step before has', async () => {
    const context = asked().model(says());
    await context.run(faqAgent, { passages });
    expect(context.world.searches).toEqual([]);
  });

  it('drops sources that do not exist, and names each once', async () => {
    const result = await asked()
      .model(says({ sources: ['made-up', 'a', 'a'] }))
      .run(faqAgent, { passages });
    expect(result.value).toMatchObject({ sources: [{ title: 'Ficha a', passageId: 'a' }] });
  });

  it('does not trust an answer whose sources are all made up', async () => {
    const result = await asked()
      .model(says({ text: 'É de graça.', sources: ['made-up'] }))
      .run(faqAgent, { passages });
    expect(result).toMatchObject({
      port: 'unknown',
      value: { text: 'Isso eu não tenho aqui.', grounded: false, sources: [] },
    });
  });

  it('says honestly that the passages do not hold it', async () => {
    const output = says({ text: 'Isso não tá no que eu sei.', grounded: false, sources: ['a'] });
    const result = await asked().model(output).run(faqAgent, { passages });
    expect(result).toMatchObject({ port: 'unknown', value: { text: 'Isso não tá no que eu sei.', sources: [] } });
  });

  it('does not ask a model when there is nothing to answer from', async () => {
    const context = aNodeContext().trigger(aMessage('Do you sell phones?'));
    const result = await context.run(faqAgent, { passages: [] });
    expect(result).toMatchObject({ port: 'unknown', value: { text: "I don't have that here." } });
    expect(context.world.chats).toHaveLength(0);
  });

  it("answers in the customer's language and shows the words as they come", async () => {
    const context = aNodeContext().trigger(aMessage('Is there milk in the coxinha?')).passages(allergens).model(says());
    await context.run(faqAgent);
    const [request] = context.world.chats;
    expect(request?.locale).toBe('en');
    request?.onText?.('Yes');
    expect(context.world.previews).toEqual(['Yes']);
  });

  it('refuses output of another shape', async () => {
    await expect(asked().model({ output: 'sim' }).run(faqAgent, { passages })).rejects.toMatchObject({
      code: 'model_bad_output',
      retryable: true,
    });
  });
});
