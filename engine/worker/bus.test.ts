import { expect, test, vi } from 'vitest';
import type { LiveEvent } from '#engine/graph/events.js';
import { createLocalBus } from './bus.js';
import { createHearing } from './hearing.js';

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
  await vi.waitFor(() => expect(heard.at(-1)).toEqual(token('…')), 60_000);
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

test('whoever begins to listen is told of, and what nobody hears goes nowhere', async () => {
  const bus = createLocalBus();
  const told: string[] = [];
  bus.onHeard((organizationId) => told.push(organizationId));
  expect(bus.isHeard('bakery')).toBe(false);
  const stops = [bus.subscribe('bakery', () => {}), bus.subscribe('bakery', () => {})];
  expect([bus.isHeard('bakery'), bus.isHeard('florist'), told]).toEqual([true, false, ['bakery']]);
  for (const stop of stops) stop();
  expect(bus.isHeard('bakery')).toBe(false);
  await bus.close();
});

test('processes know what others listen to, whichever came first, and forget who says nothing more', () => {
  let time = 0;
  const lines: ((text: string) => void)[] = [];
  const join = (ours: string[]) => {
    const told: string[] = [];
    const unsaid: string[] = [];
    const hearing = createHearing({
      ours: () => ours,
      say: (text) => lines.forEach((line) => line(text)),
      onHeard: (id) => told.push(id),
      onUnsaid: (id) => unsaid.push(id),
      onGap: () => {},
      now: () => time,
    });
    lines.push((text) => hearing.hear(text));
    hearing.begin();
    return { ...hearing, told, unsaid };
  };
  const api = join(['bakery']);
  const worker = join([]);
  // It may not have heard of everybody yet.
  expect(worker.isHeard('florist')).toBe(true);
  time = 3_000;
  expect(['bakery', 'florist'].map((id) => worker.isHeard(id))).toEqual([true, false]);
  api.listen('florist');
  expect([worker.isHeard('florist'), worker.told]).toEqual([true, ['bakery', 'florist']]);
  time = 60_000;
  expect(['bakery', 'florist'].map((id) => worker.isHeard(id))).toEqual([false, false]);
  // Of what it has just kept to itself it tells whoever comes then; not of what was long before, nor twice.
  expect(worker.unsaid).toEqual(['florist']);
  time = 62_000;
  api.listen('bakery');
  api.listen('bakery');
  time = 90_000;
  api.listen('florist');
  expect(worker.unsaid).toEqual(['florist', 'bakery']);
  for (const each of [api, worker]) each.close();
});
