import { expect, it } from 'vitest';
import { aNodeContext } from '#tests/support/nodeContext.js';
import { ifNode } from './if.node.js';

it.each([
  [true, 'yes'],
  [false, 'no'],
])('with a condition that is %s goes by %s and changes nothing', async (condition, port) => {
  expect(await aNodeContext().run(ifNode, { condition }, { text: 'oi' })).toEqual({ port, value: { text: 'oi' } });
});
