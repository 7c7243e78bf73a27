import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Client } from '#tests/support/client.js';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { textDelivery } from '#tests/support/meta/deliveries.js';
import { freshRedis } from '#tests/support/platform.js';
import { notBuilt, type PlatformProcess } from '#tests/support/processes.js';
import { newPhones, openFleet, phoneNumberId, type Bakery, type Fleet } from './fleet.js';

const question = 'Que horas vocês abrem no domingo?';
const from = (phone: string): { phoneNumberId: string; from: string; name: string } => ({
  phoneNumberId,
  from: phone,
  name: phone,
});

describe.skipIf(notBuilt)(
  `two workers beside two APIs${notBuilt ? ` (${notBuilt})` : ''}`,
  { timeout: 400_000 },
  () => {
    let database: TestDatabase;
    let fleet: Fleet;
    let apis: Client[];
    let workers: PlatformProcess[];
    let bakery: Bakery;
    beforeAll(async () => {
      database = await testDatabase();
      fleet = await openFleet({ databaseUrl: database.url, redisUrl: await freshRedis() });
      apis = await Promise.all([fleet.startApi(), fleet.startApi()]);
      workers = await Promise.all([fleet.startWorker(), fleet.startWorker()]);
      bakery = await fleet.openBakery(apis[0] as Client);
    }, 120_000);
    afterAll(async () => {
      await fleet?.close();
      await database?.close();
    });

    const write = (phone: string, index = 0): Promise<unknown> =>
      fleet.deliver(apis[index % 2] as Client, textDelivery(from(phone), question));
    const counts = (phones: readonly string[]): Record<string, number> =>
      Object.fromEntries(phones.map((phone) => [phone, fleet.sentTo(phone).length]));
    const once = (phones: readonly string[]): Record<string, number> =>
      Object.fromEntries(phones.map((phone) => [phone, 1]));

    it('a hundred customers at once get one answer each, from both workers', async () => {
      fleet.graph.latencyMs = 200;
      const phones = newPhones(100);
      await Promise.all(phones.map(write));
      await fleet.served(phones);
      expect(counts(phones)).toEqual(once(phones));
      const names = await fleet.rows(`select distinct worker from platform.runs where status = 'succeeded'`);
      expect(names).toHaveLength(2);
      expect(fleet.graph.log.flatMap((entry) => entry.violations)).toEqual([]);
    });

    it('five times the same delivery, to both APIs at once, is one answer', async () => {
      const [phone = ''] = newPhones(1);
      const body = textDelivery(from(phone), question);
      await Promise.all([0, 1, 0, 1, 0].map((index) => fleet.deliver(apis[index] as Client, body)));
      await fleet.served([phone]);
      expect(fleet.sentTo(phone)).toHaveLength(1);
    });

    it('what happens in a worker is seen live by a browser at either API', async () => {
      const [phone = ''] = newPhones(1);
      const sockets = await Promise.all(apis.map((api) => listen(api, bakery.token)));
      await write(phone);
      await fleet.served([phone]);
      for (const { received } of sockets) {
        await vi.waitFor(() => {
          const types = received.map((event) => event.type);
          expect(types).toEqual(expect.arrayContaining(['message', 'run', 'step']));
          expect(received.some((event) => event.type === 'run' && event.run?.status === 'succeeded')).toBe(true);
        }, 60_000);
      }
      for (const { socket } of sockets) socket.terminate();
    });

    it('a worker told to stop lets its runs finish or go on elsewhere, and ends by itself', async () => {
      const [leaving, other] = workers as [PlatformProcess, PlatformProcess];
      // What is at work when the word comes is surely at work in the one that leaves.
      await other.kill('SIGTERM');
      fleet.graph.latencyMs = 2_000;
      const phones = newPhones(20);
      await Promise.all(phones.map(write));
      await vi.waitUntil(() => messagesTo(fleet, phones) > 0, { timeout: 120_000 });
      const health = async (path: string): Promise<unknown> => {
        const [, door = ''] = /health\s+(http\S+)\/readyz/.exec(leaving.said()) ?? [];
        const response = await fetch(door + path);
        return { status: response.status, ...((await response.json()) as object) };
      };
      expect(await health('/readyz')).toMatchObject({ status: 'ok', reasons: [] });
      const asked = Date.now();
      const ended = leaving.kill('SIGTERM');
      // Alive until the last run is done or put down, and open to nothing new.
      await expect.poll(() => health('/readyz')).toMatchObject({ reasons: ['this worker is closing'] });
      expect(await health('/healthz')).toEqual({ status: 'ok' });
      workers = await Promise.all([fleet.startWorker(), fleet.startWorker()]);
      expect(await ended).toEqual({ code: 0, signal: null });
      expect(Date.now() - asked).toBeLessThan(60_000);
      fleet.graph.latencyMs = 0;
      await fleet.served(phones);
      expect(counts(phones)).toEqual(once(phones));
    });
  },
);

/** Requests to send something to one of them that have reached Meta, answered or not. */
function messagesTo(fleet: Fleet, phones: readonly string[]): number {
  const wanted = new Set(phones);
  return fleet.graph.log.filter((entry) => wanted.has(String(entry.body['to']))).length;
}

interface Heard {
  readonly type: string;
  readonly run?: { readonly status: string };
}
async function listen(api: Client, token: string): Promise<{ socket: WebSocket; received: Heard[] }> {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/api/v1/realtime?token=${token}`);
  const received: Heard[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data)) as Heard));
  await vi.waitFor(() => expect(received.map(({ type }) => type)).toContain('ready'), 60_000);
  return { socket, received };
}
