import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { lineTo } from '#tests/support/outage.js';
import { freshRedis } from '#tests/support/platform.js';
import { notBuilt, startProcess } from '#tests/support/processes.js';

/** It ends itself within 25 seconds, before orchestrators kill it; more, because this machine may be busy. */
const GRACE_MS = 60_000;

const stores = ['redis', 'database'] as const;
const roles = ['api', 'worker'] as const;
const ways = ['cut', 'hush'] as const;
const each = roles.flatMap((role) => stores.flatMap((store) => ways.map((way) => ({ role, store, way }))));

describe.skipIf(notBuilt)('a process that is told to end while a store is away', { timeout: 240_000 }, () => {
  let database: TestDatabase;
  let redisUrl: string;
  const masterKey = randomBytes(32).toString('base64');
  beforeAll(async () => {
    database = await testDatabase();
    redisUrl = await freshRedis();
  });
  afterAll(() => database.close());

  it.concurrent.each(each)('ends: $role, $store $way', async ({ role, store, way }) => {
    const lines = { redis: await lineTo(redisUrl), database: await lineTo(database.url) };
    const child = startProcess({
      ROLE: role,
      DATABASE_URL: lines.database.url,
      REDIS_URL: lines.redis.url,
      MASTER_KEY: masterKey,
      ...(role === 'worker' && { HEALTH_PORT: '0' }),
    });
    await child.ready();
    lines[store][way]();
    const told = performance.now();
    const { signal } = await Promise.race([
      child.kill('SIGTERM'),
      vi.waitUntil(() => performance.now() - told > GRACE_MS, { timeout: 90_000 }).then(() => child.kill('SIGKILL')),
    ]);
    expect({ signal, said: child.said() }).toEqual({ signal: null, said: expect.stringContaining('Closing…') });
    await Promise.all([lines.redis.close(), lines.database.close()]);
  });
});
