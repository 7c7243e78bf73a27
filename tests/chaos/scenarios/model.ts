import { setTimeout as after } from 'node:timers/promises';
import { clean, figuresOf, inWorld, must, type Scenario } from './scenario.js';

/** The provider of the model. */
export const model: readonly Scenario[] = [
  {
    name: 'modelFaults',
    tests: '14',
    what: 'the model answers 429 and 500, hangs and is cut off: each fault costs one more call at most',
    run: (random, short) =>
      inWorld({ workers: 2 }, async (world) => {
        const { model } = world.outside;
        const runs = short ? 20 : 200;
        let faults = 0;
        for (let at = 0; at < runs; at += 1) {
          const dice = random.next();
          if (dice < 0.45) {
            faults += 1;
            if (dice < 0.3) model.faults.push({ kind: 'status', status: 429, headers: { 'retry-after': '1' } });
            else model.faults.push(dice < 0.4 ? { kind: 'status', status: 500 } : { kind: 'drop' });
          }
          world.customers.flock(1);
          await after(50);
        }
        const verdict = await clean(world, 240);
        const calls = model.log.filter(({ path }) => path.includes('chat')).length;
        must(calls <= runs + faults, 'more calls than runs and faults', { calls, runs, faults });
        const [steps] = await world.rows<{ charged: number }>(
          `select count(*) filter (where input_tokens > 0)::int as charged from platform.run_steps
           where node_id = 'feel' and status = 'succeeded'`,
        );
        must(steps?.charged === runs, 'each answer is charged once', steps);
        return { calls, faults, ...figuresOf(verdict) };
      }),
  },
];
