import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { readConfig } from '#server/config.js';
import type { Session } from '#server/api/auth/schemas.js';
import { startPlatform } from '../../start/platform.js';
import { createClient, type Client, type Reply } from './client.js';
import { testDatabase } from './database.js';

export type { Reply } from './client.js';

export interface TestPlatform extends Client {
  readonly databaseUrl: string;
  close(): Promise<void>;
}

/**
 * The whole platform as `npm start` starts it, API and worker in this process, on a fresh database of its own: embedded, or on
 * PostgreSQL and Redis when TEST_SERVICES=1. `settings` are environment variables.
 */
export async function startTestPlatform(settings: Record<string, string> = {}): Promise<TestPlatform> {
  const services = process.env['TEST_SERVICES'] === '1';
  const database = await testDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'platform-'));
  const platform = await startPlatform(
    readConfig({
      PORT: '0',
      DATA_DIR: dataDir,
      RATE_LIMIT: '0',
      MASTER_KEY: randomBytes(32).toString('base64'),
      DATABASE_URL: database.url,
      ...(services && { REDIS_URL: await freshRedis() }),
      ...settings,
    }),
    settings['LOG_LEVEL'] ?? 'error',
  );
  return {
    ...createClient(platform.address as string),
    databaseUrl: database.url,
    async close() {
      await platform.close();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A numbered Redis database that no other test file of this run uses. */
function ownRedis(): string {
  const url = new URL(process.env['REDIS_URL'] as string);
  url.pathname = `/${1 + (Number(process.env['VITEST_POOL_ID'] ?? 0) % 15)}`;
  return url.href;
}

/** The same, emptied. */
export async function freshRedis(): Promise<string> {
  const url = ownRedis();
  const redis = new Redis(url);
  await redis.flushdb();
  redis.disconnect();
  return url;
}

/** Everything that this test's Redis holds, as text; nothing embedded, where there is none. */
export async function redisContents(): Promise<string[]> {
  if (process.env['TEST_SERVICES'] !== '1') return [];
  const redis = new Redis(ownRedis());
  try {
    const read = async (key: string): Promise<unknown> => {
      switch (await redis.type(key)) {
        case 'string':
          return redis.get(key);
        case 'hash':
          return redis.hgetall(key);
        case 'list':
          return redis.lrange(key, 0, -1);
        case 'set':
          return redis.smembers(key);
        case 'zset':
          return redis.zrange(key, '0', '-1');
        case 'stream':
          return redis.xrange(key, '-', '+');
        default:
          return null;
      }
    };
    const keys = await redis.keys('*');
    return await Promise.all(keys.map(async (key) => JSON.stringify([key, await read(key)])));
  } finally {
    redis.disconnect();
  }
}

/** The sample bakery with its Customer Service department at work. */
export async function openBakery(
  platform: Client,
  locale: 'pt-BR' | 'en' = 'pt-BR',
): Promise<{ token: string; session: Session; departmentId: string }> {
  const session = (await expectOk(platform.call('POST', '/auth/sample', { locale }))).body as Session;
  const token = session.accessToken;
  const department = await expectOk(
    platform.call('POST', '/departments', { name: 'Atendimento', template: 'customer-service' }, { token }),
  );
  const departmentId = department.body.id as string;
  await expectOk(platform.call('POST', `/departments/${departmentId}/publish`, {}, { token }));
  return { token, session, departmentId };
}

export async function expectOk(reply: Promise<Reply>): Promise<Reply> {
  const answer = await reply;
  if (answer.status >= 400) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}
