import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { goodGraph } from '#engine/graph/testing/graph.js';
import { Checker, type WorkerLike } from './Checker.js';
import type { ToWorker } from './checking.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('looks nothing through before it knows which types there are: a draft may arrive before them', () => {
  const told: ToWorker['kind'][] = [];
  const worker: WorkerLike = { postMessage: ({ kind }) => void told.push(kind), terminate: () => {}, onmessage: null };
  const checker = new Checker(worker, () => {});
  checker.check(goodGraph().build());
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([]);
  checker.start({ nodeTypes: [], locale: 'pt-BR', known: {} });
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual(['start', 'load', 'check']);
  checker.close();
});
