import { expect, test } from 'vitest';
import { chunk } from './chunk.js';

const count = (text: string): number => text.split(/\s+/).length;
const sentences = (many: number): string =>
  Array.from({ length: many }, (_, index) => `Esta é a frase número ${index} de um texto bem comprido.`).join(' ');

test('an empty text has no chunks', () => {
  expect(chunk('')).toEqual([]);
  expect(chunk(' \n\n ')).toEqual([]);
});

test('keeps the path of headings and never crosses one', () => {
  expect(chunk('Antes.\n# A\ntexto a\n## B\ntexto b\n# C\n## D\ntexto d')).toEqual([
    { heading: '', content: 'Antes.' },
    { heading: 'A', content: 'texto a' },
    { heading: 'A > B', content: 'texto b' },
    { heading: 'C > D', content: 'texto d' },
  ]);
});

test('cuts a long section between sentences, into chunks of at most 200 words that share a sentence', () => {
  const chunks = chunk(`# Longo\n${sentences(60)}`);
  expect(chunks.length).toBeGreaterThan(2);
  for (const { heading, content } of chunks) {
    expect(heading).toBe('Longo');
    expect(count(content)).toBeLessThanOrEqual(210);
    expect(content).toMatch(/^Esta é .*comprido\.$/s);
  }
  const last = chunks[0]?.content.match(/[^.]+\.$/)?.[0].trim() ?? '';
  expect(chunks[1]?.content.startsWith(last)).toBe(true);
  for (let index = 0; index < 60; index++)
    expect(chunks.some(({ content }) => content.includes(`número ${index} `))).toBe(true);
});

test('repeats the header of a table in each of its chunks and tears no row', () => {
  const rows = Array.from({ length: 80 }, (_, index) => `| Produto ${index} com nome | R$ ${index},00 |`);
  const chunks = chunk(['| Produto | Preço |', '|---|---|', ...rows].join('\n'));
  expect(chunks.length).toBeGreaterThan(1);
  for (const { content } of chunks) expect(content.startsWith('| Produto | Preço |\n|---|---|\n| Produto ')).toBe(true);
  for (const row of rows) expect(chunks.filter(({ content }) => content.split('\n').includes(row))).toHaveLength(1);
});

test('a text without a single full stop is cut all the same', () => {
  const chunks = chunk(Array.from({ length: 1_000 }, (_, index) => `palavra${index}`).join(' '));
  expect(chunks.length).toBeGreaterThan(5);
  for (const { content } of chunks) expect(count(content)).toBeLessThanOrEqual(210);
});

test('a hash inside a code fence is no heading', () => {
  expect(chunk('# A\n```\n# not a heading\n```')).toEqual([{ heading: 'A', content: '```\n# not a heading\n```' }]);
});

test('keeps Windows line ends out', () => {
  expect(chunk('# A\r\n- um\r\n- dois\r\n')).toEqual([{ heading: 'A', content: '- um\n- dois' }]);
});
