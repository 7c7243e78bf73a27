import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { checksum } from './checksum.js';
import { limits } from './definition.js';
import { mostProblems } from './report.js';
import { cpuMs, limitHere } from './testing/cpu.js';
import { goodGraph } from './testing/graph.js';
import { nodeTypes } from './testing/nodes.js';
import { validate } from './validate.js';

/** Most processor time a refusal may take (scorecard 45). */
const LIMIT_MS = limitHere(200);
/** What a single reading may be off by, when the collector of garbage runs just then. */
const MARGIN = 2;

let prototypeBefore: string;
const prototypeNow = (): string => JSON.stringify(Reflect.ownKeys(Object.prototype).map(String));
beforeAll(() => {
  prototypeBefore = prototypeNow();
  // The first call compiles schemas, which is not what is measured.
  validate(goodGraph().build(), nodeTypes);
});

/** The codes a definition is refused with. */
function refuse(definition: unknown): readonly string[] {
  const { problems } = validate(definition, nodeTypes);
  expect(problems.some(({ severity }) => severity === 'error')).toBe(true);
  expect(problems.length).toBeLessThanOrEqual(mostProblems);
  return problems.map(({ code }) => code);
}

const node = (id: string, more: object = {}): object => ({
  id,
  type: 'logic.if',
  version: 1,
  config: { condition: true },
  position: { x: 0, y: 0 },
  ...more,
});
const edge = (from: string, to: string, index: number): object => ({
  id: `e${index}`,
  from: { node: from, port: 'yes' },
  to: { node: to, port: 'in' },
});
const whole = (nodes: unknown, edges: unknown = [], more: object = {}): object => ({
  format: 1,
  nodes,
  edges,
  settings: {},
  ...more,
});
const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));
const deep = (levels: number): unknown => {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level += 1) value = level % 2 ? [value] : { a: value };
  return value;
};
const nodes1000 = many(limits.nodes, (index) => node(`n${index}`));

/** Each with the code it must be refused with. */
const monsters: readonly (readonly [string, () => unknown, string])[] = [
  ['10,000 nodes', () => whole(many(10_000, (index) => node(`n${index}`))), 'size.nodes'],
  [
    '100,000 edges',
    () =>
      whole(
        [node('a')],
        many(100_000, (index) => edge('a', 'a', index)),
      ),
    'size.edges',
  ],
  ['10 MB of text', () => whole([node('a', { config: { condition: 'x'.repeat(10_000_000) } })]), 'size.bytes'],
  ['10 MB of small parts', () => whole([node('a', { config: { list: many(1_000_000, String) } })]), 'size.bytes'],
  [
    '10 MB of keys',
    () => whole([node('a', { config: Object.fromEntries(many(500_000, (index) => [`k${index}`, index])) })]),
    'size.bytes',
  ],
  ['a depth of 10,000', () => whole([node('a', { config: { deep: deep(10_000) } })]), 'size.depth'],
  ['a depth of 10,000 at the top', () => deep(10_000), 'size.depth'],
  [
    'a circle of objects',
    () => {
      const self: Record<string, unknown> = {};
      self['self'] = self;
      return whole([node('a', { config: self })]);
    },
    'size.depth',
  ],
  ['NaN', () => whole([node('a', { position: { x: NaN, y: 0 } })]), 'material.not_finite'],
  ['infinity', () => whole([node('a', { config: { n: -Infinity } })]), 'material.not_finite'],
  ['a lone surrogate', () => whole([node('a', { title: 'x\uD800' })]), 'material.broken_character'],
  ['a lone surrogate in a key', () => whole([node('a', { config: { '\uDC00': 1 } })]), 'material.broken_character'],
  ['U+0000', () => whole([node('a', { title: 'x\0' })]), 'material.broken_character'],
  ['a function', () => whole([node('a', { config: { fn: () => 1 } })]), 'material.not_json'],
  ['a date', () => whole([node('a', { config: { at: new Date() } })]), 'material.not_json'],
  ['a bigint', () => whole([node('a', { config: { n: 1n } })]), 'material.not_json'],
  [
    'a getter that throws',
    () =>
      whole([
        {
          get id() {
            throw new Error('no');
          },
        },
      ]),
    'material.not_json',
  ],
  [
    'a proxy that throws',
    () =>
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no');
          },
        },
      ),
    'material.not_json',
  ],
  [
    '10,000 expressions',
    () => whole([node('a', { config: { list: many(10_000, () => '{{ 1 }}') } })]),
    'size.expressions',
  ],
  ['half a million braces', () => whole([node('a', { config: { text: '{{'.repeat(500_000) } })]), 'size.expressions'],
  [
    'one cycle of 1,000 nodes',
    () =>
      whole(
        nodes1000,
        many(limits.nodes, (index) => edge(`n${index}`, `n${(index + 1) % limits.nodes}`, index)),
      ),
    'cycle',
  ],
  [
    '500 cycles',
    () =>
      whole(
        nodes1000,
        many(limits.nodes, (index) => edge(`n${index}`, `n${index ^ 1}`, index)),
      ),
    'cycle',
  ],
  [
    '4,000 edges, each to every other',
    () =>
      whole(
        nodes1000,
        many(limits.edges, (index) => edge(`n${index % 64}`, `n${Math.floor(index / 64) % 64}`, index)),
      ),
    'cycle',
  ],
  [
    '1,000 containers in one another',
    () =>
      whole(
        many(limits.nodes, (index) =>
          node(`n${index}`, {
            type: 'logic.subDepartment',
            config: {},
            ...(index > 0 && { parentId: `n${index - 1}` }),
          }),
        ),
      ),
    'size.containers',
  ],
  [
    '1,000 containers in a circle',
    () =>
      whole(
        many(limits.nodes, (index) =>
          node(`n${index}`, { type: 'logic.subDepartment', config: {}, parentId: `n${(index + 1) % limits.nodes}` }),
        ),
      ),
    'parent.cycle',
  ],
  ['1,000 nodes of one id', () => whole(many(limits.nodes, () => node('same'))), 'id.duplicate_node'],
  [
    '1,000 unknown types',
    () => whole(many(limits.nodes, (index) => node(`n${index}`, { type: `logic.i${index}` }))),
    'type.unknown',
  ],
  ['a version of a type that there is not', () => whole([node('a', { version: 99 })]), 'type.unknown_version'],
  [
    '4,000 edges to nowhere',
    () =>
      whole(
        [node('a')],
        many(limits.edges, (index) => edge('gone', `n${index}`, index)),
      ),
    'edge.missing_node',
  ],
  [
    '1,000 nodes out of shape',
    () => whole(many(limits.nodes, (index) => ({ id: index, type: [], junk: {} }))),
    'shape.invalid',
  ],
  [
    'expressions of every node on every other',
    () =>
      whole(
        nodes1000.map((each, index) => ({
          ...each,
          config: { condition: `{{ steps.n${limits.nodes - index}.x == steps.n${index}x }}` },
        })),
        many(limits.nodes - 1, (index) => edge(`n${index}`, `n${index + 1}`, index)),
      ),
    'expression.step_later',
  ],
  [
    '1,000 expressions that do not parse',
    () =>
      whole(
        many(1_000, (index) =>
          node(`n${index}`, { type: 'agent.write', config: { instructions: `{{ (((((${index} }}` } }),
        ),
      ),
    'expression.syntax',
  ],
  [
    'expressions at their longest',
    () =>
      whole(
        many(70, (index) =>
          node(`n${index}`, { config: { condition: `{{ ${'trigger.text.lower() + '.repeat(170)}"" }}` } }),
        ),
      ),
    'trigger.none',
  ],
  [
    'expressions at their deepest',
    () =>
      whole(
        many(300, (index) =>
          node(`n${index}`, { config: { condition: `{{ ${'['.repeat(60)}${']'.repeat(60)} == [] }}` } }),
        ),
      ),
    'trigger.none',
  ],
  [
    'a config of 100,000 faults',
    () =>
      whole([
        node('a', { type: 'agent.write', config: Object.fromEntries(many(60_000, (index) => [`k${index}`, index])) }),
      ]),
    'config.unknown_field',
  ],
  [
    'waits in loops in loops',
    () =>
      whole(
        [
          node('start', { type: 'trigger.message', config: {} }),
          ...many(8, (index) =>
            node(`l${index}`, {
              type: 'logic.loop',
              config: { until: false, limit: 100 },
              ...(index > 0 && { parentId: `l${index - 1}` }),
            }),
          ),
          ...many(300, (index) =>
            node(`w${index}`, { type: 'logic.delay', config: { amount: 1, unit: 'hours' }, parentId: 'l7' }),
          ),
          node('send', { type: 'channel.send', config: { text: 'x' }, parentId: 'l7' }),
        ],
        [edge('w0', 'send', 1), { id: 'x', from: { node: 'w299', port: 'out' }, to: { node: 'send', port: 'in' } }],
      ),
    'edge.missing_output',
  ],
];

describe('hostile definitions', () => {
  it.each(monsters)('%s', (_, make, code) => {
    const definition = make();
    const before = process.memoryUsage.rss();
    expect(refuse(definition)).toContain(code);
    // Scorecard 45 allows 100 MB; what the definition itself takes is not counted.
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1_048_576);
    expect(cpuMs(() => refuse(definition), 7)).toBeLessThan(LIMIT_MS);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('a key %s at any level', (key) => {
    const good = JSON.stringify(goodGraph().build());
    const places = [...good.matchAll(/\{(?=")/g)].map(({ index }) => index + 1);
    expect(places.length).toBeGreaterThan(20);
    for (const place of places) {
      const text = `${good.slice(0, place)}${JSON.stringify(key)}:{"polluted":true},${good.slice(place)}`;
      expect(refuse(JSON.parse(text))).toEqual(['material.forbidden_key']);
    }
  });

  it('several thousand made at random from a good one, each refused or sound, none slow', () => {
    const good = goodGraph().build();
    const poison = fc.oneof(
      fc.constantFrom<unknown>(
        NaN,
        Infinity,
        null,
        '',
        '\uD800',
        '{{',
        '{{ steps.x.y }}',
        '{{ trigger }}',
        [],
        {},
        -1,
        1e308,
        true,
      ),
      fc.constantFrom<unknown>(
        'a'.repeat(3_000),
        deep(40),
        many(50, String),
        { __proto__: null, a: 1 },
        'search',
        'start',
        'in',
      ),
      fc.anything({
        maxDepth: 3,
        withNullPrototype: true,
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSparseArray: true,
      }),
      fc.jsonValue({ maxDepth: 6 }),
    );
    const path = fc.array(fc.nat(12), { minLength: 1, maxLength: 6 });
    let slowest = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(path, poison, fc.boolean()), { minLength: 1, maxLength: 4 }), (changes) => {
        const definition = structuredClone(good);
        for (const [steps, value, remove] of changes) spoil(definition, steps, value, remove);
        let result = validate(null, nodeTypes);
        const ms = cpuMs(() => {
          result = validate(definition, nodeTypes);
        }, 1);
        slowest = Math.max(slowest, ms);
        const hasError = result.problems.some(({ severity }) => severity === 'error');
        if (hasError) refused += 1;
        else expect(checksum(result.definition ?? good)).toMatch(/^[0-9a-f]{64}$/);
        expect(result.definition !== null || hasError).toBe(true);
      }),
      { numRuns: 5_000, seed: 45 },
    );
    expect(refused).toBeGreaterThan(2_500);
    expect(slowest).toBeLessThan(LIMIT_MS * MARGIN);
  });

  it('anything at all is taken without a crash', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }), (value) => {
        expect(validate(value, nodeTypes).problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000, seed: 45 },
    );
  });

  it('and Object.prototype is as it was after all of them', () => {
    expect(prototypeNow()).toBe(prototypeBefore);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('while a good definition of the greatest size passes in the same time', () => {
    const steps = many(limits.nodes - 1, (index) =>
      node(`n${index}`, { config: { condition: '{{ trigger.text == "oi" }}' } }),
    );
    const start = node('start', { type: 'trigger.message', config: {} });
    const chain = many(limits.nodes - 2, (index) => edge(`n${index}`, `n${index + 1}`, index));
    const first = { id: 'first', from: { node: 'start', port: 'out' }, to: { node: 'n0', port: 'in' } };
    const definition = whole([start, ...steps], [first, ...chain]);
    expect(validate(definition, nodeTypes).problems).toEqual([]);
    expect(cpuMs(() => validate(definition, nodeTypes), 7)).toBeLessThan(LIMIT_MS);
  });
});

/** Puts a value at, or removes, the place that a row of numbers leads to. */
function spoil(target: unknown, steps: readonly number[], value: unknown, remove: boolean): void {
  let place = target;
  for (const [index, step] of steps.entries()) {
    if (typeof place !== 'object' || place === null) return;
    const keys = Object.keys(place);
    const key = keys[step % Math.max(1, keys.length)];
    if (key === undefined) return;
    const fields = place as Record<string, unknown>;
    const inner = fields[key];
    if (index < steps.length - 1 && typeof inner === 'object' && inner !== null) place = inner;
    else if (remove && !Array.isArray(place)) return void delete fields[key];
    else return void (fields[key] = value);
  }
}
