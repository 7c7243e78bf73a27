import { describe, expect, it } from 'vitest';
import { readJson } from './jsonText.js';

const text = '{\n  "a": [1, {"b c": "x\\n\\u00e9"}],\n  "__proto__": null, "n": -1.5e3\n}';

describe('JSON as it is typed', () => {
  it('reads what JSON.parse reads', () => {
    for (const each of [text, 'null', ' "x" ', '[]', '{}', '[true,false]', '0', '{"a":{"a":[[]]}}']) {
      const read = readJson(each);
      expect(read.fault).toBeNull();
      expect(read.fault === null && read.value).toEqual(JSON.parse(each));
    }
  });

  it('knows where everything stands, and what should hold what is missing', () => {
    const read = readJson(text);
    if (read.fault !== null) throw new Error('read as faulty');
    const at = (...path: string[]): string => {
      const { from, to } = read.at(path);
      return text.slice(from, to);
    };
    expect(at('a', '1', 'b c')).toBe('"x\\n\\u00e9"');
    expect(at('a', '0')).toBe('1');
    expect(at('n')).toBe('-1.5e3');
    expect(at('a', '1', 'missing')).toBe('{"b c": "x\\n\\u00e9"}');
    expect(at('missing', 'too')).toBe(text);
  });

  it.each([
    ['', 0],
    ['{"a": }', 6],
    ['{"a": 1,}', 8],
    ['[1 2]', 3],
    ['{a: 1}', 1],
    ['"open', 0],
    ['{"a": "x\n"}', 6],
    ['{} x', 3],
    ['01', 0],
    ['[.5]', 1],
    ['"\\q"', 0],
    ['[1', 1],
  ])('says where %j is not JSON', (broken, at) => {
    expect(() => JSON.parse(broken)).toThrow();
    expect(readJson(broken).fault?.from).toBe(at);
  });

  it('takes no number that there is not: it would be sent as nothing', () => {
    expect(readJson('{"a": 1e999}').fault).toEqual({ from: 6, to: 7 });
    expect(readJson('-1e999').fault).toEqual({ from: 0, to: 1 });
    expect(readJson('1e300').fault).toBeNull();
  });

  it('gives up on what is nested without end', () => {
    expect(readJson('['.repeat(100_000)).fault).not.toBeNull();
  });
});
