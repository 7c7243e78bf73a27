import { describe, expect, it } from 'vitest';
import { publicNodes } from '#nodes/registry.js';
import type { Definition } from '../api/types.js';
import { autoLayout } from './autoLayout.js';
import { drawEditor, traceOf } from './drawEditor.js';
import { reuse } from './drawing.js';
import { droppedOn } from './dropped.js';
import { nodeSize } from './boxes.js';
import { planOf } from './layout.js';
import { levelOfNode, pathTo, viewOf } from './levels.js';

const types = new Map(publicNodes().map((type) => [type.type, type]));
const node = (id: string, type: string, more: Partial<Definition['nodes'][number]> = {}) => ({
  id,
  type,
  version: 1,
  config: {},
  position: { x: 0, y: 0 },
  ...more,
});
const edge = (from: string, port: string, to: string) => ({
  id: `${from}-${port}-${to}`,
  from: { node: from, port },
  to: { node: to, port: 'in' },
});
/** Many ways out, of which the two at the right lead somewhere. */
const crowded: Definition = {
  format: 1,
  settings: {},
  nodes: [
    node('sort', 'agent.whatsapp', {
      onError: 'route',
      config: { intents: ['a', 'b', 'c', 'd'].map((name) => ({ name, description: name })) },
    }),
    node('next', 'data.knowledgeSearch', { position: { x: 0, y: 120 } }),
  ],
  edges: [edge('sort', 'b', 'next'), edge('sort', 'c', 'next')],
};

const definition: Definition = {
  format: 1,
  settings: {},
  nodes: [
    node('message', 'trigger.whatsapp'),
    node('each', 'logic.forEach', { config: { items: '{{ trigger.items }}' } }),
    node('inner', 'data.set', { parentId: 'each', position: { x: 20, y: 50 } }),
    node('sector', 'logic.subDepartment'),
    node('hidden', 'data.set', { parentId: 'sector' }),
    node('deep', 'logic.loop', { parentId: 'sector' }),
    node('deepest', 'channel.send', { parentId: 'deep', config: { text: '{{ steps.hidden.price }}' } }),
  ],
  edges: [edge('message', 'message', 'each'), edge('each', 'done', 'sector'), edge('hidden', 'out', 'deep')],
};

it('ways out that lead nowhere stand apart from those that lead somewhere, inside the step', () => {
  const plan = planOf({ definition: crowded, nodeTypes: types, locale: 'en', everyPort: true });
  const places = plan.portsOf('sort').map(({ name }) => plan.routing.ports.get(`sort.${name}`) ?? NaN);
  expect(places.length).toBeGreaterThan(4);
  const inOrder = places.toSorted((a, b) => a - b);
  for (const [index, x] of inOrder.slice(1).entries()) expect(x - (inOrder[index] ?? 0)).toBeGreaterThan(10);
  expect(inOrder.every((x) => x >= 10 && x <= nodeSize.width - 10)).toBe(true);
});

describe('an edge that is let go', () => {
  it('is over the step that stands there, what begins the work included, and inside its own loop over nothing', () => {
    const view = viewOf(definition, types, null);
    const { boxes } = planOf({
      definition: {
        ...view,
        nodes: view.nodes.map((each) => (each.id === 'each' ? { ...each, position: { x: 400, y: 0 } } : each)),
      },
      nodeTypes: types,
      locale: 'en',
    });
    const over = (from: string, id: string, at: { x: number; y: number }) => {
      const box = boxes.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };
      return droppedOn(view, boxes, from, { x: box.x + box.width * at.x, y: box.y + box.height * at.y });
    };
    expect(over('each', 'message', { x: 0.5, y: 0.5 })).toBe('message');
    expect(over('message', 'inner', { x: 0.5, y: 0.5 })).toBe('inner');
    expect(over('message', 'each', { x: 0.5, y: 0.02 })).toBe('each');
    expect(over('inner', 'each', { x: 0.5, y: 0.98 })).toBeNull();
    expect(droppedOn(view, boxes, 'message', { x: -500, y: -500 })).toBeNull();
  });
});

describe('what is drawn', () => {
  it('is the open level with what is inside its loops, and the outside of sub-departments', () => {
    expect(viewOf(definition, types, null).nodes.map(({ id }) => id)).toEqual(['message', 'each', 'inner', 'sector']);
    const inside = viewOf(definition, types, 'sector');
    expect(inside.nodes.map(({ id, parentId }) => [id, parentId])).toEqual([
      ['hidden', undefined],
      ['deep', undefined],
      ['deepest', 'deep'],
    ]);
    expect(inside.edges).toHaveLength(1);
  });

  it('knows the way to a level, and which one shows a step', () => {
    expect(pathTo(definition, 'sector').map(({ id }) => id)).toEqual(['sector']);
    expect(levelOfNode(definition, types, 'deepest')).toBe('sector');
    expect(levelOfNode(definition, types, 'inner')).toBeNull();
  });

  it('has a place for every way out, each its own', () => {
    const view = viewOf(definition, types, null);
    const plan = planOf({ definition: view, nodeTypes: types, locale: 'en', everyPort: true });
    for (const { id } of view.nodes) {
      const places = plan.portsOf(id).map(({ name }) => plan.routing.ports.get(`${id}.${name}`));
      expect(places.every((x) => x !== undefined && x >= 0 && x <= (plan.boxes.get(id)?.width ?? 0))).toBe(true);
      expect(new Set(places).size).toBe(places.length);
    }
  });

  it('keeps the objects of what did not change', () => {
    const drawnAs = (title: string) => {
      const view = viewOf(definition, types, null);
      const nodes = view.nodes.map((each) => (each.id === 'sector' ? { ...each, title } : each));
      const drawing = { ...view, nodes };
      return drawEditor({
        definition: drawing,
        plan: planOf({ definition: drawing, nodeTypes: types, locale: 'en', everyPort: true }),
        types,
        team: 'atendimento',
        locale: 'en',
        progress: new Map(),
        watching: false,
        readOnly: false,
        errors: new Map(),
        comments: new Map(),
        pinned: new Set(),
        held: new Map(),
        trace: new Map(),
        diff: new Map(),
        edgeDiff: new Map(),
        words: { upTo: String, ways: String, node: (name) => name, edge: (from, to) => `${from}>${to}`, group: String },
      });
    };
    const before = drawnAs('Sales');
    const again = drawnAs('Sales');
    expect(reuse(before.nodes, again.nodes)).toBe(before.nodes);
    expect(reuse(before.edges, again.edges)).toBe(before.edges);
    const renamed = drawnAs('Support');
    const kept = reuse(before.nodes, renamed.nodes);
    expect(kept.filter((each) => !before.nodes.includes(each as never)).map(({ id }) => id)).toEqual(['sector']);
    // An edge is called by the titles of its ends.
    const ends = reuse(before.edges, renamed.edges).filter((each) => !before.edges.includes(each as never));
    expect(ends.length).toBeGreaterThan(0);
    expect(ends.every(({ source, target }) => [source, target].includes('sector'))).toBe(true);
    expect(ends.every(({ ariaLabel }) => ariaLabel?.includes('Support'))).toBe(true);
    expect(reuse(before.edges, before.edges.slice(1))).toHaveLength(before.edges.length - 1);
  });
});

it('a step lights what it reads and what reads it', () => {
  expect([...traceOf(definition, 'deepest')]).toEqual([['hidden', 'reads']]);
  expect([...traceOf(definition, 'hidden')]).toEqual([['deepest', 'feeds']]);
  expect(traceOf(definition, 'each').get('message')).toBe('reads');
});

describe('tidied up', () => {
  it('every step is below what it follows, none on another, and bodies are inside their loops', async () => {
    const places = await autoLayout(definition, types, null);
    expect([...places.keys()].toSorted()).toEqual(['each', 'inner', 'message', 'sector']);
    const y = (id: string): number => places.get(id)?.y ?? NaN;
    expect(y('message')).toBeLessThan(y('each'));
    expect(y('each') + nodeSize.height).toBeLessThan(y('sector'));
    expect(places.get('inner')?.y).toBeGreaterThanOrEqual(nodeSize.header);
    expect(places.get('message')).toEqual({ x: 0, y: 0 });
  });
  it('only what is asked for moves', async () => {
    expect([...(await autoLayout(definition, types, null, new Set(['each', 'sector']))).keys()].toSorted()).toEqual([
      'each',
      'inner',
      'sector',
    ]);
  });
});
