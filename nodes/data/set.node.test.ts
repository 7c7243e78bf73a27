import { describe, expect, it } from 'vitest';
import { aNodeContext } from '#tests/support/nodeContext.js';
import type { Json } from '#nodes/sdk/json.js';
import { setNode } from './set.node.js';

describe('data.set', () => {
  it('names values as they are', async () => {
    const values = [
      { name: 'total', value: 12.5 },
      { name: 'items', value: ['coxinha'] },
      { name: 'total', value: 13 },
    ];
    expect((await aNodeContext().run(setNode, { values })).value).toEqual({ total: 13, items: ['coxinha'] });
  });

  it('adds them to what another step returned', async () => {
    const values = [{ name: 'b', value: 2 }];
    const value = async (base: Json | undefined) =>
      (await aNodeContext().run(setNode, { values, ...(base !== undefined && { base }) })).value;
    expect(await value({ a: 1, b: 1 })).toEqual({ a: 1, b: 2 });
    for (const base of [null, undefined]) expect(await value(base)).toEqual({ b: 2 });
    for (const base of ['text', [1], 7, false]) expect(await value(base)).toEqual({ value: base, b: 2 });
  });

  it.each<[Json]>([[{ a: 1 }], ['pão'], [''], [7], [0], [false], [[1, 'b']], [null]])(
    'hands on %j as it is',
    async (base) => {
      expect((await aNodeContext().run(setNode, { base })).value).toEqual(base);
      expect((await aNodeContext().run(setNode, { base, values: [] })).value).toEqual(base);
    },
  );

  it('leaves braces that came as data alone', async () => {
    const values = [{ name: 'said', value: '{{ organization.name }}' }];
    expect((await aNodeContext().run(setNode, { values })).value).toEqual({ said: '{{ organization.name }}' });
  });

  it.each(['__proto__', 'two words', '1st', ''])('refuses the name %j', (name) => {
    expect(setNode.config.safeParse({ values: [{ name, value: 1 }] }).success).toBe(false);
  });
});
