import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTextField } from './textField.js';

const readIn = (json: string, cuts: readonly number[]): string => {
  const read = createTextField('text');
  const points = [...new Set(cuts.map((cut) => cut % (json.length + 1)))].toSorted((a, b) => a - b);
  return [...points, json.length].reduce<{ at: number; out: string }>(
    ({ at, out }, point) => ({ at: point, out: out + read(json.slice(at, point)) }),
    { at: 0, out: '' },
  ).out;
};

test('reads the text of any object, however it is cut into pieces', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.array(fc.nat()),
      fc.boolean(),
      (text, rest, cuts, ascii) => {
        const { text: _, ...others } = rest;
        const plain = JSON.stringify({ ...others, text });
        const json = ascii
          ? plain.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          : plain;
        expect(readIn(json, cuts)).toBe(text);
      },
    ),
    { numRuns: 500 },
  );
});

test('gives text as soon as it is certain, and never half a character', () => {
  const read = createTextField('text');
  expect([...'{"a":1,"text":"Ol\\u00e1 \\ud83c\\udf5e!"'].map(read).filter(Boolean)).toEqual([
    'O',
    'l',
    'á',
    ' ',
    '🍞',
    '!',
  ]);
});

test.each([
  ['a text inside another object', '{"inner":{"text":"no"},"text":"yes"}', 'yes'],
  ['a text that is a value', '{"kind":"text","text":"yes"}', 'yes'],
  ['an array of names', '{"list":["text","text"],"text":"yes"}', 'yes'],
  ['no text', '{"other":"no"}', ''],
  ['a text that is null', '{"text":null,"other":"no"}', ''],
  ['not an object', '"text"', ''],
])('is not misled by %s', (_, json, text) => {
  expect(createTextField('text')(json)).toBe(text);
});
