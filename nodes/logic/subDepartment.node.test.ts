import { expect, it } from 'vitest';
import { subDepartmentNode } from './subDepartment.node.js';

it('is a body for the engine and has nothing to set', () => {
  expect(subDepartmentNode.run).toBeUndefined();
  expect(subDepartmentNode.config.safeParse({ anything: 1 }).success).toBe(false);
});
