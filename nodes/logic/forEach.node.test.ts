import { expect, it } from 'vitest';
import { forEachNode } from './forEach.node.js';

it('is a body for the engine: one after the other, at most a hundred, unless the author says otherwise', () => {
  expect(forEachNode.run).toBeUndefined();
  expect(forEachNode.config.parse({ items: [] })).toEqual({
    items: [],
    mode: 'sequential',
    concurrency: 4,
    limit: 100,
  });
  expect(forEachNode.config.safeParse({ items: [], concurrency: 21 }).success).toBe(false);
  expect(forEachNode.config.safeParse({ items: [], limit: 1_001 }).success).toBe(false);
});
