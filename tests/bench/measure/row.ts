import type { Stores } from './stores.js';

/** What a row must reach, in the unit of its line; `null` where nothing is asked. From the design's table of goals. */
export interface Goals {
  readonly first: number | null;
  readonly goal: number | null;
  readonly stretch: number | null;
}

/** One line of the printed table. */
export interface Line {
  readonly measure: string;
  /** The floor's figure (or the peer's), with its unit. */
  readonly floor: string;
  readonly ours: string;
  /** What is compared with the goals; `null` when it could not be measured here. */
  readonly value: number | null;
  readonly unit: '%' | 'x' | 'ms' | 's' | 'us' | 'MB' | 'bytes';
  /** Whether a good value is a large or a small one. */
  readonly better: 'more' | 'less';
  readonly goals: Goals;
}

export interface Outcome {
  readonly lines: readonly Line[];
  /** Every sample, by what was measured: what the medians were taken of. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
  /** What a reader of the figures should know. */
  readonly notes?: readonly string[];
}

export interface Settings {
  /** Samples of each side; their median counts. */
  readonly runs: number;
  /** Length of a sample under load, in seconds. */
  readonly seconds: number;
  /** How long a process is left alone before its memory is read, in seconds. */
  readonly idleSeconds: number;
  /** Also measure this peer, from the installation that N8N_BIN points at. */
  readonly against: 'n8n' | null;
  /** Directory for a CPU profile of every process of ours; `null` takes none. */
  readonly profile: string | null;
}

export interface Bench {
  readonly settings: Settings;
  /** PostgreSQL and Redis, started when the first row asks. */
  stores(): Promise<Stores>;
  /** Progress, for whoever watches. */
  say(line: string): void;
}

export interface Row {
  readonly name: string;
  measure(bench: Bench): Promise<Outcome>;
}

export const noGoals: Goals = { first: null, goal: null, stretch: null };
