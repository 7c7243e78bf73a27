import { expect, test } from 'vitest';
import { createTurns } from './turns.js';

test('who sends little goes first, who floods stands behind, and is forgiven with time', () => {
  let now = 0;
  const turns = createTurns(() => now);
  const flood = Array.from({ length: 1_000 }, () => turns.next('flood'));
  expect(flood.slice(0, 10)).toEqual(Array(10).fill(0));
  expect(flood.at(-1)).toBe(990);
  expect(flood.slice(10)).toEqual([...flood.slice(10)].sort((a, b) => a - b));
  expect(turns.next('quiet')).toBe(0);
  now = 50_000;
  expect(turns.next('flood')).toBe(491);
  now = 200_000;
  expect(turns.next('flood')).toBe(0);
});
