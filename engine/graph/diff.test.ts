import { expect, it } from 'vitest';
import { diff } from './diff.js';
import { goodGraph } from './testing/graph.js';

const before = goodGraph().build();
const edited = (edit: (definition: typeof before) => void): typeof before => {
  const after = structuredClone(before);
  edit(after);
  return after;
};

it('finds nothing between a definition and itself', () => {
  expect(
    diff(
      before,
      edited(() => {}),
    ),
  ).toEqual({
    nodes: { added: [], removed: [], changed: [] },
    edges: { added: [], removed: [] },
    settings: [],
    runsTheSame: true,
  });
});

it('names added and removed nodes and edges', () => {
  const after = goodGraph().node('new', 'logic.if', { condition: true }).edges('send>new').build();
  const { nodes, edges, runsTheSame } = diff(before, after);
  expect(nodes.added.map(({ id }) => id)).toEqual(['new']);
  expect(edges.added.map(({ id }) => id)).toEqual(['send>new']);
  expect(runsTheSame).toBe(false);
  expect(diff(after, before).nodes.removed.map(({ id }) => id)).toEqual(['new']);
  expect(diff(after, before).edges.removed.map(({ id }) => id)).toEqual(['send>new']);
});

it('goes field by field', () => {
  const after = edited(({ nodes, settings }) => {
    const [, search, write, send] = nodes;
    if (search) search.config['limit'] = 3;
    if (write) write.onError = 'route';
    if (send)
      send.config['buttons'] = [
        { id: 'ok', title: 'Obrigada' },
        { id: 'no', title: 'Não' },
      ];
    settings.maxSteps = 50;
  });
  const { nodes, settings } = diff(before, after);
  expect(nodes.changed.map(({ nodeId, fields }) => [nodeId, fields])).toEqual([
    ['search', [{ path: 'config.limit', before: undefined, after: 3 }]],
    ['write', [{ path: 'onError', before: undefined, after: 'route' }]],
    [
      'send',
      [
        { path: 'config.buttons.0.title', before: 'Valeu', after: 'Obrigada' },
        { path: 'config.buttons.1', before: undefined, after: { id: 'no', title: 'Não' } },
      ],
    ],
  ]);
  expect(settings).toEqual([{ path: 'maxSteps', before: undefined, after: 50 }]);
});

it('knows that moving a node, or naming an edge anew, changes nothing that runs', () => {
  const after = edited(({ nodes, edges }) => {
    const [node] = nodes;
    const [edge] = edges;
    if (node) node.position = { x: 40, y: 8 };
    if (edge) edge.id = 'renamed';
  });
  const { nodes, runsTheSame } = diff(before, after);
  expect(nodes.changed).toEqual([
    {
      nodeId: 'start',
      onlyMoved: true,
      fields: [
        { path: 'position.x', before: 0, after: 40 },
        { path: 'position.y', before: 0, after: 8 },
      ],
    },
  ]);
  expect(runsTheSame).toBe(true);
});
