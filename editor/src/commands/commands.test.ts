import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en/index.js';
import { ptBR } from '../i18n/pt-BR/index.js';
import { commands } from './all.js';
import { isKey } from './command.js';
import { matchOf } from './matching.js';
import { graph } from '#engine/graph/testing/graph.js';
import { publicNodes } from '#nodes/registry.js';
import { EditorDriver } from '#tests/support/documentPeers.js';
import { kindsOf } from '../document/kinds.js';
import { createUiStore, select } from '../editor/uiState.js';
import type { CommandContext } from './command.js';
import { canRun } from './useCommands.js';

describe('commands', () => {
  it('each has an id of its own and a name in both languages', () => {
    expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
    for (const { id } of commands) {
      expect(ptBR.editor.command, id).toHaveProperty(id);
      expect(en.editor.command, id).toHaveProperty(id);
    }
  });

  it('no two share a key', () => {
    const keys = commands.flatMap((command) => command.keys ?? []);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it('those that work while one writes never take a key that writes', () => {
    const taken = commands.flatMap(({ keys = [], everywhere }) => (everywhere ? keys : []));
    expect(taken.filter((key) => !/^(Mod\+|F\d|Shift\+F\d)/.test(key))).toEqual([]);
  });
});

describe('a search among them', () => {
  const names = [
    'Tamanho normal zoomReset',
    'Trazer de um arquivo importFile',
    'Versões versions',
    'Ver as versões',
    'Hora marcada',
  ];
  const found = (search: string) =>
    names.filter((name) => matchOf(name, search) > 0).toSorted((a, b) => matchOf(b, search) - matchOf(a, search));

  it('finds what is written in the name, whatever its accents, what begins with it first', () => {
    expect(found('Trazer')).toEqual(['Trazer de um arquivo importFile']);
    expect(found('versoes')).toEqual(['Versões versions', 'Ver as versões']);
    expect(found('arquivo trazer')).toEqual(['Trazer de um arquivo importFile']);
    expect(found('zzz')).toEqual([]);
    expect(found('')).toHaveLength(names.length);
    expect(matchOf('Hora marcada', 'agenda', ['Começa na hora, como uma agenda'])).toBeGreaterThan(0);
  });
});

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe('a key', () => {
  it.each([
    [press('z', { ctrlKey: true }), 'Mod+Z', true],
    [press('Z', { ctrlKey: true, shiftKey: true }), 'Mod+Z', false],
    [press('Z', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+Z', true],
    [press('?', { shiftKey: true }), '?', true],
    [press('+', { shiftKey: true }), '+', true],
    [press('Delete', { shiftKey: true }), 'Delete', false],
    [press('Delete', { shiftKey: true }), 'Shift+Delete', true],
    [press('l', { ctrlKey: true }), 'L', false],
    [press('l'), 'L', true],
    [press('a', { altKey: true }), 'Alt+A', true],
    [press('F8', { shiftKey: true }), 'F8', false],
  ])('%j is %s: %s', (event, key, is) => expect(isKey(event, key)).toBe(is));
});

describe('the edges of a step', () => {
  const open = () => {
    const made = graph()
      .node('start', 'trigger.manual')
      .node('if', 'logic.if', { condition: true })
      .node('a', 'data.set', { values: [] })
      .node('b', 'data.set', { values: [] })
      .edges('if.no>b', 'start>if', 'if.yes>a')
      .build();
    const { store, doc } = new EditorDriver(made, 1).at(0);
    const ui = createUiStore();
    const session = { ui, store, doc, kinds: kindsOf(publicNodes()), readOnly: false };
    const context = { session } as unknown as CommandContext;
    const press = (key: string): string => {
      const command = commands.find(({ keys = [] }) => keys.includes(key));
      if (!command || !canRun(command, context)) return 'nothing';
      command.run(context);
      const { nodes, edges } = ui.getState();
      const edge = store.getEdges().find(({ id }) => id === edges[0]);
      return edge ? `${edge.from.node}>${edge.to.node}` : nodes.join();
    };
    return { ui, press };
  };

  it('are gone through by key, those that leave it first, forth and back, and followed to their other end', () => {
    const { ui, press } = open();
    expect([press('.'), press(','), press(';')]).toEqual(['nothing', 'nothing', 'nothing']);
    select(ui, ['if']);
    expect([press('.'), press('.'), press('.'), press('.')]).toEqual(['if>a', 'if>b', 'start>if', 'if>a']);
    expect([press(','), ui.getState().nodes]).toEqual(['start>if', []]);
    expect(press(';')).toBe('start');
    expect([press('.'), press(';')]).toEqual(['start>if', 'if']);
    select(ui, ['b']);
    expect([press(','), press('.'), press(';')]).toEqual(['if>b', 'if>b', 'if']);
    // Come to by hand, it is one of those that leave its first step.
    ui.setState({ nodes: [], edges: ui.getState().edges, along: null });
    select(ui, ['if', 'a']);
    expect(press('.')).toBe('nothing');
  });
});
