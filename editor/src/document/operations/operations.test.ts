import { describe, expect, it } from 'vitest';
import type { Definition } from '#engine/graph/definition.js';
import { edgesOf, nodesOf } from '#engine/graph/document/shape.js';
import { graph } from '#engine/graph/testing/graph.js';
import { validate } from '#engine/graph/validate.js';
import { publicNodes } from '#nodes/registry.js';
import { type Editor, EditorDriver } from '#tests/support/documentPeers.js';
import { fragmentOf, fragmentText, readFragment } from '../fragment.js';
import { connectionRefusal, kindsOf } from '../kinds.js';
import { align } from './align.js';
import { connect, disconnect, reconnect } from './edges.js';
import { group } from './group.js';
import { groupRefusal } from './groupPlan.js';
import { ungroup } from './ungroup.js';
import { insertOnEdge } from './insert.js';
import { addNode, moveNodes, removeNodes } from './nodes.js';
import { addNote, removeNotes, setNote } from './notes.js';
import { setConfig, setNodeOption, setSettings, setTitle } from './options.js';
import { duplicate, paste } from './paste.js';
import { canReorder, reorder } from './reorder.js';

const kinds = kindsOf(publicNodes());
const titles = { group: 'Setor', inputs: 'Entradas', outputs: 'Saídas', wayOf: ({ port }: { port: string }) => port };
/** Somebody alone with this draft. */
const open = (definition: Definition): Editor => new EditorDriver(definition, 1).at(0);
const line = () =>
  graph()
    .node('start', 'trigger.manual')
    .node('a', 'data.set', { values: [{ name: 'x', value: 1 }] })
    .node('b', 'data.set', { values: [{ name: 'y', value: '{{ steps.a.x }}' }] })
    .node('c', 'data.set', { values: [{ name: 'z', value: '{{ steps.b.y + steps.a.x }}' }] })
    .edges('start>a', 'a>b', 'b>c')
    .build();
const errorsOf = (definition: Definition) =>
  validate(definition, publicNodes()).problems.filter(({ severity }) => severity === 'error');

describe('nodes', () => {
  it('are added, named, set, moved and locked', () => {
    const { doc, node } = bind(open(line()));
    const id = addNode(doc, { type: 'agent.faq', position: { x: 1.4, y: 2.6 }, title: 'FAQ' });
    expect(id).toMatch(/^faq_[a-z0-9]{6}$/);
    expect(node(id)).toEqual({
      id,
      type: 'agent.faq',
      version: 1,
      title: 'FAQ',
      config: {},
      position: { x: 1, y: 3 },
    });
    expect(setTitle(doc, id, '')).toBe(true);
    expect(node(id).title).toBeUndefined();
    setNodeOption(doc, id, 'retry', { attempts: 3, backoffMs: 5 });
    setNodeOption(doc, id, 'onError', 'route');
    moveNodes(doc, new Map([[id, { x: 9, y: 9 }]]));
    expect(node(id)).toMatchObject({
      retry: { attempts: 3, backoffMs: 5 },
      onError: 'route',
      position: { x: 9, y: 9 },
    });
    setNodeOption(doc, id, 'locked', true);
    expect(setTitle(doc, id, 'x')).toBe(false);
    expect(setConfig(doc, id, 'a', 1)).toBe(false);
    expect(moveNodes(doc, new Map([[id, { x: 0, y: 0 }]]))).toEqual([]);
    expect(removeNodes(doc, [id])).toEqual([]);
    setNodeOption(doc, id, 'locked', undefined);
    expect(removeNodes(doc, [id])).toEqual([id]);
  });

  it('are set field by field, making what is missing', () => {
    const { doc, node } = bind(open(line()));
    setConfig(doc, 'a', ['values', 0, 'name'], 'w');
    setConfig(doc, 'a', 'values.1', { name: 'v', value: 2 });
    setConfig(doc, 'a', 'deep.list.0.x', 1);
    expect(node('a').config).toEqual({
      values: [
        { name: 'w', value: 1 },
        { name: 'v', value: 2 },
      ],
      deep: { list: [{ x: 1 }] },
    });
    setConfig(doc, 'a', 'values.0', undefined);
    setConfig(doc, 'a', 'deep', undefined);
    expect(node('a').config).toEqual({ values: [{ name: 'v', value: 2 }] });
    expect(setConfig(doc, 'a', 'values.7', 1)).toBe(false);
    expect(setConfig(doc, 'nobody', 'x', 1)).toBe(false);
    setConfig(doc, 'a', '', { values: [] });
    expect(node('a').config).toEqual({ values: [] });
  });

  it('that go leave what came before joined to what came after', () => {
    const editor = open(line());
    setNodeOption(editor.doc, 'a', 'compensateWith', 'b');
    expect(removeNodes(editor.doc, ['b'])).toEqual(['b']);
    expect(editor.edges).toEqual(['a.out>c', 'start.out>a']);
    expect(editor.node('a').compensateWith).toBeUndefined();
    editor.history.undo();
    expect(editor.edges).toEqual(['a.out>b', 'b.out>c', 'start.out>a']);
    removeNodes(editor.doc, ['a', 'b']);
    expect(editor.edges).toEqual(['start.out>c']);
    removeNodes(editor.doc, ['start', 'c'], { rejoin: false });
    expect([editor.ids, editor.edges]).toEqual([[], []]);
  });

  it('that decide leave only their first way', () => {
    const editor = open(
      graph()
        .node('start', 'trigger.manual')
        .node('if', 'logic.if', { condition: true })
        .node('a', 'data.set')
        .node('b', 'data.set')
        .edges('start>if', 'if.yes>a', 'if.no>b')
        .build(),
    );
    removeNodes(editor.doc, ['if']);
    expect(editor.edges).toEqual(['start.out>a']);
  });

  it('that contain others go with all that is in them', () => {
    const editor = open(
      graph()
        .node('box', 'logic.subDepartment')
        .node('in', 'logic.subDepartment', {}, { parentId: 'box' })
        .node('deep', 'data.set', {}, { parentId: 'in' })
        .node('out', 'data.set')
        .build(),
    );
    expect(removeNodes(editor.doc, ['box']).toSorted()).toEqual(['box', 'deep', 'in']);
    expect(editor.ids).toEqual(['out']);
  });

  it('line up and spread', () => {
    const editor = open(line());
    const size = { width: 100, height: 40 };
    const xs = () => editor.definition.nodes.map(({ position }) => position.x);
    moveNodes(
      editor.doc,
      new Map([
        ['start', { x: 0, y: 0 }],
        ['a', { x: 130, y: 7 }],
        ['b', { x: 150, y: 9 }],
        ['c', { x: 600, y: 3 }],
      ]),
    );
    align(editor.doc, editor.ids, 'columns', () => size);
    expect(xs()).toEqual([0, 200, 400, 600]);
    align(editor.doc, editor.ids, 'middle', () => size);
    expect(new Set(editor.definition.nodes.map(({ position }) => position.y)).size).toBe(1);
    align(editor.doc, ['start', 'c'], 'right', () => size);
    expect(xs()).toEqual([600, 200, 400, 600]);
  });
});

describe('edges', () => {
  it('are drawn once, moved and taken away', () => {
    const editor = open(line());
    const id = connect(editor.doc, { node: 'a', port: 'out' }, { node: 'c', port: 'in' });
    expect(connect(editor.doc, { node: 'a', port: 'out' }, { node: 'c', port: 'in' })).toBe(id);
    expect(connect(editor.doc, { node: 'a', port: 'out' }, { node: 'b', port: 'in' })).toBe('a>b');
    const moved = reconnect(editor.doc, id, { from: { node: 'start', port: 'out' } });
    expect(editor.edges).toContain('start.out>c');
    expect(disconnect(editor.doc, [String(moved), 'nothing'])).toEqual([moved]);
    expect(editor.edges).toEqual(['a.out>b', 'b.out>c', 'start.out>a']);
  });

  it('take a node in between, new or standing there', () => {
    const editor = open(line());
    const put = insertOnEdge(editor.doc, 'a>b', { type: 'data.set', position: { x: 0, y: 0 } });
    expect(editor.edges).toEqual([`a.out>${put?.nodeId}`, 'b.out>c', `${put?.nodeId}.out>b`, 'start.out>a'].toSorted());
    const alone = addNode(editor.doc, { type: 'data.set', position: { x: 0, y: 0 } });
    expect(insertOnEdge(editor.doc, 'b>c', alone)?.nodeId).toBe(alone);
    expect(editor.edges).toContain(`b.out>${alone}`);
    expect(insertOnEdge(editor.doc, 'b>c', alone)).toBeNull();
    expect(errorsOf(editor.definition)).toEqual([]);
  });

  it('that make no sense say why', () => {
    const definition = graph()
      .node('start', 'trigger.manual')
      .node('a', 'data.set')
      .node('b', 'data.set')
      .node('box', 'logic.subDepartment')
      .node('in', 'data.set', {}, { parentId: 'box' })
      .edges('start>a', 'a>b')
      .build();
    const why = (from: string, to: string, port = 'out') =>
      connectionRefusal(definition, kinds, { node: from, port }, { node: to, port: 'in' });
    expect([
      why('a', 'nobody'),
      why('a', 'a'),
      why('a', 'start'),
      why('a', 'in'),
      why('a', 'box', 'nothing'),
      why('a', 'b'),
      why('b', 'a'),
      why('start', 'b'),
    ]).toEqual(['missing', 'self', 'intoTrigger', 'acrossLevels', 'noSuchPort', 'duplicate', 'circle', null]);
  });
});

describe('copies', () => {
  it('have ids of their own and read each other', () => {
    const editor = open(line());
    const [a = '', b = ''] = duplicate(editor.doc, ['a', 'b']);
    expect(editor.node(b).config).toEqual({ values: [{ name: 'y', value: `{{ steps.${a}.x }}` }] });
    expect(editor.edges).toContain(`${a}.out>${b}`);
    expect(editor.node(a).position).toEqual({ x: 48, y: 48 });
    const [c = ''] = duplicate(editor.doc, ['c']);
    expect(editor.node(c).config['values']).toEqual([{ name: 'z', value: '{{ steps.b.y + steps.a.x }}' }]);
  });

  it('go from window to window as text, containers with what is in them', () => {
    const from = open(
      graph()
        .node('box', 'logic.subDepartment', {}, { parentId: 'nowhere', position: { x: 10, y: 10 } })
        .node('in', 'data.set', { values: [] }, { parentId: 'box', position: { x: 3, y: 4 }, locked: true })
        .build(),
    );
    const cut = fragmentOf(from.definition, ['box']);
    const fragment = cut && readFragment(fragmentText(cut));
    if (!fragment) throw new Error('nothing was cut');
    const to = open(line());
    const [box = ''] = paste(to.doc, fragment, { at: { x: 100, y: 50 }, parentId: undefined });
    expect(to.node(box)).toMatchObject({ position: { x: 100, y: 50 } });
    expect(to.node(box).parentId).toBeUndefined();
    const inside = to.definition.nodes.find(({ parentId }) => parentId === box);
    expect(inside).toMatchObject({ position: { x: 3, y: 4 } });
    expect(inside?.locked).toBeUndefined();
  });

  it.each([
    'a note',
    '',
    '{"nodes":[]}',
    '{"format":"department-fragment","nodes":[],"edges":[]}',
    '{"format":"department-fragment","nodes":[{"id":"a","type":"t","version":1,"config":{"__proto__":{}},"position":{"x":0,"y":0}}],"edges":[]}',
    `{"format":1,"nodes":[${'['.repeat(10_000)}`,
  ])('are not made of %.40s', (text) => expect(readFragment(text)).toBeNull());

  it('are made of a whole department too', () => {
    expect(readFragment(JSON.stringify(line()))?.nodes).toHaveLength(4);
  });
});

describe('a selection as a sub-department', () => {
  it('names what it reads outside and what is read of it, and runs the same', () => {
    const editor = open(
      graph()
        .node('start', 'trigger.manual')
        .node('a', 'data.set', { values: [{ name: 'x', value: 1 }] })
        .node('b', 'data.set', { values: [{ name: 'y', value: '{{ steps.a.x }} {{ steps["a"].x }} "steps.a.x"' }] })
        .node('c', 'data.set', { values: [{ name: 'z', value: '{{ steps.b.y }}' }] })
        .node('d', 'data.set', { values: [{ name: 'w', value: '{{ steps.b.y + "steps.b.y" }}' }] })
        .edges('start>a', 'a>b', 'b>c', 'c>d')
        .build(),
    );
    const made = group(editor.doc, ['b', 'c'], titles, kinds);
    if (!('id' in made)) throw new Error(made.refused);
    const inside = editor.definition.nodes.filter(({ parentId }) => parentId === made.id);
    const inputs = inside.find(({ title }) => title === 'Entradas');
    const outputs = inside.find(({ title }) => title === 'Saídas');
    expect(inputs?.config).toEqual({
      values: [{ name: 'a_x', value: '{{ steps.a.x }}' }],
      base: '{{ coalesce(steps.a) }}',
    });
    expect(editor.node('b').config['values']).toEqual([
      { name: 'y', value: `{{ steps.${inputs?.id}.a_x }} {{ steps.${inputs?.id}.a_x }} "steps.a.x"` },
    ]);
    expect(outputs?.config).toEqual({
      values: [{ name: 'b_y', value: '{{ steps.b.y }}' }],
      base: '{{ coalesce(steps.c) }}',
    });
    expect(editor.node('d').config['values']).toEqual([
      { name: 'w', value: `{{ steps.${made.id}.b_y + "steps.b.y" }}` },
    ]);
    expect(editor.edges).toEqual(
      [
        'start.out>a',
        `a.out>${made.id}`,
        `${made.id}.done>d`,
        `${inputs?.id}.out>b`,
        'b.out>c',
        `c.out>${outputs?.id}`,
      ].toSorted(),
    );
    expect(errorsOf(editor.definition)).toEqual([]);
    ungroup(editor.doc, made.id, kinds);
    expect(editor.edges).toEqual(['a.out>b', 'b.out>c', 'c.out>d', 'start.out>a']);
    expect(editor.node('d').config['values']).toEqual([{ name: 'w', value: '{{ steps.b.y + "steps.b.y" }}' }]);
    expect(editor.definition.nodes).toHaveLength(5);
  });

  it('and back again', () => {
    const editor = open(line());
    const made = group(editor.doc, ['a', 'b'], titles, kinds);
    if (!('id' in made)) throw new Error(made.refused);
    expect(ungroup(editor.doc, made.id, kinds).length).toBeGreaterThan(1);
    expect(editor.edges).toContain('start.out>a');
    expect(editor.definition.nodes.some(({ parentId }) => parentId)).toBe(false);
    expect(ungroup(editor.doc, 'c', kinds)).toEqual([]);
  });

  const parting = () =>
    graph()
      .node('start', 'trigger.manual')
      .node('if', 'logic.if', { condition: '{{ trigger.n > 1 }}' })
      .node('many', 'data.set', { values: [{ name: 'x', value: 'many' }] })
      .node('few', 'data.set', { values: [{ name: 'x', value: 'few' }] })
      .node('after', 'data.set', { values: [{ name: 'y', value: '{{ steps.many.x }}' }] })
      .node('other', 'data.set', { values: [{ name: 'y', value: '{{ steps.?many.x.orValue("none") }}' }] })
      .edges('start>if', 'if.yes>many', 'if.no>few', 'many>after', 'few>other', 'after>other')
      .build();

  it('has an exit for each thing that follows only sometimes, and what follows reads what it read', () => {
    const editor = open(parting());
    const places = { if: { x: 320, y: 96 }, many: { x: 200, y: 200 }, few: { x: 440, y: 208 } };
    moveNodes(editor.doc, new Map(Object.entries(places)));
    const made = group(editor.doc, ['if', 'many', 'few'], titles, kinds);
    if (!('id' in made)) throw new Error(made.refused);
    const { exits } = editor.node(made.id).config as { exits: { name: string; when: string }[] };
    expect(exits).toHaveLength(2);
    const [first, second] = exits.map(({ name }) => name);
    expect(editor.edges).toEqual(
      expect.arrayContaining([`${made.id}.${first}>after`, `${made.id}.${second}>other`, `start.out>${made.id}`]),
    );
    expect(editor.edges.some((edge) => edge.startsWith(`${made.id}.done`))).toBe(false);
    expect(editor.node('after').config['values']).toEqual([{ name: 'y', value: `{{ steps.${made.id}.many_x }}` }]);
    expect(editor.node('other').config['values']).toEqual([
      { name: 'y', value: `{{ steps.?${made.id}.many_x.orValue("none") }}` },
    ]);
    expect(errorsOf(editor.definition)).toEqual([]);
    // And nothing of it is left when it comes apart again.
    ungroup(editor.doc, made.id, kinds);
    const own = ({ nodes }: Definition) => nodes.map(({ id, config }) => [id, config]);
    expect(own(editor.definition)).toEqual(own(parting()));
    for (const [id, place] of Object.entries(places)) expect(editor.node(id).position).toEqual(place);
    expect(editor.edges).toEqual(open(parting()).edges);
  });

  it('joins what follows together, and tells apart what follows besides', () => {
    const editor = open(
      graph()
        .node('start', 'trigger.manual')
        .node('a', 'data.set')
        .node('if', 'logic.if', { condition: '{{ trigger.n > 1 }}' })
        .node('always', 'data.set')
        .node('sometimes', 'data.set')
        .edges('start>a', 'start>if', 'a>always', 'if.yes>sometimes')
        .build(),
    );
    const made = group(editor.doc, ['a', 'if'], titles, kinds);
    if (!('id' in made)) throw new Error(made.refused);
    const from = (target: string) => editor.edges.filter((edge) => edge.endsWith(`>${target}`)).length;
    expect([from('always'), from('sometimes')]).toEqual([2, 1]);
    const { exits } = editor.node(made.id).config as { exits: { when: string }[] };
    expect(exits.map(({ when }) => /!has/.test(when)).toSorted()).toEqual([false, true]);
    expect(errorsOf(editor.definition)).toEqual([]);
    ungroup(editor.doc, made.id, kinds);
    expect(editor.edges).toEqual(['a.out>always', 'if.yes>sometimes', 'start.out>a', 'start.out>if']);
  });

  it('needs no exit where the same follows every time', () => {
    const editor = open(
      graph()
        .node('start', 'trigger.manual')
        .node('a', 'data.set')
        .node('b', 'data.set')
        .node('c', 'data.set')
        .node('x', 'data.set')
        .node('y', 'data.set')
        .edges('start>a', 'a>b', 'a>c', 'b>x', 'c>y')
        .build(),
    );
    const made = group(editor.doc, ['a', 'b', 'c'], titles, kinds);
    if (!('id' in made)) throw new Error(made.refused);
    expect(editor.edges.filter((edge) => edge.startsWith(made.id)).map((edge) => edge.split('>')[1])).toEqual([
      'x',
      'y',
    ]);
    expect(editor.node(made.id).config).toEqual({});
    // Apart again each follows the one it followed, and what came to be after one of them follows that.
    const added = addNode(editor.doc, { type: 'data.set', position: { x: 0, y: 0 }, parentId: made.id });
    connect(editor.doc, { node: 'c', port: 'out' }, { node: added, port: 'in' });
    ungroup(editor.doc, made.id, kinds);
    const before = ['a.out>b', 'a.out>c', 'b.out>x', 'start.out>a'];
    expect(editor.edges).toEqual([...before, 'b.out>y', `c.out>${added}`, `${added}.out>y`].toSorted());
    editor.history.undo();
    editor.history.undo();
    editor.history.undo();
    ungroup(editor.doc, made.id, kinds);
    expect(editor.edges).toEqual([...before, 'c.out>y'].toSorted());
  });

  /** What each of these steps works with when it names nothing: the expression of the step that hands it on, followed to where it is from. */
  const workedWith = (editor: Editor, made: string, ...ids: string[]): (string | undefined)[] => {
    const named = new Map(
      editor.definition.nodes
        .flatMap(({ parentId, config }) =>
          parentId === made ? ((config['values'] as { name: string; value: string }[] | undefined) ?? []) : [],
        )
        .map(({ name, value }) => [name, value]),
    );
    const sourceOf = (text: string): string => {
      const mark = /steps\.(set_\w+)/.exec(text)?.[1];
      const base = mark && editor.node(mark).config['base'];
      return typeof base === 'string' ? base : text;
    };
    return ids.map((id) => {
      const [before] = editor.edges.filter((edge) => edge.endsWith(`>${id}`));
      const base = String(editor.node(String(before?.split('.')[0])).config['base']);
      const name = new RegExp(`steps\\.${made}\\.(\\w+)`).exec(base)?.[1];
      return sourceOf(named.get(name ?? '') ?? '');
    });
  };

  it('hands each of the steps that go on at once what came of its own branch', () => {
    const parallel = () =>
      graph()
        .node('start', 'trigger.manual')
        .node('a', 'data.set', { values: [{ name: 'x', value: 'a' }] })
        .node('b', 'data.set', { values: [{ name: 'x', value: 'b' }] })
        .node('c', 'data.set', { values: [{ name: 'x', value: 'c' }] })
        .node('onB', 'logic.if', { condition: true })
        .node('onC', 'logic.if', { condition: true })
        .node('names', 'data.set', { values: [{ name: 'y', value: '{{ steps.c.x }}' }] })
        .edges('start>a', 'a>b', 'a>c', 'b>onB', 'c>onC', 'c>names')
        .build();
    const editor = open(parallel());
    const made = group(editor.doc, ['a', 'b', 'c'], titles, kinds);
    if (!('id' in made)) throw new Error(made.refused);
    expect(workedWith(editor, made.id, 'onB', 'onC')).toEqual(['{{ steps.b }}', '{{ steps.c }}']);
    // Who names what it reads needs nobody in between.
    expect(editor.edges).toContain(`${made.id}.done>names`);
    expect(errorsOf(editor.definition)).toEqual([]);
    ungroup(editor.doc, made.id, kinds);
    expect(editor.edges).toEqual(open(parallel()).edges);
    expect(editor.definition.nodes.map(({ id, config }) => [id, config])).toEqual(
      parallel().nodes.map(({ id, config }) => [id, config]),
    );
  });

  it('hands each its own also where one of them follows only sometimes', () => {
    const sometimes = () =>
      graph()
        .node('start', 'trigger.manual')
        .node('a', 'data.set', { values: [{ name: 'x', value: 'a' }] })
        .node('if', 'logic.if', { condition: '{{ trigger.n > 1 }}' })
        .node('always', 'logic.if', { condition: true })
        .node('yes', 'logic.if', { condition: true })
        .edges('start>a', 'start>if', 'a>always', 'if.yes>yes')
        .build();
    const editor = open(sometimes());
    const made = group(editor.doc, ['a', 'if'], titles, kinds);
    if (!('id' in made)) throw new Error(made.refused);
    expect(workedWith(editor, made.id, 'always', 'yes')).toEqual([
      '{{ coalesce(steps.a) }}',
      '{{ coalesce(steps.if) }}',
    ]);
    expect(errorsOf(editor.definition)).toEqual([]);
    ungroup(editor.doc, made.id, kinds);
    expect(editor.edges).toEqual(open(sometimes()).edges);
    expect(editor.definition.nodes.map(({ id }) => id)).toEqual(sometimes().nodes.map(({ id }) => id));
  });

  it('begins as a whole although something outside led to its middle', () => {
    const editor = open(
      graph()
        .node('start', 'trigger.manual')
        .node('a', 'logic.if', { condition: true })
        .node('b', 'data.set')
        .edges('start>a', 'a.yes>b', 'start>b')
        .build(),
    );
    const made = group(editor.doc, ['a', 'b'], titles, kinds);
    if (!('id' in made)) throw new Error(made.refused);
    const inputs = editor.definition.nodes.find(({ title }) => title === 'Entradas')?.id;
    expect(editor.edges).toEqual([`start.out>${made.id}`, `${inputs}.out>a`, `${inputs}.out>b`, 'a.yes>b'].toSorted());
  });

  it('is refused where it cannot be', () => {
    const definition = graph()
      .node('start', 'trigger.manual')
      .node('if', 'logic.if', { condition: true })
      .node('a', 'data.set')
      .node('b', 'data.set')
      .node('c', 'data.set', {}, { locked: true })
      .node('box', 'logic.subDepartment')
      .node('in', 'data.set', {}, { parentId: 'box' })
      .edges('start>if', 'if.yes>a', 'if.no>b', 'a>c')
      .build();
    const why = (...ids: string[]) => groupRefusal(definition, ids, kinds);
    expect([why(), why('c'), why('a', 'in'), why('start'), why('if', 'c'), why('if'), why('if', 'a', 'b')]).toEqual([
      'empty',
      'locked',
      'severalLevels',
      'trigger',
      'locked',
      null,
      null,
    ]);
    expect(why('a', 'b')).toBe('severalEntries');
    const around = graph()
      .node('a', 'data.set')
      .node('b', 'data.set')
      .node('c', 'data.set')
      .edges('a>b', 'b>c')
      .build();
    expect(groupRefusal(around, ['a', 'c'], kinds)).toBe('returns');
  });
});

describe('the order of a row', () => {
  it('changes by letting a step change places with its neighbour, and back', () => {
    const editor = open(line());
    moveNodes(
      editor.doc,
      new Map([
        ['a', { x: 1, y: 1 }],
        ['b', { x: 2, y: 2 }],
      ]),
    );
    expect(reorder(editor.doc, 'a', 'down', kinds)).toBe(true);
    expect(editor.edges).toEqual(['a.out>c', 'b.out>a', 'start.out>b']);
    expect([editor.node('a').position, editor.node('b').position]).toEqual([
      { x: 2, y: 2 },
      { x: 1, y: 1 },
    ]);
    expect(reorder(editor.doc, 'a', 'down', kinds)).toBe(true);
    expect(editor.edges).toEqual(['b.out>c', 'c.out>a', 'start.out>b']);
    for (let undo = 0; undo < 2; undo += 1) editor.history.undo();
    expect(editor.edges).toEqual(open(line()).edges);
    expect(reorder(editor.doc, 'b', 'up', kinds)).toBe(true);
    expect(editor.edges).toEqual(['a.out>c', 'b.out>a', 'start.out>b']);
  });

  it('keeps the ways out that are gone by, and does nothing where paths part or meet, at the ends and at what is locked', () => {
    const editor = open(
      graph()
        .node('start', 'trigger.manual')
        .node('a', 'data.set')
        .node('if', 'logic.if', { condition: true })
        .node('yes', 'data.set')
        .node('no', 'data.set')
        .node('join', 'logic.join')
        .node('one', 'logic.if', { condition: true })
        .node('last', 'data.set', {}, { locked: true })
        .edges('start>a', 'a>if', 'if.yes>yes', 'if.no>no', 'yes>join', 'no>join', 'join>one', 'one.no>last')
        .build(),
    );
    const before = editor.definition;
    const may = (id: string, by: 'up' | 'down') => canReorder(before, id, by, kinds);
    expect(['start', 'a', 'if', 'yes', 'no', 'one', 'last'].filter((id) => may(id, 'down'))).toEqual([]);
    expect(['start', 'a', 'if', 'yes', 'join', 'last'].filter((id) => may(id, 'up'))).toEqual([]);
    expect(reorder(editor.doc, 'start', 'down', kinds)).toBe(false);
    expect(editor.definition).toEqual(before);
    expect(reorder(editor.doc, 'one', 'up', kinds)).toBe(true);
    expect(editor.edges).toEqual(expect.arrayContaining(['yes.out>one', 'no.out>one', 'one.no>join', 'join.out>last']));
  });
});

describe('the rest of a draft', () => {
  it('settings and notes are set one by one', () => {
    const editor = open(line());
    setSettings(editor.doc, { maxSteps: 9, burstWindowMs: 5 });
    setSettings(editor.doc, { burstWindowMs: undefined });
    const id = addNote(editor.doc, { text: 'Oi', x: 1, y: 2 });
    setNote(editor.doc, id, { text: 'Olá', color: 'folha' });
    expect(editor.definition.settings).toEqual({
      maxSteps: 9,
      notes: { [id]: { text: 'Olá', x: 1, y: 2, color: 'folha' } },
    });
    expect(removeNotes(editor.doc, [id, 'x'])).toEqual([id]);
    expect(setNote(editor.doc, id, { text: 'x' })).toBe(false);
    expect(errorsOf(editor.definition)).toEqual([]);
  });

  it('what is no node is taken away like one', () => {
    const editor = open(line());
    nodesOf(editor.doc).set('junk', 1);
    edgesOf(editor.doc).set('junk', 1);
    expect(removeNodes(editor.doc, ['junk'])).toEqual(['junk']);
    expect([nodesOf(editor.doc).has('junk'), edgesOf(editor.doc).has('junk')]).toEqual([false, false]);
  });
});

/** An editor's parts that can be taken apart. */
const bind = (editor: Editor) => ({ doc: editor.doc, node: (id: string) => editor.node(id) });
