import * as Y from 'yjs';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { describe, expect, it } from 'vitest';
import { nodesOf } from '#engine/graph/document/shape.js';
import { writeDefinition } from '#engine/graph/document/write.js';
import { goodGraph } from '#engine/graph/testing/graph.js';
import { EditorDriver } from '#tests/support/documentPeers.js';
import { connect } from './operations/edges.js';
import { addNode, moveNodes, removeNodes } from './operations/nodes.js';
import { setConfig, setTitle } from './operations/options.js';
import { createPresence } from './presence.js';

const start = () => new EditorDriver(goodGraph().build());

describe('two people', () => {
  it('in two fields of one node keep both', () => {
    const driver = start();
    const [ana, bia] = [driver.at(0), driver.at(1)];
    setConfig(ana.doc, 'search', 'query', 'ana');
    setConfig(bia.doc, 'search', 'limit', 7);
    setTitle(bia.doc, 'search', 'Busca');
    driver.sync();
    expect(ana.node('search')).toMatchObject({ title: 'Busca', config: { query: 'ana', limit: 7 } });
    expect(bia.definition).toEqual(ana.definition);
  });

  it('who draw the same edge draw one', () => {
    const driver = start();
    for (const { doc } of driver.editors) connect(doc, { node: 'start', port: 'out' }, { node: 'send', port: 'in' });
    driver.sync();
    expect(driver.at(0).edges.filter((edge) => edge === 'start.out>send')).toHaveLength(1);
  });

  it('undo each their own', () => {
    const driver = start();
    const [ana, bia] = [driver.at(0), driver.at(1)];
    setTitle(ana.doc, 'search', 'Ana');
    setTitle(bia.doc, 'write', 'Bia');
    driver.sync();
    expect(ana.history.undo()).toEqual(['search']);
    driver.sync();
    expect([bia.node('search').title, bia.node('write').title]).toEqual([undefined, 'Bia']);
    expect(ana.history.undo()).toBeNull();
    expect(bia.history.getState()).toEqual({ canUndo: true, canRedo: false });
    bia.history.undo();
    expect(bia.history.redo()).toEqual(['write']);
    ana.history.redo();
    driver.sync();
    expect([ana.node('search').title, ana.node('write').title]).toEqual(['Ana', 'Bia']);
  });

  it('undo nothing of a definition that was put in from outside', () => {
    const driver = start();
    const ana = driver.at(0);
    writeDefinition(ana.doc, { ...goodGraph().build(), settings: { maxSteps: 3 } }, 'restore');
    expect(ana.history.getState().canUndo).toBe(false);
  });
});

describe('undo', () => {
  it('takes typing in one field and a gesture back at once, and each thing else by itself', () => {
    const editor = start().at(0);
    for (const text of ['a', 'ab', 'abc']) setConfig(editor.doc, 'search', 'query', text);
    setConfig(editor.doc, 'send', 'text', 'x');
    editor.history.begin();
    moveNodes(editor.doc, new Map([['search', { x: 1, y: 1 }]]));
    addNode(editor.doc, { type: 'data.search', position: { x: 0, y: 0 } });
    editor.history.end();
    removeNodes(editor.doc, ['write']);
    const states = [];
    while (editor.history.undo()) {
      const { config, position } = editor.node('search');
      states.push([editor.ids.length, position.x, editor.node('send').config['text'], config['query']]);
    }
    expect(states).toEqual([
      [5, 1, 'x', 'abc'],
      [4, 0, 'x', 'abc'],
      [4, 0, '{{ steps.write.text }}', 'abc'],
      [4, 0, '{{ steps.write.text }}', '{{ trigger.text }}'],
    ]);
  });
});

describe('what screens see', () => {
  it('changes only where the draft changed', () => {
    const driver = start();
    const { doc, store } = driver.at(0);
    const heard: string[] = [];
    for (const id of ['search', 'write']) store.subscribeNode(id, () => heard.push(id));
    store.subscribeNodeIds(() => heard.push('ids'));
    store.subscribeEdges(() => heard.push('edges'));
    store.subscribeSettings(() => heard.push('settings'));
    store.subscribe(() => heard.push('all'));
    const [before, ids, write, buttons] = [
      store.getSnapshot(),
      store.getNodeIds(),
      store.getNode('write'),
      store.getNode('send')?.config['buttons'],
    ];
    setConfig(doc, 'search', 'query', 'x');
    expect(heard.splice(0)).toEqual(['search', 'all']);
    expect(store.getSnapshot()).not.toBe(before);
    expect([store.getNodeIds() === ids, store.getNode('write') === write]).toEqual([true, true]);
    setConfig(doc, 'send', 'text', 'y');
    expect(store.getNode('send')?.config['buttons']).toBe(buttons);
    heard.splice(0);
    setConfig(doc, 'search', 'query', 'x');
    expect([heard.splice(0), store.getSnapshot() === store.getSnapshot()]).toEqual([[], true]);
    setTitle(driver.at(1).doc, 'write', 'Bia');
    driver.sync();
    expect(heard.splice(0)).toEqual(['write', 'all']);
    removeNodes(doc, ['write']);
    expect(heard.splice(0)).toEqual(['write', 'ids', 'edges', 'all']);
    nodesOf(doc).set('junk', new Y.Map());
    expect(store.getSnapshot().invalid).toEqual([{ part: 'node', key: 'junk' }]);
    expect(store.getSnapshot().definition).toEqual(driver.at(0).definition);
  });

  it('of each other, each peer the same until they move', () => {
    const [mine, theirs] = [new Awareness(new Y.Doc()), new Awareness(new Y.Doc())];
    const presence = createPresence(mine);
    let heard = 0;
    presence.subscribe(() => (heard += 1));
    const tell = () => applyAwarenessUpdate(mine, encodeAwarenessUpdate(theirs, [theirs.clientID]), null);
    const user = { id: 'u', name: 'Bia' };
    theirs.setLocalState({ user, selection: ['a'], cursor: { x: 1, y: 2 } });
    tell();
    const [bia] = presence.getPeers();
    expect(bia).toMatchObject({ user, selection: ['a'], cursor: { x: 1, y: 2 } });
    theirs.setLocalState({ user, selection: ['a'], cursor: 'hostile', dragging: { a: { x: 0, y: 0 } } });
    tell();
    expect(presence.getPeers()[0]).toMatchObject({ cursor: null, dragging: { a: { x: 0, y: 0 } } });
    expect(presence.getPeers()[0]?.selection).toBe(bia?.selection);
    theirs.setLocalState({ user: 'nobody' });
    tell();
    expect(presence.getPeers()).toEqual([]);
    presence.show({ selection: ['b'] });
    expect([mine.getLocalState(), heard]).toEqual([{ selection: ['b'] }, 3]);
    presence.destroy();
    mine.destroy();
    theirs.destroy();
  });
});
