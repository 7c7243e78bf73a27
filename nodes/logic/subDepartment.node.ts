import { z } from 'zod';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson } from '#nodes/sdk/values.js';

/** Holds a group of steps as one: its body runs once. The engine runs it. */
export const subDepartmentNode = defineNode({
  type: 'logic.subDepartment',
  version: 1,
  kind: 'department',
  group: 'logic',
  title: words('Setor', 'Sub-department'),
  summary: words(
    'Junta vários passos em um só, com nome próprio.',
    'Gathers several steps into one with its own name.',
  ),
  icon: 'boxes',
  needs: [],
  effects: [],
  config: z.strictObject({}),
  inputs: [inPort],
  outputs: [{ name: 'done', title: words('Feito', 'Done'), schema: anyJson }],
});
