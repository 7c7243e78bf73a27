import { describe, expect, it } from 'vitest';
import { aMessage, aNodeContext, aPassage } from '#tests/support/nodeContext.js';
import { knowledgeSearchNode } from './knowledgeSearch.node.js';

describe('data.knowledgeSearch', () => {
  it("looks for the customer's message and hands on the nearest passages", async () => {
    const passages = [aPassage('a', 'Coxinha leva leite'), aPassage('b', 'Abre às 6h'), aPassage('c', 'Pix')];
    const context = aNodeContext()
      .trigger(aMessage('A coxinha leva leite?'))
      .passages(...passages);
    expect(await context.run(knowledgeSearchNode, { limit: 2 })).toEqual({
      port: 'found',
      value: { query: 'A coxinha leva leite?', passages: passages.slice(0, 2) },
    });
  });

  it('looks for what the author says instead', async () => {
    const context = aNodeContext().trigger(aMessage('e a de jaca?'));
    await context.run(knowledgeSearchNode, { query: 'A coxinha de jaca leva leite?' });
    expect(context.world.searches).toEqual(['A coxinha de jaca leva leite?']);
  });

  it('looks in the sources that the author chose, and in all when the choice is empty', async () => {
    const sourceId = '019ab0c4-5c1e-7cc3-9d53-5d8f4f5a0b11';
    const [one, other] = [aPassage('a', 'x'), { ...aPassage('b', 'y'), sourceId }];
    const asked = () => aNodeContext().trigger(aMessage('oi')).passages(one, other);
    const found = async (config: object) => (await asked().run(knowledgeSearchNode, config as never)).value;
    expect(await found({ sources: [sourceId] })).toMatchObject({ passages: [other] });
    expect(await found({ sources: [] })).toMatchObject({ passages: [one, other] });
    expect(knowledgeSearchNode.config.safeParse({ sources: ['*'] }).success).toBe(false);
  });

  it('says when nothing is near enough', async () => {
    const context = aNodeContext().trigger(aMessage('oi')).passages(aPassage('a', 'x'));
    expect(await context.run(knowledgeSearchNode, { minScore: 0.9 })).toEqual({
      port: 'empty',
      value: { query: 'oi', passages: [] },
    });
  });

  it('tells the author when there is nothing to look for', async () => {
    await expect(aNodeContext().run(knowledgeSearchNode)).rejects.toMatchObject({
      code: 'nothing_to_read',
      actor: 'author',
    });
  });
});
