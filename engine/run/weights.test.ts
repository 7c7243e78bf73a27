import { expect, test } from 'vitest';
import { Weights } from './weights.js';

const never = new AbortController().signal;
/** What has happened by the next turn of the event loop. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test('a run that makes little is never counted and never waits, however full the worker is', () => {
  const weights = new Weights(2_000_000);
  void weights.enter().grow(30_000_000, never);
  const light = weights.enter();
  for (let times = 0; times < 10; times += 1) expect(light.grow(100_000, never)).toBeUndefined();
});

test('whoever wants more than there is waits until others have left, in the order in which they came', async () => {
  const weights = new Weights(10_000_000);
  const [first, second, third, fourth] = [weights.enter(), weights.enter(), weights.enter(), weights.enter()];
  expect(first.grow(6_000_000, never)).toBeUndefined();
  const went: string[] = [];
  const wait = (name: string, grown: Promise<void> | undefined): void => void grown?.then(() => went.push(name));
  wait('second', second.grow(6_000_000, never));
  // There would be room for this one; but the second was here before.
  wait('third', third.grow(3_000_000, never));
  wait('fourth', fourth.grow(3_000_000, never));
  await turn();
  expect(went).toEqual([]);
  first.leave();
  await turn();
  expect(went).toEqual(['second', 'third']);
  second.leave();
  await turn();
  expect(went).toEqual(['second', 'third', 'fourth']);
});

test('the one that has been counted longest goes on, so that it ends: no two wait for each other', async () => {
  const weights = new Weights(10_000_000);
  const [first, second] = [weights.enter(), weights.enter()];
  expect(first.grow(5_000_000, never)).toBeUndefined();
  expect(second.grow(5_000_000, never)).toBeUndefined();
  const grown = second.grow(5_000_000, never);
  expect(grown).toBeInstanceOf(Promise);
  expect(first.grow(50_000_000, never)).toBeUndefined();
  first.leave();
  await grown;
  expect(second.grow(50_000_000, never)).toBeUndefined();
});

test('one that is told to stop waits no longer, and holds nobody up', async () => {
  const weights = new Weights(10_000_000);
  const [first, second, third] = [weights.enter(), weights.enter(), weights.enter()];
  expect(first.grow(6_000_000, never)).toBeUndefined();
  const stop = new AbortController();
  const stopped = second.grow(6_000_000, stop.signal);
  const grown = third.grow(3_000_000, never);
  stop.abort(new Error('canceled'));
  await expect(stopped).rejects.toThrow('canceled');
  await grown;
  second.leave();
  await expect(second.grow(9_000_000, stop.signal)).rejects.toThrow('canceled');
});
