import { createHash } from 'node:crypto';
import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import type { Definition, NodeDefinition } from '../definition.js';
import { goodGraph } from '../testing/graph.js';
import { nodesOf, edgesOf, readDefinition, readDraft, settingsOf } from './shape.js';
import { createDocument, writeDefinition } from './write.js';
import { fingerprint } from './fingerprint.js';
import { keepOrders } from './orders.js';

const good = (): Definition => goodGraph().build();
const read = (doc: Y.Doc): Definition => readDefinition(doc).definition;
/** A node to change in place. */
function nodeOf(definition: Definition, id: string): NodeDefinition {
  const node = definition.nodes.find((each) => each.id === id);
  if (!node) throw new Error(id);
  return node;
}
/** A second document with the same history. */
function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}
function exchange(...docs: Y.Doc[]): void {
  for (const from of docs)
    for (const to of docs) Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
}
const configOf = (doc: Y.Doc, id: string): Y.Map<unknown> =>
  (nodesOf(doc).get(id) as Y.Map<unknown>).get('config') as Y.Map<unknown>;

describe('a definition in a document', () => {
  it('comes out as it went in, in the same order, for everybody', () => {
    const definition = {
      ...good(),
      settings: { burstWindowMs: 500, notes: { a: { text: 'Oi', x: 1, y: 2 } }, other: [1, { b: null }] },
    };
    definition.nodes[1] = {
      ...nodeOf(definition, 'search'),
      title: 'Busca',
      retry: { attempts: 2, backoffMs: 10 },
      timeoutSeconds: 3.5,
      onError: 'route',
      compensateWith: 'send',
      note: 'por quê',
      locked: true,
      config: { text: 'linha\noutra', list: [[1, 'a'], { b: [] }], empty: {}, none: null, yes: false, '': 1 },
    };
    definition.nodes.reverse();
    const doc = createDocument(definition);
    expect(read(doc)).toEqual(definition);
    expect(read(copyOf(doc))).toEqual(definition);
    expect(readDraft(doc)).toEqual(definition);
    expect(readDefinition(doc).invalid).toEqual([]);
  });

  it('is the one of surface.md: maps by id with a nested config', () => {
    const doc = createDocument(good());
    expect(doc.getMap('nodes').get('send')).toBeInstanceOf(Y.Map);
    expect(configOf(doc, 'send').get('text')).toBeInstanceOf(Y.Text);
    expect(String(configOf(doc, 'send').get('text'))).toBe('{{ steps.write.text }}');
    expect((edgesOf(doc).get('start>search') as Y.Map<unknown>).get('from')).toEqual({ node: 'start', port: 'out' });
  });

  it('keeps nodes and edges that share an id, so that it can be said', () => {
    const definition = good();
    const doubled = {
      ...definition,
      nodes: [...definition.nodes, { ...nodeOf(definition, 'search'), title: 'Outra' }],
    };
    expect(read(createDocument(doubled))).toEqual(doubled);
  });

  it('written again changes nothing', () => {
    const doc = createDocument(good());
    let updates = 0;
    doc.on('update', () => (updates += 1));
    writeDefinition(doc, good());
    expect(updates).toBe(0);
  });
});

describe('writing a definition', () => {
  it('touches only what differs: what another does meanwhile stays', () => {
    const ours = createDocument(good());
    const theirs = copyOf(ours);
    const changed = good();
    nodeOf(changed, 'write').title = 'Escreve';
    nodeOf(changed, 'search').config['query'] = 'novo';
    writeDefinition(ours, changed);
    configOf(theirs, 'search').set('limit', 9);
    (configOf(theirs, 'send').get('buttons') as Y.Array<Y.Map<unknown>>).get(0).set('title', 'Fechou');
    (nodesOf(theirs).get('write') as Y.Map<unknown>).set('position', { x: 5, y: 5 });
    exchange(ours, theirs);
    expect(read(ours)).toEqual(read(theirs));
    const nodes = Object.fromEntries(read(ours).nodes.map((node) => [node.id, node]));
    expect(nodes['search']?.config).toEqual({ query: 'novo', limit: 9 });
    expect(nodes['write']).toMatchObject({ title: 'Escreve', position: { x: 5, y: 5 } });
    expect(nodes['send']?.config['buttons']).toEqual([{ id: 'ok', title: 'Fechou' }]);
  });

  it('merges lists by item and long texts by letter', () => {
    const long = 'Responda com carinho.\nSeja breve.';
    const withList = (values: string[], text: string): Definition => {
      const definition = good();
      nodeOf(definition, 'send').config = { text, buttons: values.map((id) => ({ id, title: id })) };
      return definition;
    };
    const ours = createDocument(withList(['a', 'b', 'c'], long));
    const theirs = copyOf(ours);
    writeDefinition(ours, withList(['c', 'a', 'b'], `Olá! ${long}`));
    writeDefinition(theirs, withList(['a', 'b', 'c', 'd'], `${long} Tchau 😀`));
    exchange(ours, theirs);
    expect(read(ours)).toEqual(read(theirs));
    const { config } = nodeOf(read(ours), 'send');
    expect(config['text']).toBe(`Olá! ${long} Tchau 😀`);
    expect((config['buttons'] as { id: string }[]).map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('cuts no character in two', () => {
    const doc = createDocument(good());
    const withText = (text: string): Definition => {
      const definition = good();
      nodeOf(definition, 'send').config['text'] = text;
      return definition;
    };
    for (const text of ['a\n😀b', 'a\n😁b', '😀😁\n', '😀😂\n', '\n😀', '😀\n😀😀', '😀\n😀']) {
      writeDefinition(doc, withText(text));
      expect(read(copyOf(doc)).nodes[3]?.config['text']).toBe(text);
    }
  });

  it('takes out what is not in it, whatever it is', () => {
    const doc = createDocument(good());
    nodesOf(doc).set('junk', 'text');
    nodesOf(doc).set('more', new Y.Array());
    configOf(doc, 'send').set('junk', new Y.XmlElement());
    settingsOf(doc).set('x', 1);
    writeDefinition(doc, good());
    expect([...nodesOf(doc).keys()].toSorted()).toEqual(['search', 'send', 'start', 'write']);
    expect([configOf(doc, 'send').has('junk'), settingsOf(doc).has('x')]).toEqual([false, false]);
  });
});

describe('what others wrote', () => {
  it('as plain JSON reads the same', () => {
    const doc = new Y.Doc();
    const { nodes, edges } = good();
    for (const node of nodes) nodesOf(doc).set(node.id, new Y.Map(Object.entries(node)));
    for (const edge of edges) edgesOf(doc).set(edge.id, new Y.Map(Object.entries(edge)));
    const sorted = (definition: Definition) => definition.nodes.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(sorted(read(doc))).toEqual(sorted(good()));
  });

  it('that is hostile never throws, poisons nothing and is told', () => {
    const doc = createDocument(good());
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"ok":"\\u0000a"}',
    );
    configOf(doc, 'send').set('__proto__', 'x');
    configOf(doc, 'send').set('plain', [hostile]);
    configOf(doc, 'send').set('big', Infinity);
    configOf(doc, 'send').set('bytes', new Uint8Array(3));
    configOf(doc, 'send').set('xml', new Y.XmlFragment());
    configOf(doc, 'send').set('doc', new Y.Doc());
    let deep: Y.Map<unknown> = configOf(doc, 'send');
    for (let level = 0; level < 2_000; level += 1) {
      deep.set('d', new Y.Map());
      deep = deep.get('d') as Y.Map<unknown>;
    }
    nodesOf(doc).set('__proto__', new Y.Map([['type', 'x']]));
    nodesOf(doc).set('text', 'no node');
    nodesOf(doc).set('half', new Y.Map([['type', 7]]));
    edgesOf(doc).set('half', new Y.Map([['from', 'start']]));
    settingsOf(doc).set('maxSteps', 'many');
    const { definition, invalid } = readDefinition(doc);
    expect(invalid).toEqual([
      { part: 'node', key: 'half' },
      { part: 'node', key: 'text' },
      { part: 'edge', key: 'half' },
      { part: 'settings', key: '' },
    ]);
    expect(definition.nodes.map(({ id }) => id)).toEqual(['start', 'search', 'write', 'send', '__proto__']);
    expect(definition.nodes[3]?.config).toMatchObject({ plain: [{ ok: 'a' }] });
    expect(Object.keys(definition.nodes[3]?.config ?? {})).not.toContain('__proto__');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(() => readDraft(doc)).not.toThrow();
    writeDefinition(doc, good());
    expect(readDefinition(doc)).toEqual({ definition: good(), invalid: [] });
  });
});

describe('a text that several write in', () => {
  it('ends where a definition says, and what was emptied by letters is as if it never was', () => {
    const doc = createDocument({ ...good(), settings: { notes: { a: { text: 'papel', x: 0, y: 0 } } } });
    const node = nodesOf(doc).get('send') as Y.Map<unknown>;
    node.set('title', new Y.Text(`${'a'.repeat(119)}😀`));
    node.set('note', new Y.Text('n'.repeat(2_500)));
    const paper = (settingsOf(doc).get('notes') as Y.Map<Y.Map<Y.Text>>).get('a')?.get('text');
    paper?.insert(0, 'p'.repeat(5_500));
    const { definition, invalid } = readDefinition(doc);
    expect(invalid).toEqual([]);
    expect(nodeOf(definition, 'send')).toMatchObject({ title: 'a'.repeat(119), note: 'n'.repeat(2_000) });
    expect(definition.settings.notes?.['a']?.text).toBe('p'.repeat(5_000));
    for (const text of [node.get('title'), node.get('note'), configOf(doc, 'send').get('text'), paper])
      (text as Y.Text).delete(0, (text as Y.Text).length);
    const emptied = nodeOf(read(doc), 'send');
    expect(['title' in emptied, 'note' in emptied, 'text' in emptied.config]).toEqual([false, false, false]);
    expect(read(doc).settings.notes?.['a']?.text).toBe('');
    const written = { ...read(doc), nodes: read(doc).nodes.map((each) => ({ ...each, note: '' })) };
    writeDefinition(doc, written);
    expect(read(doc)).toEqual(written);
  });
});

describe('numbers of order', () => {
  it.each([
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    [
      [undefined, undefined],
      [1, 2],
    ],
    [
      [1, undefined, 2],
      [1, 1.5, 2],
    ],
    [
      [undefined, 5],
      [2.5, 5],
    ],
    [
      [3, 1, 2],
      [0.5, 1, 2],
    ],
    [
      [2, 3, 1],
      [2, 3, 4],
    ],
    [
      [1, undefined, 1 + Number.EPSILON],
      [1, 2, 3],
    ],
  ])('%j -> %j', (known, orders) => expect(keepOrders(known)).toEqual(orders));
});

describe('the fingerprint of a draft', () => {
  it('is the same for whoever reads the same, and another for any difference', () => {
    const definition = { ...goodGraph().build(), settings: { maxSteps: 7 } };
    const [first] = definition.nodes;
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const known = new WeakMap<object, string>();
    const is = fingerprint(definition, { known });
    // Others have the keys of a map in another order.
    const turned = definition.nodes.map((node) => Object.fromEntries(Object.entries(node).toReversed()));
    expect(fingerprint({ ...definition, nodes: turned as never }, { hash })).toBe(is);
    const others: Definition[] = [
      { ...definition, nodes: definition.nodes.toReversed() },
      { ...definition, nodes: definition.nodes.slice(1) },
      { ...definition, nodes: definition.nodes.map((node) => (node === first ? { ...node, note: 'x' } : node)) },
      { ...definition, edges: definition.edges.slice(1) },
      { ...definition, edges: [], nodes: [...definition.nodes, ...(definition.edges as never[])] },
      { ...definition, settings: {} },
    ];
    const all = [definition, ...others].map((each) => fingerprint(each, { known }));
    expect(all[0]).toBe(is);
    expect(new Set(all).size).toBe(all.length);
  });
});
