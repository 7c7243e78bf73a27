import { describe, expect, it } from 'vitest';
import { sketch } from '#tests/support/engine/graph.js';
import { Doings, testNodes } from '#tests/support/engine/nodes.js';
import type { Settled } from '#engine/graph/levels.js';
import { cpuMs, limitHere } from '#engine/graph/testing/cpu.js';
import { createCache } from './cache.js';
import { compile, RUNNER_KEY, topOf, type GroupRunner } from './compile.js';
import type { Fusion } from './groups.js';
import { CannotCompile } from './plan.js';

const nodeTypes = testNodes(new Doings());

/** Groups in the order they run, each as the ids of its nodes. */
async function order(fusion: Fusion, ...definition: Parameters<typeof sketch>): Promise<string[]> {
  const { graph, groups } = compile(sketch(...definition), nodeTypes, { fusion });
  const ran: string[] = [];
  const runner: GroupRunner = {
    async runGroup(nodes) {
      ran.push(nodes.map((node) => node.id).join(' '));
      return new Map(nodes.map((node): [string, Settled] => [node.id, { port: 'out', value: null }]));
    },
  };
  await graph.invoke(
    { trigger: {} },
    { configurable: { [RUNNER_KEY]: runner }, recursionLimit: groups.length * 2 + 10 },
  );
  return ran;
}

describe('groups', () => {
  const fork = [['start:start', 'a', 'm:act', 'b', 'n:act', 'j', 'z'], 'start>a a>m a>b m>j b>n n>j j>z'] as const;

  it('with everything fused are one, in topological order', async () => {
    expect(await order('all', ...fork)).toEqual(['start a m b n j z']);
  });

  it('without fusion are one for each node, none before those above it', async () => {
    const ran = await order('none', ...fork);
    expect(ran.toSorted()).toEqual(['a', 'b', 'j', 'm', 'n', 'start', 'z']);
    for (const [above, below] of [
      ['start', 'a'],
      ['a', 'm'],
      ['b', 'n'],
      ['m', 'j'],
      ['n', 'j'],
      ['j', 'z'],
    ]) {
      expect(ran.indexOf(above as string)).toBeLessThan(ran.indexOf(below as string));
    }
  });

  it('of pure nodes end at what acts, and never form a circle', async () => {
    expect(await order('pure', ...fork)).toEqual(['start a b', 'm', 'n', 'j z']);
    expect(await order('pure', ['start:start', 'm:act', 'x', 'y'], 'start>m start>x m>x x>y')).toEqual([
      'start',
      'm',
      'x y',
    ]);
  });

  it('begin a join once, whatever the lengths of the ways to it', async () => {
    const ran = await order('none', ['start:start', 'a', 'b', 'c', 'j'], 'start>a a>b b>c c>j start>j');
    expect(ran).toEqual(['start', 'a', 'b', 'c', 'j']);
  });
});

describe('compile', () => {
  it('knows what may wait, inside containers too', () => {
    const waits = (...definition: Parameters<typeof sketch>): boolean =>
      compile(sketch(...definition), nodeTypes).waits;
    expect(waits(['start:start', 'a'], 'start>a')).toBe(false);
    expect(waits(['start:start', 'd:dept', 'e:each:d', 'q:ask:e'], 'start>d')).toBe(true);
  });

  it('refuses types and versions it does not know', () => {
    expect(() => compile(sketch(['a:gone'], ''), nodeTypes)).toThrow(CannotCompile);
    expect(() => compile(sketch([['a:set', { version: 2 }]], ''), nodeTypes)).toThrow(CannotCompile);
    expect(() => compile(sketch(['a', 'b'], 'a>b b>a'), nodeTypes)).toThrow('cycle');
  });

  it('brings an older config to the version of its node type', () => {
    const set = nodeTypes.get('set');
    if (!set) throw new Error('no set');
    const newer = {
      ...set,
      version: 3,
      migrate: (config: unknown, from: number) => ({ value: [config as null, from] }),
    };
    const { plan } = compile(sketch([['a:set', { config: { old: true } }]], ''), new Map([['set', newer]]));
    expect(plan.order[0]?.config).toEqual({ value: [{ old: true }, 1] });
  });

  it('compiles a thousand nodes in a moment', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `n${index}`);
    const definition = sketch(
      ids,
      ids
        .slice(1)
        .map((id, index) => `n${index}>${id}`)
        .join(' '),
    );
    expect(cpuMs(() => compile(definition, nodeTypes))).toBeLessThan(limitHere(1_000));
  });

  it('finds the node of the top level that a path stands in', () => {
    expect(['a', 'w#2/x', 'd#0/e#1/x'].map(topOf)).toEqual(['a', 'w', 'd']);
  });
});

describe('createCache', () => {
  it('keeps what was used last, and not what failed', () => {
    const made: string[] = [];
    const cached = createCache<string, string>(
      2,
      (key) => key,
      (key) => {
        made.push(key);
        if (key === 'bad') throw new Error(key);
        return key.toUpperCase();
      },
    );
    expect(['a', 'b', 'a', 'c', 'a', 'b'].map(cached)).toEqual(['A', 'B', 'A', 'C', 'A', 'B']);
    expect(made).toEqual(['a', 'b', 'c', 'b']);
    for (let time = 0; time < 2; time += 1) expect(() => cached('bad')).toThrow('bad');
    expect(made.filter((key) => key === 'bad')).toHaveLength(2);
  });
});
