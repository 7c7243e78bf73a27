import { chainOf } from '../measure/departments.js';
import { cpuOf } from '../measure/cpu.js';
import { unsaved } from '../measure/engine.js';
import { stateGraphOf } from '../floors/stateGraph.js';
import type { Bench, Outcome, Row } from '../measure/row.js';
import { figure, median } from '../measure/stats.js';

const NODES = 20;

/**
 * CPU of a step that is neither fused nor saved: 20 nodes in a row, each a LangGraph node of its own, compiled by us onto Pregel and run
 * with everything a step has (config, limits, its record, its events) into a journal that keeps nothing. Against LangGraph's own
 * StateGraph with 20 nodes that return a constant.
 */
export const engineStep: Row = {
  name: 'engine-step',
  async measure({ settings, say }: Bench): Promise<Outcome> {
    const sides = { stateGraph: stateGraphOf(NODES), ours: unsaved(chainOf(NODES), 'none') };
    const samples = { stateGraph: [] as number[], ours: [] as number[] };
    const times = Math.ceil(60 * settings.seconds);
    // LangGraph warms up slowly: its first thousand runs cost three times the later ones.
    for (const run of Object.values(sides)) await cpuOf(run, times * 4);
    for (let run = 0; run < settings.runs; run += 1) {
      for (const side of ['stateGraph', 'ours'] as const) samples[side].push((await cpuOf(sides[side], times)) / NODES);
      say(`StateGraph ${figure(samples.stateGraph.at(-1) ?? 0, 'us')}, ours ${figure(samples.ours.at(-1) ?? 0, 'us')}`);
    }
    const [floor, ours] = [median(samples.stateGraph), median(samples.ours)];
    return {
      lines: [
        {
          measure: "engine: step, CPU against StateGraph's",
          floor: figure(floor, 'us'),
          ours: figure(ours, 'us'),
          value: ours / floor,
          unit: 'x',
          better: 'less',
          goals: { first: 1.2, goal: 0.4, stretch: 0.25 },
        },
      ],
      samples,
    };
  },
};
