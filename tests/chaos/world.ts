import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Definition } from '#engine/graph/definition.js';
import { createClient, type Client, type Reply } from '#tests/support/client.js';
import { startServices, type OwnServices } from '../support/services/start.mjs';
import { Customers } from './customers.js';
import { appSecret, department, phoneNumberId } from './department.js';
import { Fleet } from './fleet.js';
import { LineLog } from './lineLog.js';
import { Outside } from './outside.js';

export interface WorldOptions {
  readonly workers?: number;
  /** PostgreSQL has a disk of this size for itself. */
  readonly diskMb?: number;
  /** Ways to the stores other than the direct ones, for workers. */
  readonly lines?: (services: OwnServices) => Promise<Record<string, string>>;
}

/** What whoever watches may do by the API, for as long as a storm lasts. */
const permissions = ['runs:read', 'runs:control', 'conversations:read', 'departments:write', 'departments:publish'];

/** A house with one department behind a WhatsApp number: its stores and processes, which may be struck, and all that is outside. */
export class World {
  readonly fleet: Fleet;
  readonly customers: Customers;
  readonly api: Client;
  /** Effects that a person was asked about, by their run. */
  readonly asked = new Map<string, string>();
  #token = '';
  #departmentId = '';
  #closing = false;

  private constructor(
    readonly folder: string,
    readonly services: OwnServices,
    readonly outside: Outside,
    apiUrl: string,
    workerSettings: Record<string, string>,
  ) {
    this.api = createClient(apiUrl);
    this.customers = new Customers(this.api, outside, () => this.#closing);
    const settings = {
      DATABASE_URL: services.databaseUrl,
      REDIS_URL: services.redisUrl,
      MASTER_KEY: randomBytes(32).toString('base64'),
      META_APP_SECRET: appSecret,
      META_VERIFY_TOKEN: 'verify-me',
      META_GRAPH_URL: outside.graphUrl,
      OPENAI_API_KEY: 'sk-chaos',
      OPENAI_BASE_URL: outside.model.baseUrl,
      RATE_LIMIT: '0',
      LOG_LEVEL: 'warn',
    };
    this.fleet = new Fleet(
      {
        api: { ...settings, PORT: new URL(apiUrl).port },
        worker: { ...settings, PORT: '0', HEALTH_PORT: '0', ...workerSettings },
      },
      new LineLog(join(folder, 'strikes.jsonl')),
    );
  }

  static readonly #open = new Set<World>();
  /** Ends every world that is still there: nothing may outlive the suite. */
  static async closeAll(): Promise<void> {
    await Promise.all([...World.#open].map((world) => world.close()));
  }

  static async open({ workers = 4, diskMb, lines }: WorldOptions = {}): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
    const services = await startServices({ own: true, ...(diskMb && { diskMb }) });
    const apiUrl = `http://127.0.0.1:${await freePort()}`;
    const outside = await Outside.open(folder, apiUrl);
    const world = new World(folder, services, outside, apiUrl, (await lines?.(services)) ?? {});
    World.#open.add(world);
    await world.fleet.start('api');
    const starting = Array.from({ length: workers }, () => world.fleet.start('worker'));
    await world.#hire();
    await Promise.all(starting);
    return world;
  }

  async #hire(): Promise<void> {
    const session = (await this.expect('POST', '/auth/sample', { locale: 'pt-BR' })).body;
    this.#token = session.accessToken;
    this.#departmentId = (await this.expect('POST', '/departments', { name: 'Caos' })).body.id;
    const number = { phoneNumberId, accessToken: 'a token of a system user', departmentId: this.#departmentId };
    await this.publish(department());
    await this.expect('POST', '/integrations/whatsapp', number);
    // A session ends sooner than a storm.
    this.#token = (await this.expect('POST', '/api-keys', { name: 'Caos', permissions })).body.key;
  }

  async publish(definition: Definition): Promise<void> {
    await this.expect('PUT', `/departments/${this.#departmentId}/draft`, { definition });
    await this.expect('POST', `/departments/${this.#departmentId}/publish`, {});
  }

  call(method: string, path: string, body?: unknown): Promise<Reply> {
    return this.api.call(method, path, body, { token: this.#token });
  }

  async expect(method: string, path: string, body?: unknown): Promise<Reply> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  }

  /** With a connection of its own each time: the database may be away in between. */
  async rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const connectionString = this.services.databaseUrl;
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000, query_timeout: 30_000 });
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

  async close(): Promise<void> {
    World.#open.delete(this);
    this.#closing = true;
    await this.fleet.killAll();
    await this.outside.close();
    await this.services.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
