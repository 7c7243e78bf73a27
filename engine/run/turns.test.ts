import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTurns } from './turns.js';

it('lets one begin in each turn of the event loop, the urgent before the others, each in order', async () => {
  const turn = createTurns();
  const began: string[] = [];
  const begin = async (name: string, urgent: boolean): Promise<void> => {
    await turn(urgent);
    began.push(name);
  };
  const all = Promise.all([begin('a', false), begin('b', false), begin('c', false), begin('first', true)]);
  await Promise.resolve();
  expect(began).toEqual(['a']);
  await nextTurn();
  await nextTurn();
  expect(began.slice(0, 2)).toEqual(['a', 'first']);
  await all;
  expect(began).toEqual(['a', 'first', 'b', 'c']);
  // Nobody waits when nobody is before them.
  await nextTurn();
  await nextTurn();
  expect(turn(false)).toBeUndefined();
});
