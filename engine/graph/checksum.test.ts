import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, checksum } from './checksum.js';
import { sha256 } from './sha256.js';
import { goodGraph } from './testing/graph.js';

it('hashes as the platform does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'));
    }),
  );
  for (const length of [0, 55, 56, 63, 64, 65, 100_000]) {
    expect(sha256('x'.repeat(length))).toBe(createHash('sha256').update('x'.repeat(length)).digest('hex'));
  }
});

it('is the same whatever the order of keys, and different for any change', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, field]) => [key, reversed(field)]),
    );
  };
  const good = goodGraph().build();
  expect(JSON.stringify(reversed(good))).not.toBe(JSON.stringify(good));
  expect(checksum(reversed(good) as typeof good)).toBe(checksum(good));
  const changed = structuredClone(good);
  const [node] = changed.nodes;
  if (node) node.position.x = 1;
  expect(checksum(changed)).not.toBe(checksum(good));
});

it('writes JSON that reads back as it was, without undefined', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(canonicalJson({ b: undefined, a: [undefined] })).toBe('{"a":[null]}');
});
