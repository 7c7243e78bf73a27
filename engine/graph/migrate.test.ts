import { expect, it } from 'vitest';
import type { Json } from '#nodes/sdk/json.js';
import { migrate, UnknownFormat } from './migrate.js';
import { goodGraph } from './testing/graph.js';

const good = goodGraph().build() as unknown as Json;
const search = {
  type: 'data.search',
  version: 3,
  migrate: (config: Json, from: number): Json => ({ ...(config as object), from }),
};

it('leaves a current definition as it is', () => {
  expect(migrate(good)).toEqual(good);
  expect(migrate(good, [{ type: 'data.search', version: 1 }])).toEqual(good);
});

it('brings the config of older nodes up to their type', () => {
  const migrated = migrate(good, [search]) as { nodes: { id: string; version: number; config: object }[] };
  expect(migrated.nodes.map(({ id, version }) => [id, version])).toEqual([
    ['start', 1],
    ['search', 3],
    ['write', 1],
    ['send', 1],
  ]);
  expect(migrated.nodes[1]?.config).toEqual({ query: '{{ trigger.text }}', from: 1 });
});

it('leaves what it does not recognize to validation', () => {
  for (const value of [null, 3, [], {}, { nodes: [null, 3, { type: 'data.search' }] }])
    expect(migrate(value as Json, [search])).toEqual(value);
});

it('refuses a definition from a newer program', () => expect(() => migrate({ format: 2 })).toThrow(UnknownFormat));
