import { expect, it } from 'vitest';
import { aNodeContext } from '#tests/support/nodeContext.js';
import { joinNode } from './join.node.js';

it('hands on what each way brought', async () => {
  const brought = { mood: { score: 0 }, search: { passages: [] } };
  expect(await aNodeContext().run(joinNode, {}, brought)).toEqual({ port: 'out', value: brought });
});
