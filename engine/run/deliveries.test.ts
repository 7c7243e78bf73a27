import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createDeliveries } from './deliveries.js';

/** A clock that goes on as those who are given something compute. */
function clocked() {
  let time = 0;
  const deliver = createDeliveries(() => time);
  const order: string[] = [];
  /** Waits for its result, then computes for two milliseconds in several microtasks. */
  const waitFor = async (name: string, urgent = false): Promise<void> => {
    await new Promise<void>((resolve) => deliver(resolve, urgent));
    for (let part = 0; part < 5; part += 1) await Promise.resolve();
    order.push(name);
    time += 2;
  };
  return { order, waitFor };
}

it('lets others in between the results of one statement, once a slice of time is used up', async () => {
  const { order, waitFor } = clocked();
  const all = Promise.all(['a', 'b', 'c', 'd'].map((name) => waitFor(name)));
  await nextTurn();
  order.push('somebody else');
  await all;
  expect(order).toEqual(['a', 'b', 'somebody else', 'c', 'd']);
});

it('hands out what is urgent before what waits for its turn, and in order what is not', async () => {
  const { order, waitFor } = clocked();
  const others = ['a', 'b', 'c'].map((name) => waitFor(name));
  await nextTurn();
  const first = waitFor('first', true);
  await Promise.all([...others, first, waitFor('d')]);
  expect(order).toEqual(['a', 'b', 'first', 'c', 'd']);
});
