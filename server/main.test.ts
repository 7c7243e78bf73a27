import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openKeyring } from '#db/seal.js';
import { createLocalBus } from '#engine/worker/bus.js';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { ConfigError, readConfig } from './config.js';
import { startServer } from './main.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const start = async (env: Record<string, string>) =>
  startServer({
    config: readConfig({ LOG_LEVEL: 'silent', DATA_DIR: await mkdtemp(`${tmpdir()}/data-`), ...env }),
    databaseUrl: database.url,
    keyring,
    operatorKey: null,
    bus: createLocalBus(),
    searchKnowledge: async () => [],
    modelCatalogue: () => [],
    models: () => ({ sandbox: true, chat: () => Promise.reject(new Error('no model here')) }),
    sandbox: true,
    templatesDirectory: fileURLToPath(new URL('../templates', import.meta.url)),
    webAppDirectory: null,
  });
const keyring = openKeyring(randomBytes(32));
const register = (address: string) =>
  fetch(`${address}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'a@example.com', password: 'pão quentinho às 6', name: 'A', organizationName: 'A' }),
  });

it('serves, ends, and honours the sessions of before when it starts again', async () => {
  const first = await start({ PORT: '0' });
  expect(first.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await fetch(`${first.address}/readyz`)).status).toBe(200);
  const session = (await (await register(first.address)).json()) as { accessToken: string };
  await first.close();
  await expect(fetch(`${first.address}/healthz`)).rejects.toThrow('fetch failed');

  const second = await start({ PORT: '0' });
  const headers = { authorization: `Bearer ${session.accessToken}` };
  expect((await fetch(`${second.address}/api/v1/organizations/current`, { headers })).status).toBe(200);
  await second.close();
});

it('warns of workers that are not heard of, and of none that were declared dead', async () => {
  const server = await start({ PORT: '0' });
  const seen = async (silent: boolean, alive: boolean) => {
    await database.db.engine.query(
      `insert into platform.workers (id, epoch, alive, seen_at) values ('w', 1, $2, now() - make_interval(secs => $1))
       on conflict (id) do update set alive = excluded.alive, seen_at = excluded.seen_at`,
      [silent ? 12 : 0, alive],
    );
    const { status, warnings } = (await (await fetch(`${server.address}/readyz`)).json()) as {
      status: string;
      warnings: string[];
    };
    return { status, warnings: warnings.filter((said) => said.includes('worker')) };
  };
  expect(await seen(false, true)).toEqual({ status: 'ok', warnings: [] });
  expect(await seen(true, true)).toEqual({
    status: 'ok',
    warnings: [expect.stringMatching(/^1 worker has not been heard of for 1\d s$/)],
  });
  expect(await seen(true, false)).toEqual({ status: 'ok', warnings: [] });
  await server.close();
});

it('says in one line that its port is taken', async () => {
  const first = await start({ PORT: '0' });
  const { port } = new URL(first.address);
  const second = start({ PORT: port });
  await expect(second).rejects.toThrow(ConfigError);
  await expect(second).rejects.toThrow(/^PORT: \d+ on 127\.0\.0\.1 is in use/);
  await first.close();
});
