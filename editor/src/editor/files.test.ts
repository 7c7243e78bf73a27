import { describe, expect, it } from 'vitest';
import { limits } from '#engine/graph/definition.js';
import { goodGraph } from '#engine/graph/testing/graph.js';
import { readDepartment } from './files.js';

const good = goodGraph().build();
const file = (value: unknown): string => JSON.stringify(value);

describe('a file', () => {
  it.each([
    ['a department', file(good)],
    ['one inside a larger answer', file({ definition: good })],
    ['one with a mark before it', `\uFEFF${file(good)}`],
  ])('holds %s', (_, text) => expect(readDepartment(text)).toEqual(good));

  it.each([
    ['noJson', 'cut off', file(good).slice(0, -9)],
    ['noJson', 'no text at all', '\u0000\u0001'],
    ['nothing', 'of another program', file({ nodes: [{ name: 'x', type: 'another.start' }], connections: {} })],
    ['nothing', 'a list', '[1, 2]'],
    ['nothing', 'poisoned', `{"__proto__": {"x": 1}, "format": 1, "nodes": [], "edges": [], "settings": {}}`],
    ['newer', 'of a newer program', file({ ...good, format: 9 })],
    ['tooBig', 'of 5 MB', file({ ...good, settings: { notes: { a: { text: 'a'.repeat(5_000_000), x: 0, y: 0 } } } })],
    [
      'tooBig',
      'of more steps than fit',
      file({ ...good, nodes: Array.from({ length: limits.nodes + 1 }, () => ({})) }),
    ],
  ])('is refused as %s: %s', (why, _, text) => expect(readDepartment(text)).toBe(why));
});
