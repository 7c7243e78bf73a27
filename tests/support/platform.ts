import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { readConfig } from '#server/config.js';
import type { Session } from '#server/api/auth/schemas.js';
import { startPlatform } from '../../start/platform.js';
import { testDatabase } from './database.js';

/** One answer of the API. A test asserts the shape of what it got. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line no-explicit-any
  readonly body: any;
}

export interface TestPlatform {
  readonly url: string;
  readonly databaseUrl: string;
  /** One request below `/api/v1`. A string or bytes are sent as they are. */
  call(
    method: string,
    path: string,
    body?: unknown,
    options?: { token?: string; headers?: Record<string, string> },
  ): Promise<Reply>;
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
  const url = platform.address as string;
  return {
    url,
    databaseUrl: database.url,
    async call(method, path, body, { token, headers = {} } = {}) {
      const raw = typeof body === 'string' || body instanceof Uint8Array;
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token && { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body !== undefined && { body: raw ? (body as string) : JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = response.headers.get('content-type')?.includes('json');
      return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
    },
    async close() {
      await platform.close();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A numbered Redis database that no other test file of this run uses, emptied. */
async function freshRedis(): Promise<string> {
  const url = new URL(process.env['REDIS_URL'] as string);
  url.pathname = `/${1 + (Number(process.env['VITEST_POOL_ID'] ?? 0) % 15)}`;
  const redis = new Redis(url.href);
  await redis.flushdb();
  redis.disconnect();
  return url.href;
}

/** The sample bakery with its Customer Service department at work. */
export async function openBakery(
  platform: TestPlatform,
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
