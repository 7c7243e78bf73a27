import { expect, it } from 'vitest';
import { loopNode } from './loop.node.js';

it('is a body for the engine, with a limit that it cannot go without', () => {
  expect(loopNode.run).toBeUndefined();
  expect(loopNode.config.parse({ until: false })).toEqual({ until: false, limit: 10 });
  expect(loopNode.config.safeParse({ until: true, limit: 101 }).success).toBe(false);
});
