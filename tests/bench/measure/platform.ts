import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition } from '#engine/graph/definition.js';
import type { Settings } from './row.js';
import { removeDirectory, root, start, temporaryDirectory, type Started } from './processes.js';

export const appSecret = 'the secret of the app';
/** One number may send 80 messages a second (Meta's limit, which we keep): so many that no row measures that. */
export const phoneNumberIds = Array.from({ length: 16 }, (_, index) => String(106_540_352_242_922 + index));
export const phoneNumberId = '106540352242922';

/** A process of the platform as it is built and run, with the settings it has by default. */
export interface Process extends Started {
  readonly url: URL;
}

/** `env` are settings of the platform. Resolves when it says that it is ready. */
export async function startProcess(settings: Settings, env: Readonly<Record<string, string>>): Promise<Process> {
  const main = join(root, 'dist/start/main.js');
  if (!existsSync(main)) throw new Error('There is no build: run `npm run build` first.');
  const dataDir = env['DATA_DIR'] ?? temporaryDirectory();
  const profile = settings.profile ? ['--cpu-prof', '--cpu-prof-dir', settings.profile] : [];
  const started = start(process.execPath, [...profile, main], {
    env: {
      PORT: '0',
      DATA_DIR: dataDir,
      // Every request of the load comes from one address.
      RATE_LIMIT: '0',
      META_APP_SECRET: appSecret,
      META_VERIFY_TOKEN: 'verify token',
      ...env,
    },
  });
  const [, address] = await started.saying(/^Ready: (http\S+|a worker)/m);
  return {
    ...started,
    url: new URL(address?.startsWith('http') ? address : 'http://worker.invalid'),
    async stop() {
      await started.stop();
      if (env['DATA_DIR'] === undefined) removeDirectory(dataDir);
    },
  };
}

/** Settings shared by the processes of one installation on services. */
export const onServices = (databaseUrl: string, redisUrl: string): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  MASTER_KEY: randomBytes(32).toString('base64'),
});

/** An organization with one published department, on a running API. */
export interface Shop {
  readonly departmentId: string;
  readonly token: string;
  call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
}

export async function openShop(url: URL, definition: Definition): Promise<Shop> {
  let token = '';
  const call: Shop['call'] = async (method, path, body) => {
    const response = await fetch(new URL(`/api/v1${path}`, url), {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
  const email = `${randomBytes(6).toString('hex')}@example.com`;
  const account = { email, password: randomBytes(12).toString('hex'), name: 'Lúcia', organizationName: 'Pão da Lúcia' };
  token = String((await call('POST', '/auth/register', account))['accessToken']);
  const departmentId = String((await call('POST', '/departments', { name: 'Atendimento', definition }))['id']);
  await call('POST', `/departments/${departmentId}/publish`, {});
  return { departmentId, token, call };
}
