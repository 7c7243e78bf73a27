import { chainOf } from '../measure/departments.js';
import { cpuOf } from '../measure/cpu.js';
import { openEngine, unsaved } from '../measure/engine.js';
import type { Bench, Outcome, Row } from '../measure/row.js';
import { figure, median } from '../measure/stats.js';

const NODES = 20;
const IN_FLIGHT = 20;
/** A question on a side that no run takes: a graph that may wait keeps checkpoints. */
const mayWait = (): ReturnType<typeof chainOf> =>
  chainOf(
    NODES - 2,
    [
      ['if:logic.if', { config: { condition: '{{ false }}' } }],
      ['ask:human.ask', { config: { question: 'Go on?' } }],
    ],
    `n${NODES - 3}>if if.yes>ask`,
  );

/**
 * CPU that durability adds to a superstep: 20 nodes, each its own superstep, 20 runs in flight on PostgreSQL, with the claim of the run,
 * each step's record, its checkpoint when it rests and its end, less the same graph into a journal that keeps nothing. Spread over the
 * supersteps. PostgreSQL's own CPU is not in it.
 */
export const engineDurable: Row = {
  name: 'engine-durable',
  async measure(bench: Bench): Promise<Outcome> {
    const { settings } = bench;
    const stores = await bench.stores();
    const database = await stores.database();
    const engine = await openEngine(database);
    try {
      const definition = mayWait();
      const bare = unsaved(definition, 'none');
      const times = Math.ceil(100 * settings.seconds);
      const samples = { unsaved: [] as number[], durable: [] as number[], durability: [] as number[] };
      for (let run = -1; run < settings.runs; run += 1) {
        const without = (await cpuOf(bare, times, IN_FLIGHT)) / NODES;
        await engine.clear();
        const next = await engine.prepare(definition, 'none', times);
        const durable = (await cpuOf(next, times, IN_FLIGHT)) / NODES;
        // The first round warms up.
        if (run < 0) continue;
        samples.unsaved.push(without);
        samples.durable.push(durable);
        samples.durability.push(durable - without);
        bench.say(`unsaved ${figure(without, 'us')}, durable ${figure(durable, 'us')}`);
      }
      const value = median(samples.durability);
      return {
        lines: [
          {
            measure: 'engine: durable step, CPU of durability',
            floor: `${figure(median(samples.unsaved), 'us')} unsaved`,
            ours: `${figure(median(samples.durable), 'us')} in all`,
            value,
            unit: 'us',
            better: 'less',
            goals: { first: 900, goal: 60, stretch: 45 },
          },
        ],
        samples,
      };
    } finally {
      await engine.close();
      await database.drop();
    }
  },
};
