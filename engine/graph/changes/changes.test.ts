import { describe, expect, it } from 'vitest';
import { graph } from '../testing/graph.js';
import { nodeTypes } from '../testing/nodes.js';
import type { Definition } from '../definition.js';
import { applyChanges, idsLikeTypes } from './apply.js';
import type { Change } from './change.js';
import { rebase } from './rebase.js';

const base = (): Definition =>
  graph()
    .node('start', 'trigger.message')
    .node('search', 'data.search', { query: 'x' })
    .node('check', 'logic.if', { condition: true })
    .node('send', 'channel.send', { text: 'oi' })
    .edges('start>search', 'search>check', 'check.yes>send')
    .build();
let count = 0;
const ids = idsLikeTypes(() => ((count += 7) % 32) / 32);
const apply = (definition: Definition, ...changes: Change[]) => applyChanges(definition, changes, nodeTypes, ids);
const edges = ({ edges: all }: Definition) => all.map(({ from, to }) => `${from.node}.${from.port}>${to.node}`).sort();
const add = (more: Partial<Extract<Change, { do: 'add' }>>): Change => ({
  do: 'add',
  id: 'fresh',
  type: 'data.search',
  title: null,
  after: null,
  way: null,
  before: null,
  inside: null,
  settings: [],
  ...more,
});

describe('changes to a definition', () => {
  it('put a step after another, before it, between two, and at a way out, and join what was joined', () => {
    const { definition } = apply(base(), add({ after: 'search', settings: [{ field: 'query', value: '"pão"' }] }));
    const made = definition.nodes.find(({ id }) => id.startsWith('search_'));
    expect(made).toMatchObject({ type: 'data.search', config: { query: 'pão' } });
    expect(edges(definition)).toEqual(
      [`${made?.id}.out>check`, 'check.yes>send', `search.out>${made?.id}`, 'start.out>search'].sort(),
    );
    const before = apply(base(), add({ before: 'check' })).definition;
    expect(edges(before)).toContainEqual(expect.stringMatching(/^search\.out>search_/));
    expect(edges(before)).not.toContain('search.out>check');
    const no = apply(base(), add({ after: 'check', way: 'no' })).definition;
    expect(edges(no)).toContain('check.yes>send');
    expect(edges(no)).toContainEqual(expect.stringMatching(/^check\.no>search_/));
  });

  it('can name what they added, and take away with what was around joined again', () => {
    const { definition, refusals } = apply(
      base(),
      add({ after: 'search' }),
      { do: 'rename', step: 'fresh', title: 'Procura de novo' },
      {
        do: 'set',
        step: 'send',
        settings: [
          { field: 'buttons.0.title', value: '"Valeu"' },
          { field: 'text', value: 'olá' },
        ],
      },
      { do: 'remove', step: 'search' },
    );
    expect(refusals).toEqual([]);
    const made = definition.nodes.find(({ title }) => title === 'Procura de novo');
    expect(edges(definition)).toEqual([`${made?.id}.out>check`, 'check.yes>send', `start.out>${made?.id}`].sort());
    expect(definition.nodes.find(({ id }) => id === 'send')?.config).toEqual({
      text: 'olá',
      buttons: [{ title: 'Valeu' }],
    });
  });

  it('move a step with its neighbours joined, before, after and between, to another level too', () => {
    const move = (more: object): Change => ({
      do: 'move',
      step: 'search',
      after: null,
      way: null,
      before: null,
      ...more,
    });
    const after = apply(base(), move({ after: 'check', way: 'yes' }));
    expect(after.refusals).toEqual([]);
    expect(edges(after.definition)).toEqual(['check.yes>search', 'search.out>send', 'start.out>check']);
    expect(after.definition.nodes).toHaveLength(4);
    expect(edges(apply(base(), move({ before: 'send' })).definition)).toEqual(edges(after.definition));
    expect(edges(apply(base(), move({ after: 'check', before: 'send' })).definition)).toEqual(edges(after.definition));
    // Its other ways out stay its own.
    const branch = apply(base(), move({ step: 'check', before: 'search' })).definition;
    expect(edges(branch)).toEqual(['check.yes>search', 'search.out>send', 'start.out>check']);
  });

  it('join along the way on which most of the work goes on, never along the shorter one', () => {
    const forked = graph()
      .node('start', 'trigger.message')
      .node('check', 'logic.if', { condition: true })
      .node('person', 'channel.send', { text: 'já vai' })
      .node('search', 'data.search', { query: 'x' })
      .node('send', 'channel.send', { text: 'oi' })
      .edges('start>check', 'check.yes>person', 'check.no>search', 'search>send')
      .build();
    const removed = apply(forked, { do: 'remove', step: 'check' }).definition;
    expect(edges(removed)).toEqual(['search.out>send', 'start.out>search']);
    const moved = apply(forked, { do: 'move', step: 'check', after: 'search', way: null, before: null }).definition;
    expect(edges(moved)).toEqual(['check.no>send', 'check.yes>person', 'search.out>check', 'start.out>search']);
  });

  it('swap two, copy one with what it is set to, and give one a way out for errors', () => {
    const swapped = apply(base(), { do: 'swap', step: 'search', with: 'check' }).definition;
    expect(edges(swapped)).toEqual(['check.yes>search', 'search.out>send', 'start.out>check']);
    expect(swapped.nodes.find(({ id }) => id === 'check')?.position).toEqual(
      base().nodes.find(({ id }) => id === 'search')?.position,
    );
    const apart = apply(base(), { do: 'swap', step: 'search', with: 'send' }).definition;
    expect(edges(apart)).toEqual(['check.yes>search', 'send.out>check', 'start.out>send']);
    const copied = apply(
      base(),
      { do: 'duplicate', step: 'search', id: 'again', title: 'De novo', after: null, way: null, before: 'send' },
      { do: 'errors', step: 'again', how: 'route' },
      { do: 'connect', from: 'again', way: 'error', to: 'send' },
    );
    expect(copied.refusals).toEqual([]);
    const copy = copied.definition.nodes.find(({ title }) => title === 'De novo');
    expect(copy).toMatchObject({ type: 'data.search', config: { query: 'x' }, onError: 'route' });
    expect(edges(copied.definition)).toEqual(
      [
        `check.yes>${copy?.id}`,
        `${copy?.id}.out>send`,
        `${copy?.id}.error>send`,
        'search.out>check',
        'start.out>search',
      ].sort(),
    );
  });

  it('leave where it is what begins the work, is locked, is there already, or would stand around itself', () => {
    const locked = base();
    const at = { way: null, before: null };
    const changes: Change[] = [
      { do: 'move', step: 'start', after: 'send', ...at },
      { do: 'move', step: 'check', after: 'search', ...at },
      { do: 'move', step: 'search', after: 'search', ...at },
      { do: 'move', step: 'search', after: null, ...at },
      { do: 'move', step: 'search', after: 'nobody', ...at },
      { do: 'swap', step: 'search', with: 'start' },
      { do: 'duplicate', step: 'start', id: 'x', title: null, after: null, ...at },
    ];
    const { definition, refusals } = apply(locked, ...changes);
    expect(definition).toEqual(locked);
    expect(refusals).toHaveLength(changes.length);
  });

  it('copy a container that is empty, and say why one that is not stays alone', () => {
    const around = graph()
      .node('start', 'trigger.message')
      .node('each', 'logic.forEach', {}, { title: 'Pra cada pedido' })
      .node('send', 'channel.send', { text: 'oi' }, { parentId: 'each' })
      .edges('start>each')
      .build();
    const copy: Change = { do: 'duplicate', step: 'each', id: 'x', title: null, after: null, way: null, before: null };
    const { definition, refusals } = apply(around, copy);
    expect(definition).toEqual(around);
    expect(refusals).toMatchObject([
      {
        'pt-BR': expect.stringMatching(/"Pra cada pedido" tem passos dentro.*Ctrl\+D/),
        en: expect.stringMatching(/has steps inside/),
      },
    ]);
    const empty = apply(around, { do: 'remove', step: 'send' }, copy);
    expect(empty.refusals).toEqual([]);
    expect(empty.definition.nodes.filter(({ type }) => type === 'logic.forEach')).toHaveLength(2);
  });

  it('say what they cannot do, and leave it out', () => {
    const locked = base();
    const changes: Change[] = [
      add({ type: 'magic.wand' }),
      add({ after: 'nobody' }),
      add({ after: 'check', way: 'maybe' }),
      add({ type: 'trigger.message', after: 'search' }),
      { do: 'remove', step: 'ghost' },
      { do: 'disconnect', from: 'start', way: null, to: 'send' },
      { do: 'set', step: 'send', settings: [{ field: '__proto__.polluted', value: '1' }] },
    ];
    const { refusals } = apply(locked, ...changes);
    expect(refusals).toHaveLength(changes.length);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const held = { ...locked, nodes: locked.nodes.map((node) => ({ ...node, locked: true })) };
    expect(apply(held, { do: 'remove', step: 'search' }, { do: 'rename', step: 'send', title: 'x' })).toEqual({
      definition: held,
      refusals: [expect.anything(), expect.anything()],
    });
  });
});

describe('a proposal made for an older draft', () => {
  const change = (of: Definition, id: string, more: object): Definition => ({
    ...of,
    nodes: of.nodes.map((node) => (node.id === id ? { ...node, ...more } : node)),
  });

  it('is done to the newer one where nobody touched the same', () => {
    const proposed = apply(base(), add({ after: 'search' }), {
      do: 'rename',
      step: 'send',
      title: 'Responde',
    }).definition;
    const current = change(change(base(), 'send', { config: { text: 'bom dia' } }), 'start', {
      position: { x: 9, y: 9 },
    });
    const { definition } = rebase(base(), proposed, current);
    expect(definition?.nodes.find(({ id }) => id === 'send')).toMatchObject({
      title: 'Responde',
      config: { text: 'bom dia' },
    });
    expect(definition?.nodes.find(({ id }) => id === 'start')?.position).toEqual({ x: 9, y: 9 });
    expect(edges(definition as Definition)).toEqual(edges(proposed));
    expect(rebase(base(), proposed, base()).definition).toEqual(proposed);
  });

  it('is refused where somebody did: a step, a field, an edge', () => {
    const conflictsOf = (proposed: Definition, current: Definition) =>
      rebase(base(), proposed, current).conflicts?.map(({ nodeId, kind }) => `${kind} ${nodeId}`);
    const renamed = change(base(), 'send', { title: 'A' });
    expect(conflictsOf(renamed, change(base(), 'send', { title: 'B' }))).toEqual(['stepChanged send']);
    expect(conflictsOf(renamed, change(base(), 'send', { title: 'A' }))).toBeUndefined();
    const without = apply(base(), { do: 'remove', step: 'search' }).definition;
    expect(conflictsOf(without, change(base(), 'search', { config: { query: 'mine' } }))).toEqual([
      'stepChanged search',
    ]);
    expect(conflictsOf(renamed, apply(base(), { do: 'remove', step: 'send' }).definition)).toEqual(['stepGone send']);
    const inserted = apply(base(), add({ after: 'search' })).definition;
    const other = apply(base(), add({ after: 'search', type: 'channel.send' })).definition;
    expect(conflictsOf(inserted, other)).toEqual(['edgeChanged search']);
    const led = apply(base(), { do: 'connect', from: 'check', way: 'no', to: 'search' }).definition;
    expect(conflictsOf(without, led)).toEqual(['edgeChanged check']);
  });
});
