import { describe, expect, it } from 'vitest';
import type { Definition } from '../api/types.js';
import { stepTree, type StepItem } from './stepTree.js';

const department = (text: string, parents: Record<string, string> = {}): Definition => {
  const edges = text.split(' ').map((each) => each.split('>') as [string, string]);
  const ids = [...new Set([...edges.flat().map((end) => end.split('.')[0] ?? ''), ...Object.keys(parents)])];
  return {
    format: 1,
    settings: {},
    nodes: ids.map((id) => ({
      id,
      type: 'logic.join',
      version: 1,
      config: {},
      position: { x: 0, y: 0 },
      ...(parents[id] && { parentId: parents[id] }),
    })),
    edges: edges.map(([from, to], index) => {
      const [node = '', port = 'out'] = from.split('.');
      return { id: `e${index}`, from: { node, port }, to: { node: to, port: 'in' } };
    }),
  };
};

/** `a (yes: b c | no: d) e` */
const read = (items: readonly StepItem[]): string =>
  items
    .map((item) =>
      item.kind === 'step'
        ? `${item.nodeId}${item.body.length > 0 ? `[${read(item.body)}]` : ''}`
        : `(${item.ways.map(({ port, items: inside }) => `${port}: ${read(inside)}`).join(' | ')})`,
    )
    .join(' ');

describe('a department as a list of steps', () => {
  it('goes from top to bottom', () => expect(read(stepTree(department('a>b b>c')))).toBe('a b c'));

  it('puts what only one way leads to inside that way, and what several lead to after them', () =>
    expect(read(stepTree(department('a.yes>b a.no>c b>d c>d d>e')))).toBe('a (yes: b | no: c) d e'));

  it('says of a way that goes straight on that nothing is in it', () =>
    expect(read(stepTree(department('a.yes>b a.no>c b>c')))).toBe('a (yes: b | no: ) c'));

  it('branches inside branches', () =>
    expect(read(stepTree(department('a.yes>b b.left>c b.right>d c>e d>e a.no>f e>g f>g')))).toBe(
      'a (yes: b (left: c | right: d) e | no: f) g',
    ));

  it('shows the body of a container inside it', () =>
    expect(read(stepTree(department('a>loop loop>z x>y', { x: 'loop', y: 'loop' })))).toBe('a loop[x y] z'));

  it('loses no step, not even on a circle', () => {
    const tree = read(stepTree(department('a>b b>c c>b c>d')));
    for (const id of ['a', 'b', 'c', 'd']) expect(tree).toContain(id);
  });

  it('shows every step exactly once, whatever the graph', () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 200; round += 1) {
      const count = 2 + random(12);
      const edges = Array.from({ length: count * 2 }, () => {
        const from = random(count - 1);
        return `n${from}.p${random(3)}>n${from + 1 + random(count - from - 1)}`;
      });
      const definition = department(edges.join(' '));
      const shown = [...read(stepTree(definition)).matchAll(/n\d+/g)].map(([id]) => id);
      expect(shown.toSorted()).toEqual(definition.nodes.map(({ id }) => id).toSorted());
    }
  });
});
