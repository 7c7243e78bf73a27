import { expect, it } from 'vitest';
import { outputsOf } from '#engine/graph/ports.js';
import { subDepartmentNode } from './subDepartment.node.js';

it('is a body for the engine, left by Done or by one of its exits', () => {
  expect(subDepartmentNode.run).toBeUndefined();
  expect(subDepartmentNode.config.safeParse({ anything: 1 }).success).toBe(false);
  expect(subDepartmentNode.config.parse({})).toEqual({ exits: [] });
  const exits = [{ name: 'sold', title: 'Vendido', when: true }];
  expect(outputsOf(subDepartmentNode, { exits }).map(({ name }) => name)).toEqual(['done', 'sold']);
});
