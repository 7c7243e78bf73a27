import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Play, settings } from '#tests/support/conversations/play.js';
import { plans, type Plan } from '#tests/support/conversations/plan.js';
import { workerBench, type WorkerBench } from '#tests/support/worker.js';

let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
  await bench.startWorker(settings);
  await bench.startWorker(settings);
});
afterAll(() => bench.close());

/** What chance seldom brings together: an answer under way that is not begun anew, and a message that is changed meanwhile. */
const told = { pair: 0, way: 'told', later: 1 } as const;
const edited = { does: 'edit', which: 0, early: false, ...told } as const;
const seldom = (rest: Partial<Plan>): [Plan] => [
  {
    burstWindowMs: 0,
    queue: false,
    asks: false,
    steps: [
      { does: 'shut' },
      { does: 'write', count: 1, kind: 'text', ...told },
      ...Array.from({ length: 5 }, () => [{ does: 'settle' } as const, edited]).flat(),
      { does: 'rest' },
    ],
    ...rest,
  },
];

/**
 * `CONVERSATIONS` says how many, for a long run by hand; `SEED` which ones. A failure names its seed.
 */
test('whatever customers write, change and take back, in whatever order it reaches us: each message is answered once, in order, as it reads then', async () => {
  const [seed, many] = [process.env['SEED'], process.env['CONVERSATIONS']];
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const play = await Play.open(bench, plan);
      expect(await play.run()).toEqual([]);
    }),
    {
      examples: [seldom({}), seldom({ queue: true })],
      numRuns: Number(many ?? 8),
      endOnFailure: true,
      ...(seed && { seed: Number(seed) }),
    },
  );
}, 3_600_000);
