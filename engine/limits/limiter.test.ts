import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLocalLimiter, type Limiter, type Rate } from './limiter.js';
import { createRedisLimiter } from './redisLimiter.js';
import { numberRate } from './whatsapp.js';

test('in any stretch of time no more happens than the burst and what became free meanwhile', async () => {
  const waits = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 80 });
  await fc.assert(
    fc.asyncProperty(waits, fc.integer({ min: 1, max: 6 }), async (pauses, burst) => {
      let now = 0;
      const limiter = createLocalLimiter(() => now);
      const taken: number[] = [];
      for (const pause of pauses) {
        now += pause;
        if ((await limiter.take([{ key: 'a', everyMs: 100, burst }])) === 0) taken.push(now);
      }
      for (const [first, from] of taken.entries())
        for (let last = first; last < taken.length; last += 1)
          expect(last - first + 1).toBeLessThanOrEqual(burst + ((taken[last] ?? 0) - from) / 100);
    }),
  );
});

test('no second sees more messages from one number than WhatsApp takes, also after a rest', async () => {
  let now = 0;
  const limiter = createLocalLimiter(() => now);
  const taken: number[] = [];
  for (; now < 5_000; now += 1) while ((await limiter.take([numberRate('1')])) === 0) taken.push(now);
  const most = Math.max(...taken.map((from) => taken.filter((at) => at >= from && at < from + 1_000).length));
  expect(most).toBeLessThanOrEqual(80);
  expect(taken.length).toBeGreaterThan(5 * 68);
});

const stores: [string, () => Limiter][] = [['in process', () => createLocalLimiter()]];
const redisUrl = process.env['TEST_SERVICES'] === '1' ? process.env['REDIS_URL'] : undefined;
if (redisUrl) stores.push(['in Redis', () => createRedisLimiter(redisUrl)]);

describe.each(stores)('%s', (_, open) => {
  const rate = (over: Partial<Rate> = {}): Rate => ({ key: randomUUID(), everyMs: 60_000, burst: 3, ...over });

  test('takes of all or of none, and says how long to wait', async () => {
    const limiter = open();
    const [wide, narrow] = [rate({ burst: 10 }), rate({ burst: 1 })];
    expect(await limiter.take([wide, narrow])).toBe(0);
    const wait = await limiter.take([wide, narrow]);
    expect(wait).toBeGreaterThan(50_000);
    expect(wait).toBeLessThanOrEqual(60_000);
    expect(await limiter.take([{ ...wide, cost: 9 }])).toBe(0);
    expect(await limiter.take([wide])).toBeGreaterThan(0);
    await limiter.close();
  });

  test('gives who can wait a little a time of their own, and who cannot nothing', async () => {
    const limiter = open();
    const paced = rate({ everyMs: 10_000, burst: 2 });
    const waits: number[] = [];
    for (let count = 0; count < 6; count += 1) waits.push(await limiter.book([paced], 30_500));
    for (const [index, expected] of [0, 0, 10_000, 20_000, 30_000, -40_000].entries()) {
      expect(waits[index]).toBeLessThanOrEqual(expected < 0 ? expected + 1_000 : expected);
      expect(waits[index]).toBeGreaterThan(expected - 1_000);
    }
    // What nothing is asked of takes nothing, and hears of a hold.
    expect(await limiter.book([{ ...paced, cost: 0 }], 30_500)).toBeGreaterThan(0);
    await limiter.hold(paced, 120_000);
    expect(await limiter.book([{ ...paced, cost: 0 }], 30_500)).toBeLessThan(-80_000);
    await limiter.close();
  });

  test('what the other side asked to hold is held', async () => {
    const limiter = open();
    const held = rate({ everyMs: 10 });
    await limiter.hold(held, 30_000);
    const wait = await limiter.take([held]);
    expect(wait).toBeGreaterThan(29_000);
    expect(wait).toBeLessThanOrEqual(30_000);
    await limiter.close();
  });
});

test.skipIf(!redisUrl)('two workers count together', async () => {
  const [one, two] = [createRedisLimiter(String(redisUrl)), createRedisLimiter(String(redisUrl))];
  const shared: Rate = { key: randomUUID(), everyMs: 60_000, burst: 5 };
  const waits = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).take([shared])));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
  await Promise.all([one.close(), two.close()]);
});
