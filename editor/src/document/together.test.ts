import * as Y from 'yjs';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { describe, expect, it } from 'vitest';
import { nodesOf } from '#engine/graph/document/shape.js';
import { writeDefinition } from '#engine/graph/document/write.js';
import { goodGraph } from '#engine/graph/testing/graph.js';
import { EditorDriver } from '#tests/support/documentPeers.js';
import { connect } from './operations/edges.js';
import { addNode, moveNodes, removeNodes } from './operations/nodes.js';
import { addNote, writeNote } from './operations/notes.js';
import { setConfig, setNoteOf, setTitle } from './operations/options.js';
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

  describe('in one text', () => {
    /** Both change the same text without knowing of each other. Gives what it reads then, for both. */
    const both = (driver: EditorDriver, write: (doc: Y.Doc, who: 0 | 1) => void, read: (id: 0 | 1) => unknown) => {
      write(driver.at(0).doc, 0);
      write(driver.at(1).doc, 1);
      driver.sync();
      expect(driver.at(0).definition).toEqual(driver.at(1).definition);
      expect(read(0)).toEqual(read(1));
      return String(read(0));
    };
    /** A draft as it was written before texts were shared by letters, or with a text that nobody filled in. */
    const asBefore = (change: (nodes: Y.Map<Y.Map<unknown>>) => void): EditorDriver => {
      const driver = start();
      change(nodesOf(driver.at(0).doc) as Y.Map<Y.Map<unknown>>);
      return driver.sync();
    };
    const configOf = (nodes: Y.Map<Y.Map<unknown>>, id: string) => nodes.get(id)?.get('config') as Y.Map<unknown>;

    it.each<[string, EditorDriver]>([
      ['that is shared', start()],
      ['that was set as a whole', asBefore((nodes) => configOf(nodes, 'search').set('query', '{{ trigger.text }}'))],
    ])('%s keep what each wrote', (_, driver) => {
      const before = '{{ trigger.text }}';
      const read = (who: 0 | 1) => driver.at(who).node('search').config['query'];
      const text = both(
        driver,
        (doc, who) => setConfig(doc, 'search', 'query', who === 0 ? `Oi ${before}` : `${before}, tchau`),
        read,
      );
      expect(text).toBe(`Oi ${before}, tchau`);
      setConfig(driver.at(0).doc, 'search', 'query', text.replace('Oi', 'Olá'), { seen: text });
      driver.at(0).history.undo();
      driver.at(0).history.undo();
      driver.sync();
      expect(read(1)).toBe(`${before}, tchau`);
    });

    it('that nobody had filled in keep what each wrote, letter by letter', () => {
      const driver = start();
      const texts = [
        ['título', (doc: Y.Doc, text: string, seen: string) => setTitle(doc, 'search', text, seen)],
        ['nota', (doc: Y.Doc, text: string, seen: string) => setNoteOf(doc, 'search', text, seen)],
        ['campo', (doc: Y.Doc, text: string, seen: string) => setConfig(doc, 'search', 'extra', text, { seen })],
      ] as const;
      for (const [, write] of texts)
        for (const [who, word] of ['Ana', 'Bia'].entries())
          for (let at = 1; at <= word.length; at += 1)
            write(driver.at(who).doc, word.slice(0, at), word.slice(0, at - 1));
      driver.sync();
      const { title, note, config } = driver.at(1).node('search');
      for (const text of [title, note, config['extra']]) expect(['AnaBia', 'BiaAna']).toContain(text);
      expect(driver.at(0).definition).toEqual(driver.at(1).definition);
      while (driver.at(0).history.undo());
      driver.sync();
      expect(driver.at(1).node('search')).toMatchObject({ title: 'Bia', note: 'Bia', config: { extra: 'Bia' } });
      while (driver.at(1).history.undo());
      driver.sync();
      const left = driver.at(0).node('search');
      expect([left.title, left.note, 'extra' in left.config]).toEqual([undefined, undefined, false]);
    });

    it.each<[string, (list: unknown[]) => unknown]>([
      ['that is shared', (list) => list],
      [
        'that was set as a whole',
        (list) => Y.Array.from(list.map((each) => new Y.Map(Object.entries(each as object)))),
      ],
    ])('of an item of a list %s keep what each wrote', (_, made) => {
      const values = [{ name: 'a', value: 'um' }];
      const driver = start();
      setConfig(driver.at(0).doc, 'search', 'values', values);
      setConfig(driver.at(0).doc, 'search', 'words', ['sim', 'não', '']);
      if (made(values) !== values) {
        const config = configOf(nodesOf(driver.at(0).doc) as never, 'search');
        config.set('values', made(values));
        config.set('words', Y.Array.from(['sim', 'não', '']));
      }
      driver.sync();
      both(
        driver,
        (doc, who) => {
          setConfig(doc, 'search', 'values.0.value', who === 0 ? 'só um' : 'um e meio');
          setConfig(doc, 'search', 'words.1', who === 0 ? 'ou não' : 'não mesmo');
          setConfig(doc, 'search', 'words.2', who === 0 ? 'A' : 'B', { seen: '' });
        },
        (who) => driver.at(who).ids,
      );
      const { config } = driver.at(1).node('search');
      expect(config['values']).toEqual([{ name: 'a', value: 'só um e meio' }]);
      expect(config['words']).toEqual(['sim', 'ou não mesmo', expect.stringMatching(/^(AB|BA)$/)]);
      // Emptied by hand an item stays one: the next is not taken for it.
      setConfig(driver.at(0).doc, 'search', 'words.1', undefined, { seen: 'ou não mesmo' });
      expect(driver.at(0).node('search').config['words']).toEqual(['sim', '', expect.any(String)]);
    });

    it('end with the same when one has the editor of the version before, which sets a text as a whole', () => {
      const driver = start();
      const [before, now] = [driver.at(0), driver.at(1)];
      const fieldsBefore = (): [Y.Map<unknown>, string][] => {
        const node = nodesOf(before.doc).get('search') as Y.Map<unknown>;
        return [
          [node, 'title'],
          [node.get('config') as Y.Map<unknown>, 'query'],
        ];
      };
      const read = (): string[][] =>
        [before, now].map((each) => {
          const { title = '', config } = each.node('search');
          return [title, String(config['query'] ?? '')];
        });
      for (let round = 0; round < 60; round += 1) {
        const [title = '', query = ''] = read()[1] ?? [];
        const whole = `inteiro ${round}`;
        const type = (): void => {
          setTitle(now.doc, 'search', `${title.slice(-20)}${round}`, title.slice(-20));
          setConfig(now.doc, 'search', 'query', `${query.slice(0, 20)}${round}`, { seen: query.slice(0, 20) });
        };
        // One after the other each sees what the last one wrote; at once both see one of the two.
        if (round % 3 !== 1) type();
        if (round % 3 === 2) driver.sync();
        if (round % 3 !== 0) for (const [map, key] of fieldsBefore()) map.set(key, whole);
        driver.sync();
        const [one, other] = read();
        expect(one, `round ${round}`).toEqual(other);
        if (round % 3 !== 0) expect(one?.every((text) => text === whole || text.includes(String(round)))).toBe(true);
        if (round % 3 === 2) expect(one).toEqual([whole, whole]);
      }
      expect(before.definition).toEqual(now.definition);
      expect(now.store.getSnapshot().definition).toEqual(now.definition);
    });

    it('on a note of the canvas keep what each wrote', () => {
      const driver = start();
      const id = addNote(driver.at(0).doc, { text: '', x: 0, y: 0 });
      driver.sync();
      const text = both(
        driver,
        (doc, who) => writeNote(doc, id, who === 0 ? 'Ana' : 'Bia', ''),
        (who) => driver.at(who).definition.settings.notes?.[id]?.text,
      );
      expect(['AnaBia', 'BiaAna']).toContain(text);
      writeNote(driver.at(0).doc, id, '', text);
      expect(driver.at(0).definition.settings.notes?.[id]).toEqual({ text: '', x: 0, y: 0 });
    });

    it('do not mix what was chosen', () => {
      const driver = start();
      const text = both(
        driver,
        (doc, who) => setConfig(doc, 'write', 'model', who === 0 ? 'modelo-um' : 'modelo-dois', { whole: true }),
        (who) => driver.at(who).node('write').config['model'],
      );
      expect(['modelo-um', 'modelo-dois']).toContain(text);
    });

    it('take what came in meanwhile for what it is, and not for something to take out', () => {
      const driver = start();
      const [ana, bia] = [driver.at(0), driver.at(1)];
      setTitle(ana.doc, 'search', 'Busca');
      driver.sync();
      setTitle(bia.doc, 'search', 'A Busca');
      driver.sync();
      setTitle(ana.doc, 'search', 'Busca!', 'Busca');
      expect(ana.node('search').title).toBe('A Busca!');
      setTitle(ana.doc, 'search', '', 'A Busca!');
      expect(ana.node('search').title).toBeUndefined();
    });
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
