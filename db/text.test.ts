import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { storableJson, storableJsonText, storableText } from './text.js';

describe('text that PostgreSQL can keep', () => {
  it('loses what has no meaning and nothing else', () => {
    expect(storableText('a\0b')).toBe('ab');
    expect(storableText('half \ud83d, the other \ude00, both 😀')).toBe('half \ufffd, the other \ufffd, both 😀');
    expect(storableText('pão 😀\n')).toBe('pão 😀\n');
  });

  it('is looked for in every text of a value, keys included, however deep', () => {
    expect(storableJson({ list: ['a', { 'k\0': ['\ud800', 1, null, true] }] })).toEqual({
      list: ['a', { k: ['\ufffd', 1, null, true] }],
    });
    // Keys that mean something to the language are keys like any other.
    const named: unknown = JSON.parse('{"__proto__":"\\u0000x","constructor":{"a":"\\u0000"}}');
    expect(JSON.stringify(storableJson(named))).toBe('{"__proto__":"x","constructor":{"a":""}}');
  });

  it('leaves a value alone that has none of it', () => {
    const value = { text: '😀', list: [1, 'b', { deep: '' }], nothing: null };
    expect(storableJson(value)).toEqual({ text: '😀', list: [1, 'b', { deep: '' }], nothing: null });
    expect(storableJson(null)).toBe(null);
  });

  it('is the same written as JSON', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\0', '\ud83d', 'a\ude00', '\\u0000', '\n\x1f'),
    );
    fc.assert(
      fc.property(fc.object({ key: texts, values: [texts, fc.integer(), fc.constant(null)], maxDepth: 2 }), (value) => {
        expect(storableJsonText(value)).toBe(JSON.stringify(storableJson(value)));
      }),
    );
  });
});
