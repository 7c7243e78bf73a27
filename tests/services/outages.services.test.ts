import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Client } from '#tests/support/client.js';
import { textDelivery } from '#tests/support/meta/deliveries.js';
import { notBuilt } from '#tests/support/processes.js';
import { canOwnServices, startServices, type OwnServices } from '../support/services/start.mjs';
import { newPhones, openFleet, phoneNumberId, type Bakery, type Fleet } from './fleet.js';

const why = notBuilt ?? (canOwnServices() ? null : 'needs a PostgreSQL and a Redis of its own to stop');

describe.skipIf(why)(`stores that go away${why ? ` (${why})` : ''}`, { timeout: 400_000 }, () => {
  let services: OwnServices;
  let fleet: Fleet;
  let api: Client;
  let bakery: Bakery;
  beforeAll(async () => {
    services = await startServices({ own: true });
    fleet = await openFleet(services);
    [api] = await Promise.all([fleet.startApi(), fleet.startWorker(), fleet.startWorker()]);
    bakery = await fleet.openBakery(api);
    fleet.graph.latencyMs = 200;
  }, 120_000);
  afterAll(async () => {
    await fleet?.close();
    await services?.stop();
  });

  const write = (phone: string): Promise<unknown> =>
    fleet.deliver(api, textDelivery({ phoneNumberId, from: phone, name: phone }, 'Que horas vocês abrem no domingo?'));
  /** Ten customers a second. */
  const traffic = async (phones: readonly string[]): Promise<void> => {
    const deliveries: Promise<unknown>[] = [];
    for (const phone of phones) {
      deliveries.push(write(phone));
      await after(100);
    }
    await Promise.all(deliveries);
  };
  /** The owner looks around again and again; resolves with all that was answered but 200. */
  const lookAround = async (until: Promise<unknown>): Promise<{ status: number; retryAfter: string | null }[]> => {
    const seen: { status: number; retryAfter: string | null }[] = [];
    let over = false;
    until.finally(() => (over = true)).catch(() => {});
    while (!over) {
      const replies = await Promise.all([
        api.call('GET', '/conversations', undefined, bakery),
        api.call('POST', '/departments', { name: 'Outro', template: 'customer-service' }, bakery),
      ]);
      for (const { status, headers } of replies)
        if (status >= 300) seen.push({ status, retryAfter: headers.get('retry-after') });
      await after(100);
    }
    return seen;
  };
  const ready = async (): Promise<{ status: number; retryAfter: string | null }> => {
    const response = await fetch(`${api.url}/readyz`);
    return { status: response.status, retryAfter: response.headers.get('retry-after') };
  };
  const onlyLater = (refused: readonly { status: number; retryAfter: string | null }[]): void =>
    expect(refused.filter(({ status, retryAfter }) => status !== 503 || !(Number(retryAfter) > 0))).toEqual([]);
  /** One answer each; none to those of whom a person has been asked whether it left. */
  const once = async (phones: readonly string[]): Promise<void> => {
    const unsure = await fleet.unsure();
    const wrong = phones.filter((phone) => {
      const times = fleet.sentTo(phone).length;
      return times !== 1 && !(times === 0 && unsure.has(phone));
    });
    expect(wrong).toEqual([]);
    expect(phones.filter((phone) => unsure.has(phone)).length).toBeLessThan(5);
  };

  it('Redis away for seconds and back empty: nothing that was taken is lost', async () => {
    const phones = newPhones(60);
    const writing = traffic(phones);
    const refused = lookAround(writing);
    await vi.waitUntil(() => phones.some((phone) => fleet.sentTo(phone).length > 0), { timeout: 120_000 });
    await services.redis.stop();
    services.redis.empty();
    await vi.waitFor(async () => expect(await ready()).toEqual({ status: 503, retryAfter: '2' }), 60_000);
    await after(3_000);
    await services.redis.start();
    await writing;
    onlyLater(await refused);
    onlyLater(fleet.refusals);
    await vi.waitFor(async () => expect((await ready()).status).toBe(200), 60_000);
    await fleet.served(phones);
    await once(phones);
  });

  it('Redis that stands still keeps nobody waiting for long', async () => {
    const phones = newPhones(30);
    const writing = traffic(phones);
    await vi.waitUntil(() => phones.some((phone) => fleet.sentTo(phone).length > 0), { timeout: 120_000 });
    const login = { email: 'nobody@example.com', password: 'wrong' };
    const ask = async () => {
      const asked = performance.now();
      const replies = await Promise.all([
        ready(),
        api.call('GET', '/conversations', undefined, bakery),
        api.call('POST', '/auth/login', login),
      ]);
      return { statuses: replies.map(({ status }) => status), ms: performance.now() - asked };
    };
    // What a busy machine takes for it anyway keeps nobody waiting for Redis.
    const usual = await ask();
    services.redis.pause();
    const { statuses, ms } = await ask();
    expect(ms).toBeLessThan(8_000 + 5 * usual.ms);
    expect(statuses).toEqual([503, 200, expect.toBeOneOf([401, 503])]);
    await after(3_000);
    services.redis.resume();
    await writing;
    onlyLater(fleet.refusals);
    await fleet.served(phones);
    await once(phones);
  });

  it('PostgreSQL restarted while customers write: 503 meanwhile, and nothing that was taken is lost', async () => {
    const phones = newPhones(60);
    const writing = traffic(phones);
    const refused = lookAround(writing);
    await vi.waitUntil(() => phones.some((phone) => fleet.sentTo(phone).length > 0), { timeout: 120_000 });
    await services.postgres.stop();
    await vi.waitFor(async () => expect(await ready()).toEqual({ status: 503, retryAfter: '2' }), 60_000);
    await after(2_000);
    await services.postgres.start();
    await writing;
    const seen = await refused;
    expect(seen.length).toBeGreaterThan(0);
    onlyLater(seen);
    onlyLater(fleet.refusals);
    await vi.waitFor(async () => expect((await ready()).status).toBe(200), 60_000);
    await fleet.served(phones);
    await once(phones);
  });
});
