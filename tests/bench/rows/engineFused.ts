import { chainOf } from '../measure/departments.js';
import { cpuOf } from '../measure/cpu.js';
import { openEngine } from '../measure/engine.js';
import type { Bench, Outcome, Row } from '../measure/row.js';
import { figure, median } from '../measure/stats.js';

const [FEW, MANY, IN_FLIGHT] = [4, 44, 20];

/**
 * CPU of one more fused node, recorded and durable: runs of 44 nodes less runs of 4, over the 40 between, so that what a run costs by
 * itself (its claim, LangGraph's start and end) is left out; that is shown beside it. 20 runs in flight on PostgreSQL, whose own CPU is
 * not in it.
 */
export const engineFused: Row = {
  name: 'engine-fused',
  async measure(bench: Bench): Promise<Outcome> {
    const { settings } = bench;
    const stores = await bench.stores();
    const database = await stores.database();
    const engine = await openEngine(database);
    try {
      const [few, many] = [chainOf(FEW), chainOf(MANY)];
      const times = Math.ceil(250 * settings.seconds);
      const samples = { node: [] as number[], run: [] as number[] };
      for (let run = -1; run < settings.runs; run += 1) {
        await engine.clear();
        const small = await cpuOf(await engine.prepare(few, 'all', times), times, IN_FLIGHT);
        const large = await cpuOf(await engine.prepare(many, 'all', times), times, IN_FLIGHT);
        if (run < 0) continue;
        const node = (large - small) / (MANY - FEW);
        samples.node.push(node);
        samples.run.push(small - FEW * node);
        bench.say(`a node ${figure(node, 'us')}, a run ${figure(small - FEW * node, 'us')}`);
      }
      const value = median(samples.node);
      return {
        lines: [
          {
            measure: 'engine: fused, CPU of a node',
            floor: `${figure(median(samples.run), 'us')} a run`,
            ours: figure(value, 'us'),
            value,
            unit: 'us',
            better: 'less',
            goals: { first: null, goal: 10, stretch: 6 },
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
