import { startN8n, type N8nOptions, type Peer } from '../peers/n8n.js';
import type { Bench, Goals, Line } from './row.js';
import { figure, median } from './stats.js';

const sides = ['installed', 'tuned'] as const;
type Side = (typeof sides)[number];

export interface Against {
  /** One sample of each side. */
  measure(): Promise<void>;
  /** A line for each side; of the floor's figure when no peer is measured. */
  lines(measure: string, ours: number, floor: string, goals: Readonly<Record<Side, Goals>>): Line[];
  readonly samples: Readonly<Record<string, readonly number[]>>;
  stop(): Promise<void>;
}

/** The peer in both of its forms, or neither when the bench was not asked for it. */
export async function startAgainst(bench: Bench, options: Omit<N8nOptions, 'as'>): Promise<Against> {
  const peers = new Map<Side, Peer>();
  const samples: Record<Side, number[]> = { installed: [], tuned: [] };
  const stop = async (): Promise<void> => void (await Promise.all([...peers.values()].map((peer) => peer.stop())));
  try {
    if (bench.settings.against === 'n8n')
      for (const as of sides) {
        const peer = await startN8n(bench, { ...options, as });
        peers.set(as, peer);
        await peer.measure(bench.settings.seconds);
      }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    async measure() {
      for (const [as, peer] of peers) {
        samples[as].push((await peer.measure(bench.settings.seconds)).perSecond);
        bench.say(`n8n ${as} ${figure(samples[as].at(-1) ?? 0, '/s')}`);
      }
    },
    lines: (measure, ours, floor, goals) =>
      sides.map((as) => ({
        measure: `${measure}, against n8n ${as === 'installed' ? 'as installed' : as}`,
        floor: peers.has(as) ? figure(median(samples[as]), '/s') : floor,
        ours: figure(ours, '/s'),
        value: peers.has(as) ? ours / median(samples[as]) : null,
        unit: 'x',
        better: 'more',
        goals: goals[as],
      })),
    samples: Object.fromEntries([...peers.keys()].map((as) => [`n8n ${as}`, samples[as]])),
    stop,
  };
}
