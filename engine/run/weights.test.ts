import { expect, test, vi } from 'vitest';
import type { Json } from '#nodes/sdk/json.js';
import { sketch } from '#tests/support/engine/graph.js';
import { World } from '#tests/support/engine/world.js';
import { Clocks } from './clocks.js';
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

test('waiting for room is no time that a run has worked', async () => {
  const world = await World.open();
  try {
    const worker = await world.worker({ mostHeld: 3_000_000 });
    let letGo = (): void => {};
    const held = new Promise<Json>((resolve) => (letGo = () => resolve('done')));
    world.doings.script('first', () => 'x'.repeat(2_000_000));
    world.doings.script('last', () => held);
    const limit = { timeoutSeconds: 0.5 };
    const heavy = world.go(worker, sketch(['start:start', 'first:task', 'last:task'], 'start>first>last'));
    await vi.waitFor(() => expect(world.doings.ran).toContain('first'), 30_000);
    world.doings.script('d#0/second', () => 'y'.repeat(2_000_000));
    const waiting = world.go(worker, sketch(['start:start', ['d:dept', limit], 'second:task:d'], 'start>d', limit));
    await vi.waitFor(() => expect(world.doings.ran).toContain('d#0/second'), 30_000);
    // Somebody who began later and waits for nobody: by the end of their time, that of the other would long be over.
    world.doings.script('slow', () => held);
    const { outcome } = await world.go(worker, sketch(['start:start', 'slow:task'], 'start>slow', limit));
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'run_timeout' } });
    letGo();
    expect((await heavy).outcome).toMatchObject({ status: 'succeeded' });
    expect((await waiting).outcome).toMatchObject({ status: 'succeeded' });
  } finally {
    await world.close();
  }
});

test('what it works after that is', async () => {
  vi.useFakeTimers();
  try {
    const clocks = new Clocks();
    const over = vi.fn<() => void>();
    clocks.start(1_000, over);
    await vi.advanceTimersByTimeAsync(400);
    let leave = (): void => {};
    const waited = clocks.standFor(new Promise<void>((resolve) => (leave = resolve)));
    await vi.advanceTimersByTimeAsync(60_000);
    const ended = vi.fn<() => void>();
    clocks.start(100, ended)();
    leave();
    await waited;
    await vi.advanceTimersByTimeAsync(599);
    expect(over).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2);
    expect(over).toHaveBeenCalledOnce();
    expect(ended).not.toHaveBeenCalled();
  } finally {
    vi.useRealTimers();
  }
});
