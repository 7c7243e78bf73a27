import { expect, it } from 'vitest';
import { describeSteps } from './describe.js';
import { graph } from './testing/graph.js';
import { nodeTypes } from './testing/nodes.js';

it('lists steps in the order they run, bodies after their containers, with the ways that lead to them', () => {
  const definition = graph()
    .node('end', 'channel.send', { text: 'x' }, { title: 'Despedida' })
    .node('start', 'trigger.message')
    .node('fork', 'logic.if', { condition: true })
    .node('each', 'logic.forEach', { items: [] })
    .node('body', 'logic.if', { condition: true }, { parentId: 'each' })
    .edges('start>fork', 'fork.yes>each', 'fork.no>end', 'each.done>end')
    .build();
  const steps = describeSteps(definition, nodeTypes);
  expect(steps.map(({ nodeId, depth }) => [nodeId, depth])).toEqual([
    ['start', 0],
    ['fork', 0],
    ['each', 0],
    ['body', 1],
    ['end', 0],
  ]);
  expect(steps.at(-1)).toEqual({
    nodeId: 'end',
    title: 'Despedida',
    kind: 'Passo',
    depth: 0,
    after: [
      { nodeId: 'fork', title: 'Passo', way: 'Passo' },
      { nodeId: 'each', title: 'Passo', way: null },
    ],
  });
  expect(describeSteps(definition, nodeTypes, 'en')[0]?.kind).toBe('Step');
});
