import { describe, expect, it } from 'vitest';
import { CycleError, inputFrom, isLive, levelOf, SKIPPED, type Settled } from './levels.js';
import type { Definition } from './definition.js';
import { cpuMs, limitHere } from './testing/cpu.js';
import { graph } from './testing/graph.js';

const ids = (nodes: readonly { id: string }[]): string[] => nodes.map((node) => node.id);

describe('levelOf', () => {
  it('puts every node after all nodes above it and keeps the order of the definition between equals', () => {
    const level = levelOf(
      graph().node('d', 'x').node('a', 'x').node('c', 'x').node('b', 'x').edges('a>b', 'a>c', 'b>d', 'c>d').build(),
    );
    expect(ids(level.order)).toEqual(['a', 'b', 'c', 'd']);
    expect(level.incoming.get('d')?.map((edge) => edge.id)).toEqual(['b>d', 'c>d']);
    expect(level.outgoing.get('a')?.map((edge) => edge.id)).toEqual(['a>b', 'a>c']);
    expect(ids(level.terminals)).toEqual(['d']);
  });

  it('keeps bodies apart from the level of their container', () => {
    const level = levelOf(
      graph()
        .node('loop', 'x')
        .node('in', 'x', {}, { parentId: 'loop' })
        .node('deep', 'x', {}, { parentId: 'in' })
        .node('after', 'x')
        .edges('loop>after', 'in>after')
        .build(),
    );
    expect(ids(level.order)).toEqual(['loop', 'after']);
    expect(level.incoming.get('after')).toHaveLength(1);
    expect(ids(level.children.get('loop')?.children.get('in')?.order ?? [])).toEqual(['deep']);
  });

  it('says which nodes go round', () => {
    const round = graph().node('a', 'x').node('b', 'x').node('c', 'x').edges('a>b', 'b>a', 'c>a').build();
    expect(() => levelOf(round)).toThrow(CycleError);
    try {
      levelOf(round);
    } catch (error) {
      expect((error as CycleError).nodeIds).toEqual(['a', 'b']);
    }
  });

  it('takes 1,000 nodes and 4,000 edges in linear time', () => {
    const build = (size: number): Definition => {
      const wide = graph();
      for (let index = 0; index < size; index += 1) wide.node(`n${index}`, 'x');
      for (let index = 4; index < size; index += 1) {
        for (let back = 1; back <= 4; back += 1) wide.edges(`n${index - back}>n${index}`);
      }
      return wide.build();
    };
    const definition = build(1_000);
    expect(cpuMs(() => levelOf(definition), 7)).toBeLessThan(limitHere(30));
  });
});

describe('dead paths', () => {
  const edges = graph().edges('a.yes>c', 'b>c').build().edges;
  const settled = (results: Record<string, Settled>) => new Map(Object.entries(results));

  it('lets a node run when one way in is live, and not when all are dead', () => {
    expect(isLive(edges, settled({ a: { port: 'yes', value: 1 }, b: SKIPPED }))).toBe(true);
    expect(isLive(edges, settled({ a: { port: 'no', value: 1 }, b: SKIPPED }))).toBe(false);
    expect(isLive([], settled({}))).toBe(true);
  });

  it('hands on the live value, an object of values when several are live, null with none', () => {
    expect(inputFrom(edges, settled({ a: { port: 'yes', value: 1 }, b: SKIPPED }))).toBe(1);
    expect(inputFrom(edges, settled({ a: { port: 'yes', value: 1 }, b: { port: 'out', value: 2 } }))).toEqual({
      a: 1,
      b: 2,
    });
    expect(inputFrom(edges, settled({ a: { port: 'no', value: 1 } }))).toBeNull();
  });
});
