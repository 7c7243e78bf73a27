import { monitorEventLoopDelay } from 'node:perf_hooks';
import { hashPassword, verifyPassword } from '#server/api/auth/passwords.js';
import type { Bench, Outcome, Row } from '../measure/row.js';
import { figure, median } from '../measure/stats.js';

const EACH_RUN = 10;
const AT_ONCE = 20;

/**
 * What a sign-in costs in the hash of its password, one after the other; then twenty at once, and how late the event loop of that process comes
 * round meanwhile (p99). The floor of the second is the same loop with nothing to do.
 */
export const login: Row = {
  name: 'login',
  async measure({ settings, say }: Bench): Promise<Outcome> {
    const samples = { hash: [] as number[], delay: [] as number[], idle: [] as number[] };
    const stored = await hashPassword('pão quentinho às 6');
    await verifyPassword(stored, 'warm');
    for (let run = 0; run < settings.runs; run += 1) {
      for (let index = 0; index < EACH_RUN; index += 1) {
        const began = performance.now();
        await verifyPassword(stored, 'errada');
        samples.hash.push(performance.now() - began);
      }
      samples.delay.push(
        await latenessDuring(() =>
          Promise.all(Array.from({ length: AT_ONCE }, () => verifyPassword(stored, 'errada'))),
        ),
      );
      samples.idle.push(await latenessDuring(() => new Promise((done) => setTimeout(done, 1_000))));
      say(`hash ${figure(median(samples.hash), 'ms')}, loop late by ${figure(samples.delay.at(-1) ?? 0, 'ms')}`);
    }
    return {
      lines: [
        {
          measure: 'login: the hash of a password',
          floor: '–',
          ours: figure(median(samples.hash), 'ms'),
          value: median(samples.hash),
          unit: 'ms',
          better: 'less',
          goals: { first: 150, goal: 110, stretch: null },
        },
        {
          measure: `login: event loop late, ${AT_ONCE} at once, p99`,
          floor: figure(median(samples.idle), 'ms'),
          ours: figure(median(samples.delay), 'ms'),
          value: median(samples.delay),
          unit: 'ms',
          better: 'less',
          goals: { first: 20, goal: 10, stretch: null },
        },
      ],
      samples,
    };
  },
};

/** Milliseconds by which a timer of the loop came too late, at the 99th percentile. */
async function latenessDuring(work: () => Promise<unknown>): Promise<number> {
  const resolution = 5;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  await work();
  delay.disable();
  return Math.max(0, delay.percentile(99) / 1e6 - resolution);
}
