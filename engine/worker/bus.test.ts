import { expect, test, vi } from 'vitest';
import type { LiveEvent } from '#engine/graph/events.js';
import { createLocalBus } from './bus.js';

const token = (delta: string, path = 'answer'): LiveEvent => ({
  type: 'token',
  runId: 'r',
  conversationId: null,
  path,
  delta,
});
const department: LiveEvent = { type: 'department', department: { id: 'd', status: 'active' } };

test('listeners hear their own organization only', async () => {
  const bus = createLocalBus();
  const heard: LiveEvent[] = [];
  bus.subscribe('bakery', (event) => heard.push(event));
  bus.publish('florist', department);
  expect(heard).toEqual([]);
  bus.publish('bakery', department);
  expect(heard).toEqual([department]);
  await bus.close();
});

test('tokens of one step travel together, and never after what was published later', async () => {
  const bus = createLocalBus();
  const heard: LiveEvent[] = [];
  bus.subscribe('bakery', (event) => heard.push(event));
  for (const letter of ['O', 'i', '!']) bus.publish('bakery', token(letter));
  bus.publish('bakery', token('Hi', 'other'));
  expect(heard).toEqual([]);
  bus.publish('bakery', department);
  expect(heard).toEqual([token('Oi!'), token('Hi', 'other'), department]);
  bus.publish('bakery', token('…'));
  await vi.waitFor(() => expect(heard.at(-1)).toEqual(token('…')));
  await bus.close();
});

test('a listener that throws hurts neither the publisher nor the others', async () => {
  const bus = createLocalBus();
  const heard: LiveEvent[] = [];
  bus.subscribe('bakery', () => {
    throw new Error('socket closed');
  });
  const stop = bus.subscribe('bakery', (event) => heard.push(event));
  bus.publish('bakery', department);
  stop();
  bus.publish('bakery', department);
  expect(heard).toEqual([department]);
  await bus.close();
});
