import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import { nodesOf } from '#engine/graph/document/shape.js';
import { Refused } from './closeCodes.js';
import { checkDepth } from './depth.js';
import { inspectUpdate } from './inspect.js';
import { farApart } from '#tests/support/collaboration.js';
import { workOf } from './work.js';

const cost = (doc: Y.Doc, update: Uint8Array): number => workOf(doc, inspectUpdate(update), 0).steps;

/** Somebody with a copy of the draft. `says` returns what the others lack. */
function copyOf(doc: Y.Doc): { doc: Y.Doc; says: () => Uint8Array } {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return { doc: copy, says: () => Y.encodeStateAsUpdate(copy, Y.encodeStateVector(doc)) };
}

function draft(): { doc: Y.Doc; text: (doc: Y.Doc) => Y.Text } {
  const doc = new Y.Doc();
  const node = new Y.Map<unknown>();
  nodesOf(doc).set('a', node);
  node.set('text', new Y.Text('Bom dia! '.repeat(50)));
  return { doc, text: (of) => (nodesOf(of).get('a') as Y.Map<unknown>).get('text') as Y.Text };
}

describe('what an edit may cost', () => {
  it('is nothing while nobody else writes at the same place, however much it is', () => {
    const { doc, text } = draft();
    const one = copyOf(doc);
    for (let index = 0; index < 500; index += 1) text(one.doc).insert(40 + index, 'x');
    for (let index = 0; index < 300; index += 1)
      (nodesOf(one.doc).get('a') as Y.Map<unknown>).set('position', { x: index, y: 0 });
    one.doc.transact(() => {
      for (let index = 0; index < 500; index += 1)
        nodesOf(one.doc).set(
          `n${index}`,
          new Y.Map([['config', new Y.Map([['values', Y.Array.from([1, 2])]])]] as never),
        );
    });
    expect(cost(doc, one.says())).toBeLessThan(10_000);
    // Letter by letter, each taken in before the next comes.
    const typing = copyOf(doc);
    for (let index = 0; index < 50; index += 1) {
      text(typing.doc).insert(100 + index, 'y');
      expect(cost(doc, typing.says())).toBe(0);
      Y.applyUpdate(doc, typing.says());
    }
  });

  it('is little when people wrote at the same place without a network', () => {
    const { doc, text } = draft();
    const [one, other] = [copyOf(doc), copyOf(doc)];
    const places = [40, 10, 200, 41, 90];
    for (let index = 0; index < 100; index += 1) text(one.doc).insert(places[index % 5] ?? 0, 'x');
    for (let index = 0; index < 100; index += 1) text(other.doc).insert(places[index % 5] ?? 0, 'y');
    Y.applyUpdate(doc, one.says());
    expect(cost(doc, other.says())).toBeLessThan(100_000);
  });

  it('is told before it is paid: parts that claim neighbours far apart', () => {
    const { doc, update } = farApart(2_000);
    expect(cost(doc, update)).toBeGreaterThan(1_000_000);
  });
});

describe('how deep an edit nests', () => {
  it('is seen through parts that stand beside the middle of another', () => {
    const update = encoding.encode((encoder) => {
      const levels = 500;
      const number = (...values: number[]) => values.forEach((value) => encoding.writeVarUint(encoder, value));
      number(1, 1 + levels * 2, 7, 0);
      // A list under a key, and then in each list two numbers, and beside the first of them the next list.
      encoding.writeUint8(encoder, 7 | 0x20);
      number(1);
      encoding.writeVarString(encoder, 'nodes');
      encoding.writeVarString(encoder, 'a');
      number(0);
      for (let level = 0; level < levels; level += 1) {
        const list = level * 3;
        encoding.writeUint8(encoder, 8);
        number(0, 7, list, 2);
        encoding.writeAny(encoder, 1);
        encoding.writeAny(encoder, 1);
        encoding.writeUint8(encoder, 7 | 0x80 | 0x40);
        number(7, list + 1, 7, list + 2, 0);
      }
      number(0);
    });
    const doc = new Y.Doc();
    expect(() => checkDepth(doc, inspectUpdate(update))).toThrow(Refused);
    // It would have been taken for what it is.
    Y.applyUpdate(doc, update);
    let depth = 0;
    for (let at: unknown = nodesOf(doc).get('a'); at instanceof Y.Array; at = at.get(1)) depth += 1;
    expect(depth).toBe(501);
  });
});
