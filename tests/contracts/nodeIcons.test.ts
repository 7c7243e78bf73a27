import { expect, it } from 'vitest';
import { registry } from '#nodes/registry.js';
import { nodeIcons } from '../../editor/nodeIcons.js';

it('the web app brings the icon of every node along', () => {
  const { load } = nodeIcons('nodes');
  const module = (load as (id: string) => string)('\0virtual:node-icons');
  expect(registry.filter((node) => !module.includes(`'${node.icon}':`)).map((node) => node.type)).toEqual([]);
});
