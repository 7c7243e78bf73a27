import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Play, settings } from '#tests/support/conversations/play.js';
import { plans } from '#tests/support/conversations/plan.js';
import { workerBench, type WorkerBench } from '#tests/support/worker.js';

let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
  await bench.startWorker(settings);
  await bench.startWorker(settings);
});
afterAll(() => bench.close());

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
    { numRuns: Number(many ?? 8), endOnFailure: true, ...(seed && { seed: Number(seed) }) },
  );
}, 3_600_000);
