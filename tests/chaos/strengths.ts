import type { StormOptions } from './storm.js';

export interface Strength extends StormOptions {
  readonly workers: number;
}

/** What a guarantee is measured with. */
export const long: Strength = {
  workers: 4,
  kills: 1_000,
  hits: 5,
  rate: 6,
  seconds: 24 * 3_600,
  violence: {
    processesEvery: [300, 2_500],
    stopped: [1_000, 22_000],
    storesEvery: [5_000, 20_000],
    away: [0, 5_000],
    statusesEvery: [8_000, 15_000],
  },
};
/** Every failpoint, every kind of strike, within what a person waits for: nobody stands still for longer than a lease, and reports always come. */
export const short: Strength = {
  ...long,
  workers: 3,
  kills: 8,
  hits: 1,
  rate: 4,
  seconds: 120,
  violence: {
    ...long.violence,
    stopped: [1_000, 5_000],
    storesEvery: [4_000, 8_000],
    away: [0, 1_000],
    statusesEvery: null,
  },
};

/** Every kind of strike once, and whichever failpoints are passed meanwhile, within what every change can wait for. */
export const brief: Strength = {
  ...short,
  kills: 4,
  hits: 0,
  rate: 3,
  seconds: 300,
  violence: { ...short.violence, processesEvery: [1_500, 4_000], stopped: [500, 2_000], storesEvery: [3_000, 5_000] },
};
