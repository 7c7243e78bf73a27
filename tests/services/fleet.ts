import { randomBytes } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import { expect, vi } from 'vitest';
import { openKeyring } from '#db/seal.js';
import { createClient, type Client, type Reply } from '#tests/support/client.js';
import { statusDelivery } from '#tests/support/meta/deliveries.js';
import { sign, startGraphApi, type GraphApi, type GraphRequest } from '#tests/support/meta/graphApi.js';
import { expectOk, openBakery } from '#tests/support/platform.js';
import { startProcess, type PlatformProcess } from '#tests/support/processes.js';

export const appSecret = 'app-secret';
export const phoneNumberId = '106540352242922';

export type Bakery = Awaited<ReturnType<typeof openBakery>>;

/** What an API answered to a delivery that it did not take. */
export interface Refusal {
  readonly status: number;
  readonly retryAfter: string | null;
}

/** API and worker processes on one PostgreSQL and one Redis, with Meta outside. Nothing is asserted from within. */
export interface Fleet {
  readonly graph: GraphApi;
  readonly refusals: Refusal[];
  startApi(): Promise<Client>;
  /** @param settings of its own, beside those of all */
  startWorker(settings?: Record<string, string>): Promise<PlatformProcess>;
  /** The bakery at work behind a WhatsApp number, its knowledge read. Needs a worker. */
  openBakery(api: Client): Promise<Bakery>;
  /** As Meta does: signed, and again until it is acknowledged. What was refused goes to `refusals`. */
  deliver(api: Client, body: unknown): Promise<Reply>;
  sentTo(phone: string): GraphRequest[];
  /** Resolves when everything that came in has been looked at, no run is under way, and each of these customers has an answer or a person. */
  served(phones: readonly string[], timeout?: number): Promise<void>;
  /** Whose answer nobody knows to have left, which a person has been asked to settle. */
  unsure(): Promise<ReadonlySet<string>>;
  rows<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** The conversations `c`, each with the telephone number of its customer, who is `k`. */
  customers<Row extends object>(columns: string, where?: string): Promise<(Row & { readonly phone: string })[]>;
  close(): Promise<void>;
}

export async function openFleet(stores: { databaseUrl: string; redisUrl: string }): Promise<Fleet> {
  const graph = await startGraphApi();
  const started: PlatformProcess[] = [];
  /** Rejected once one of them has ended by itself, with what it said: nothing that is waited for then would come. */
  const crashes: Promise<never>[] = [];
  const masterKey = randomBytes(32);
  const settings = {
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: stores.redisUrl,
    MASTER_KEY: masterKey.toString('base64'),
    META_APP_SECRET: appSecret,
    META_VERIFY_TOKEN: 'verify-me',
    META_GRAPH_URL: graph.url,
    LOG_LEVEL: 'warn',
  };
  const start = (role: string, own: Record<string, string> = {}): PlatformProcess => {
    const child = startProcess({ ...settings, ...own, ROLE: role, ...(role === 'worker' && { HEALTH_PORT: '0' }) });
    started.push(child);
    const crash = child.ended.then(({ code, signal }): Promise<never> => {
      // What tests strike with is not its own doing; Node itself aborts when it is out of memory.
      if (code || signal === 'SIGABRT')
        throw new Error(`A process (${role}) ended with ${code ?? signal}:\n${child.said().slice(-4_000)}`);
      return new Promise<never>(() => {});
    });
    crash.catch(() => {});
    crashes.push(crash);
    return child;
  };
  // Its own connection for each look: the database may be away in between.
  const rows = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: stores.databaseUrl });
    client.on('error', () => {});
    await client.connect();
    return client
      .query<Row>(sql, values)
      .then((result) => result.rows)
      .finally(() => client.end());
  };

  const refusals: Refusal[] = [];
  const deliver = async (api: Client, body: unknown): Promise<Reply> => {
    const text = JSON.stringify(body);
    const headers = { 'x-hub-signature-256': sign(text, appSecret) };
    for (;;) {
      const reply = await api.call('POST', '/webhooks/whatsapp', text, { headers });
      if (reply.status === 200) return reply;
      refusals.push({ status: reply.status, retryAfter: reply.headers.get('retry-after') });
      await after(500);
    }
  };

  let reporting = true;
  /** Meta reports on every message that it took, with what it was given to echo. */
  const report = async (api: Client): Promise<void> => {
    for (let next = 0; reporting; await after(50)) {
      const sent = graph.sent();
      for (; next < sent.length && reporting; next++) {
        const { body, messageId } = sent[next] as GraphRequest;
        const echo = { biz_opaque_callback_data: body['biz_opaque_callback_data'] };
        const to = { phoneNumberId, from: String(body['to']) };
        await deliver(api, statusDelivery(to, String(messageId), 'sent', echo));
      }
    }
  };
  let reports: Promise<void> | undefined;

  const fleet: Fleet = {
    graph,
    refusals,
    rows,
    deliver,
    startApi: async () => createClient(await start('api').ready()),
    async startWorker(own) {
      const worker = start('worker', own);
      await worker.ready();
      return worker;
    },
    async openBakery(api) {
      const bakery = await openBakery(api);
      const number = { phoneNumberId, accessToken: 'a token', departmentId: bakery.departmentId };
      await expectOk(api.call('POST', '/integrations/whatsapp', number, bakery));
      await vi.waitFor(async () => {
        const { body } = await api.call('GET', '/knowledge/sources?limit=100', undefined, bakery);
        expect(body.items.length).toBeGreaterThan(0);
        expect(body.items.every((source: { status: string }) => source.status === 'ready')).toBe(true);
      }, 30_000);
      reports ??= report(api);
      // Cut off in the midst of one when everything ends.
      reports.catch(() => {});
      return bakery;
    },
    async customers<Row extends object>(columns: string, where = 'true') {
      const found = await rows<Row & { sealed: string; owner: string }>(
        `select ${columns}, coalesce(k.address, k.external_id) as sealed, k.organization_id as owner
         from platform.conversations c join platform.contacts k on k.id = c.contact_id where ${where}`,
      );
      const keyring = openKeyring(masterKey);
      const query = async (text: string, values: unknown[]) => ({ rows: await rows(text, values) });
      return Promise.all(
        found.map(async (row) => ({ ...row, phone: (await keyring.vault(query, row.owner)).openText(row.sealed) })),
      );
    },
    async unsure() {
      const asked = await fleet.customers(
        'c.id',
        `exists (select 1 from platform.effects e join platform.runs r on r.id = e.run_id
           where r.conversation_id = c.id and e.state = 'uncertain' and e.surfaced_at is not null)`,
      );
      return new Set(asked.map(({ phone }) => phone));
    },
    sentTo: (phone) => graph.sent().filter((entry) => entry.body['to'] === phone),
    async served(phones, timeout = 240_000) {
      const look = async (): Promise<void> => {
        const [open] = await rows<{ runs: number; events: number }>(
          `select (select count(*)::int from platform.runs where status in ('queued', 'running')) as runs,
             (select count(*)::int from platform.inbound_events where processed_at is null) as events`,
        );
        const [handedOver, unsure] = [await fleet.customers('c.id', `c.handler = 'person'`), await fleet.unsure()];
        const forPeople = new Set([...handedOver.map(({ phone }) => phone), ...unsure]);
        const left = phones.filter((phone) => fleet.sentTo(phone).length === 0 && !forPeople.has(phone));
        expect({ ...open, left }).toEqual({ runs: 0, events: 0, left: [] });
      };
      await Promise.race([vi.waitFor(look, { timeout, interval: 250 }), ...crashes]);
    },
    async close() {
      reporting = false;
      await Promise.all(started.map((child) => child.kill('SIGKILL')));
      await reports?.catch(() => {});
      await graph.close();
    },
  };
  return fleet;
}

let customers = 0;
/** Telephone numbers that nobody has heard of. */
export const newPhones = (count: number): string[] =>
  Array.from({ length: count }, () => `55819${String(80_000_000 + ++customers)}`);
