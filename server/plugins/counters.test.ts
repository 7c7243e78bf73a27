import { Redis } from 'ioredis';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { lineTo, type Line } from '#tests/support/outage.js';
import { freshRedis } from '#tests/support/platform.js';
import { createMemoryCounters, createSharedCounters, type Counters } from './counters.js';

const once = (counters: Counters, key: string, by: 1 | -1 = 1, windowMs = 60_000) =>
  counters.count([{ key, windowMs, by }]).then(([count]) => count);

function behave(open: () => Counters | Promise<Counters>): void {
  it('counts each key by itself, and takes back', async () => {
    const counters = await open();
    expect((await once(counters, 'a'))?.count).toBe(1);
    expect((await once(counters, 'a'))?.count).toBe(2);
    expect((await once(counters, 'b'))?.count).toBe(1);
    expect((await once(counters, 'a', -1))?.count).toBe(1);
    expect(await counters.look('a')).toBe(1);
    expect(await counters.look('never')).toBe(0);
    await counters.forget('a');
    expect(await counters.look('a')).toBe(0);
  });

  it('counts a thousand at once, none lost', async () => {
    const counters = await open();
    await Promise.all(Array.from({ length: 999 }, () => once(counters, 'a')));
    expect((await once(counters, 'a'))?.count).toBe(1_000);
  });

  it('begins anew when the window is over, and not before', async () => {
    const counters = await open();
    const first = await once(counters, 'long', 1, 60_000);
    expect(first?.resetMs).toBeGreaterThan(0);
    expect(first?.resetMs).toBeLessThanOrEqual(60_000);
    const second = await once(counters, 'long', 1, 60_000);
    expect(second?.count).toBe(2);
    expect(second?.resetMs).toBeLessThanOrEqual(first?.resetMs ?? 0);
    await once(counters, 'a', 1, 400);
    await vi.waitFor(async () => expect(await counters.look('a')).toBe(0), 60_000);
    expect((await once(counters, 'a', 1, 400))?.count).toBe(1);
  });

  it('never counts below nothing', async () => {
    const counters = await open();
    await once(counters, 'a', -1);
    expect(await counters.look('a')).toBeLessThanOrEqual(0);
    expect((await once(counters, 'a', -1))?.count).toBe(0);
  });
}

describe('counting in one process', () => {
  behave(createMemoryCounters);

  it('keeps no more than it may, the newest', async () => {
    const counters = createMemoryCounters(100);
    for (let i = 0; i < 1_000; i++) await once(counters, String(i));
    expect(await counters.look('0')).toBe(0);
    expect(await counters.look('999')).toBe(1);
  });
});

describe.skipIf(process.env['TEST_SERVICES'] !== '1')('counting in Redis', () => {
  let url: string;
  beforeAll(async () => {
    url = await freshRedis();
  });
  const ends: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  async function open(): Promise<{ counters: Counters; line: Line }> {
    const line = await lineTo(url);
    const redis = new Redis(line.url, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 1_000 });
    redis.on('error', () => {});
    await vi.waitFor(() => expect(redis.status).toBe('ready'), 60_000);
    ends.push(
      () => line.close(),
      () => redis.disconnect(),
    );
    return { counters: createSharedCounters(redis, `${Math.random()}:`), line };
  }
  behave(async () => (await open()).counters);

  it('is shared between processes', async () => {
    const redis = new Redis(url);
    ends.push(() => redis.disconnect());
    const [one, other] = [createSharedCounters(redis, 'shared:'), createSharedCounters(redis, 'shared:')];
    await once(one, 'a');
    expect((await once(other, 'a'))?.count).toBe(2);
    expect(await redis.pttl('shared:a')).toBeGreaterThan(0);
  });

  it('goes on here while Redis is away: neither open nor shut, and nobody waits', async () => {
    const { counters, line } = await open();
    await once(counters, 'a');
    await once(counters, 'a');
    line.cut();
    const [counts, times]: [unknown[], number[]] = [[], []];
    for (let i = 0; i < 100; i++) {
      const from = performance.now();
      counts.push((await once(counters, 'a'))?.count);
      times.push(performance.now() - from);
    }
    expect(counts).toEqual(Array.from({ length: 100 }, (_, i) => i + 3));
    // A busy machine makes some late; waiting for Redis would make them all.
    expect(times.toSorted((a, b) => a - b)[50]).toBeLessThan(30);
    line.mend();
    await vi.waitFor(async () => expect((await once(counters, 'b'))?.count).toBeGreaterThan(0), 60_000);
  });
});
