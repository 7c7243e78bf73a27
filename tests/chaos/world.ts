import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Definition } from '#engine/graph/definition.js';
import { createClient, type Client, type Reply } from '#tests/support/client.js';
import { textDelivery } from '#tests/support/meta/deliveries.js';
import { sign } from '#tests/support/meta/graphApi.js';
import { startOpenAI, type OpenAIEmulator } from '#tests/support/openai/server.js';
import { startServices, type OwnServices } from '../support/services/start.mjs';
import { startHelper, startVictim, type Role, type Victim } from './processes.js';

/** One message that Meta took: a line of its log. */
export interface Taken {
  readonly at: number;
  readonly to: string;
  readonly said: string;
  readonly opaque: string;
  readonly messageId: string;
  readonly violations: readonly string[];
}

/** A customer who wrote once. */
export interface Customer {
  readonly phone: string;
  readonly text: string;
  /** When the platform said 200, in milliseconds since 1970; `null` while it has not. */
  acceptedAt: number | null;
}

export const phoneNumberId = '106540352242922';
const appSecret = 'app-secret';

/** What a customer is told in one run, in order. */
export const told = ({ text }: Customer): readonly [string, string] => [`Recebi: ${text}`, `Pronto: ${text}`];

/** Six nodes: two messages with a wait that is kept in a checkpoint, a model and a note between them. */
export const department = (pauseSeconds = 1, second = 'Pronto'): Definition => {
  const nodes: readonly [id: string, type: string, config: object, port: string][] = [
    ['start', 'trigger.whatsapp', {}, 'message'],
    ['first', 'channel.send', { text: 'Recebi: {{ trigger.text }}' }, 'out'],
    ['pause', 'logic.delay', { amount: pauseSeconds, unit: 'seconds' }, 'out'],
    ['feel', 'agent.sentiment', {}, 'out'],
    ['note', 'data.set', { values: [{ name: 'mood', value: '{{ steps.feel }}' }] }, 'out'],
    ['second', 'channel.send', { text: `${second}: {{ trigger.text }}` }, 'out'],
  ];
  return {
    format: 1,
    nodes: nodes.map(([id, type, config], index) => ({
      id,
      type,
      version: 1,
      config: config as Definition['nodes'][number]['config'],
      position: { x: index * 200, y: 0 },
    })),
    edges: nodes.slice(1).map(([id], index) => {
      const [from = '', , , port = 'out'] = nodes[index] ?? [];
      return { id: `e${index}`, from: { node: from, port }, to: { node: id, port: 'in' } };
    }),
    settings: {},
  };
};

export interface WorldOptions {
  readonly workers?: number;
  /** More settings of the platform's processes. */
  readonly settings?: Record<string, string>;
  /** Ways to the stores other than the direct ones, for workers. */
  readonly lines?: (services: OwnServices) => Promise<Record<string, string>>;
}

/** Stores, API, workers, Meta and a model: the API and the workers may be struck, the rest only watches. */
export class World {
  readonly customers: Customer[] = [];
  readonly victims: Victim[] = [];
  /** Meta's log as it comes in; the verdict reads the file. */
  readonly taken: Taken[] = [];
  /** Everything but 200 that a delivery was answered with; 0: no answer. */
  readonly refusals: { readonly status: number; readonly retryAfter: string | null }[] = [];
  readonly strikeLog: string;
  readonly services: OwnServices;
  readonly model: OpenAIEmulator;
  readonly meta: ChildProcess;
  api: Client;
  token = '';
  departmentId = '';
  organizationId = '';
  closing = false;
  readonly #folder: string;
  readonly #settings: Record<string, string>;
  readonly #workerSettings: Record<string, string>;
  #sequence = 0;

  private constructor(parts: {
    folder: string;
    services: OwnServices;
    model: OpenAIEmulator;
    meta: ChildProcess;
    apiUrl: string;
    settings: Record<string, string>;
    workerSettings: Record<string, string>;
  }) {
    this.#folder = parts.folder;
    this.strikeLog = join(parts.folder, 'strikes.jsonl');
    this.services = parts.services;
    this.model = parts.model;
    this.meta = parts.meta;
    this.#settings = { ...parts.settings, CHAOS_LOG: this.strikeLog };
    this.#workerSettings = parts.workerSettings;
    this.api = createClient(parts.apiUrl);
    writeFileSync(this.strikeLog, '');
    writeFileSync(this.metaLog, '');
    parts.meta.on('message', (line) => this.taken.push(line as Taken));
  }

  get metaLog(): string {
    return join(this.#folder, 'meta.jsonl');
  }

  static readonly #open = new Set<World>();
  /** Ends every world that is still there: nothing may outlive the suite. */
  static async closeAll(): Promise<void> {
    await Promise.all([...World.#open].map((world) => world.close()));
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
    const services = await startServices({ own: true });
    const model = await startOpenAI();
    const port = await freePort();
    const apiUrl = `http://127.0.0.1:${port}`;
    const meta = startHelper('metaProcess.ts', [join(folder, 'meta.jsonl'), apiUrl, appSecret]);
    const { url: graphUrl } = await new Promise<{ url: string }>((ready) =>
      meta.once('message', (said) => ready(said as { url: string })),
    );
    const settings = {
      DATABASE_URL: services.databaseUrl,
      REDIS_URL: services.redisUrl,
      MASTER_KEY: randomBytes(32).toString('base64'),
      META_APP_SECRET: appSecret,
      META_VERIFY_TOKEN: 'verify-me',
      META_GRAPH_URL: graphUrl,
      OPENAI_API_KEY: 'sk-chaos',
      OPENAI_BASE_URL: model.baseUrl,
      RATE_LIMIT: '0',
      LOG_LEVEL: 'warn',
      ...options.settings,
    };
    const workerSettings = (await options.lines?.(services)) ?? {};
    const world = new World({ folder, services, model, meta, apiUrl, settings, workerSettings });
    World.#open.add(world);
    await world.startApi(port);
    await Promise.all(Array.from({ length: options.workers ?? 4 }, () => world.start('worker')));
    await world.#hire();
    return world;
  }

  startApi = (port = Number(new URL(this.api.url).port)): Promise<Victim> => this.start('api', { PORT: String(port) });

  /** One more process; one that ends otherwise than by `retire` is replaced. */
  async start(role: Role, more: Record<string, string> = {}): Promise<Victim> {
    const own = role === 'worker' ? this.#workerSettings : {};
    for (;;) {
      try {
        const victim = await startVictim(role, { ...this.#settings, ...own, ...more });
        this.victims.push(victim);
        void victim.ended.then(() => {
          this.victims.splice(this.victims.indexOf(victim), 1);
          if (!this.closing && !this.#retired.has(victim)) void this.start(role, more).catch(() => {});
        });
        return victim;
      } catch (error) {
        // A store was away just then: as a process manager does, again.
        if (this.closing) throw error;
        await after(300);
      }
    }
  }

  readonly #retired = new Set<Victim>();
  /** Ends it as a deploy does. Resolves with how long it took, in milliseconds. */
  async retire(victim: Victim): Promise<number> {
    this.#retired.add(victim);
    const asked = Date.now();
    victim.signal('SIGTERM');
    await victim.ended;
    return Date.now() - asked;
  }

  able(role?: Role): Victim[] {
    return this.victims.filter((victim) => victim.able && (!role || victim.role === role));
  }

  async #hire(): Promise<void> {
    const session = (await this.expect('POST', '/auth/sample', { locale: 'pt-BR' })).body;
    this.token = session.accessToken;
    this.organizationId = session.organization.id;
    const { body } = await this.expect('POST', '/departments', { name: 'Caos' });
    this.departmentId = body.id;
    await this.publish(department());
    await this.expect('POST', '/integrations/whatsapp', {
      phoneNumberId,
      accessToken: 'a token of a system user',
      departmentId: this.departmentId,
    });
  }

  async publish(definition: Definition): Promise<void> {
    await this.expect('PUT', `/departments/${this.departmentId}/draft`, { definition });
    await this.expect('POST', `/departments/${this.departmentId}/publish`, {});
  }

  call(method: string, path: string, body?: unknown): Promise<Reply> {
    return this.api.call(method, path, body, { token: this.token });
  }

  async expect(method: string, path: string, body?: unknown): Promise<Reply> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  }

  newCustomer(): Customer {
    const number = ++this.#sequence;
    const customer = { phone: `55819${80_000_000 + number}`, text: `pedido ${number}`, acceptedAt: null };
    this.customers.push(customer);
    return customer;
  }

  /** Writes as Meta delivers: signed, under one id, again until it is acknowledged. */
  async write(customer: Customer, api = this.api): Promise<void> {
    const from = { phoneNumberId, from: customer.phone, name: customer.phone };
    await this.deliver(textDelivery(from, customer.text, `wamid.${customer.phone}`), api);
    customer.acceptedAt ??= Date.now();
  }

  async deliver(body: unknown, api = this.api): Promise<void> {
    const text = JSON.stringify(body);
    for (;;) {
      const reply = await api
        .call('POST', '/webhooks/whatsapp', text, { headers: { 'x-hub-signature-256': sign(text, appSecret) } })
        .catch(() => null);
      if (reply?.status === 200) return;
      this.refusals.push({ status: reply?.status ?? 0, retryAfter: reply?.headers.get('retry-after') ?? null });
      await after(300);
    }
  }

  /** Customers who were promised an answer and have not had all of it. */
  inFlight(): number {
    const full = new Map<string, number>();
    for (const { to } of this.taken) full.set(to, (full.get(to) ?? 0) + 1);
    return this.customers.filter(({ phone, acceptedAt }) => acceptedAt !== null && (full.get(phone) ?? 0) < 2).length;
  }

  /** With a connection of its own each time: the database may be away in between. */
  async rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.services.databaseUrl, connectionTimeoutMillis: 5_000 });
    client.on('error', () => {});
    await client.connect();
    return client
      .query<Row>(sql, values)
      .then((result) => result.rows)
      .finally(() => client.end());
  }

  async redis(...command: [string, ...string[]]): Promise<unknown> {
    const redis = new Redis(this.services.redisUrl, { maxRetriesPerRequest: 1, lazyConnect: true });
    redis.on('error', () => {});
    try {
      await redis.connect();
      return await redis.call(...command);
    } finally {
      redis.disconnect();
    }
  }

  /** Waits for a condition. Throws what it last saw after `seconds`. */
  async until(what: string, holds: () => Promise<boolean> | boolean, seconds: number, everyMs = 250): Promise<number> {
    const began = Date.now();
    for (;;) {
      const yes = await Promise.resolve(holds()).catch(() => false);
      if (yes) return Date.now() - began;
      if (Date.now() - began > seconds * 1_000) throw new Error(`${what}: not within ${seconds} s`);
      await after(everyMs);
    }
  }

  /** Meta's own record, from its file. */
  metaRecord(): Taken[] {
    return lines<Taken>(this.metaLog);
  }

  strikes(): { readonly at: number; readonly pid: number; readonly name: string; readonly action: string }[] {
    return lines(this.strikeLog);
  }

  async close(): Promise<void> {
    World.#open.delete(this);
    this.closing = true;
    for (const victim of [...this.victims]) {
      victim.signal('SIGCONT');
      victim.signal('SIGKILL');
    }
    this.meta.kill('SIGKILL');
    await this.model.close();
    await this.services.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const lines = <Line>(file: string): Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
