import { describe, expect, it } from 'vitest';
import { en } from './en/index.js';
import { ptBR } from './pt-BR/index.js';

/** Every text with its path: `home.morning`. */
function texts(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, path ? `${path}.${key}` : key));
}

const portuguese = new Map(texts(ptBR));
const english = new Map(texts(en));
const blanks = (text: string): string[] => (text.match(/\{\{\s*\w+\s*\}\}/g) ?? []).sort();

describe('dictionaries', () => {
  it('have the same keys in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...portuguese.keys()].sort());
  });

  it('say something everywhere', () => {
    const silent = [...portuguese, ...english].filter(([, text]) => text.trim() === '');
    expect(silent).toEqual([]);
  });

  it('fill the same blanks in both languages', () => {
    for (const [path, text] of portuguese) expect(blanks(english.get(path) ?? ''), path).toEqual(blanks(text));
  });

  it('have both plural forms wherever they have one', () => {
    const forms = (path: string): string[] => ['_one', '_other'].map((form) => path.replace(/_(one|other)$/, form));
    const plural = [...portuguese.keys()].filter((path) => /_(one|other)$/.test(path));
    expect(plural.flatMap(forms).filter((path) => !portuguese.has(path))).toEqual([]);
  });

  it('keep the voice: no "ops", no exclamation in an error', () => {
    for (const [path, text] of [...portuguese, ...english]) {
      expect(text, path).not.toMatch(/\b(ops|oops)\b/i);
      if (path.startsWith('common.errors') || path.startsWith('common.fields')) expect(text, path).not.toContain('!');
    }
  });
});
