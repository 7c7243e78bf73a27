import { randomBytes, randomUUID } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Database } from '#db/connect.js';
import { queryOf as sharedQueryOf } from '#db/query.js';
import { openKeyring } from '#db/seal.js';
import type { VaultOf } from '#db/sealing/vault.js';
import { createWhatsAppClient } from '#engine/channels/whatsapp/client.js';
import { parseDelivery } from '#engine/channels/whatsapp/inbound.js';
import type { Definition } from '#engine/graph/definition.js';
import type { LiveEvent } from '#engine/graph/events.js';
import { createModels } from '#engine/models/gateway.js';
import { createLocalBus } from '#engine/worker/bus.js';
import type { QueueSettings } from '#engine/worker/backend.js';
import { openQueues, type Queues } from '#engine/worker/enqueue.js';
import { startWorker, type RunningWorker, type WorkerDeps, type WorkerSettings } from '#engine/worker/main.js';
import { createInbox, type Inbox } from '#server/webhooks/inbox.js';
import { arrivalOf } from '#server/webhooks/whatsapp/routes.js';
import { testDatabase, type TestDatabase } from './database.js';
import { messagesDelivery, statusDelivery, wamid } from './meta/deliveries.js';
import { startGraphApi, type GraphApi } from './meta/graphApi.js';
import { Gate, testNodeTypes } from './testNodes.js';

/** A worker with everything real around it: database, queue, channel emulator, and two nodes of a test's own, `test.gate` and `test.fail`. */
export interface WorkerBench {
  readonly db: Database;
  readonly graph: GraphApi;
  readonly gate: Gate;
  readonly queue: QueueSettings;
  readonly masterKey: Buffer;
  /** The keys of an organization. */
  readonly vaultOf: VaultOf;
  /** A text as the database has it, in the clear. */
  openText(organizationId: string, stored: string): Promise<string>;
  readonly queues: Queues;
  readonly events: { readonly organizationId: string; readonly event: LiveEvent }[];
  /** `over` gives it other ways to the same stores. */
  startWorker(
    settings?: WorkerSettings,
    over?: Partial<Pick<WorkerDeps, 'database' | 'queue'>>,
  ): Promise<RunningWorker>;
  /** Stops every worker and opens the gate, unless it is to be left as it is. */
  stopWorkers(options?: { readonly gate?: 'left' }): Promise<void>;
  /** What runs with a `test.history` were told of their conversation's past, in order. */
  readonly seen: readonly (readonly string[])[];
  organization(locale?: 'pt-BR' | 'en'): Promise<BenchOrganization>;
  /** As the webhook does: stores what a delivery holds, once, and announces it. Returns the ids of the events that were new. */
  deliver(body: unknown): Promise<string[]>;
  /** Keeps a delivery as the webhook does while nobody can be told of it. */
  store(body: unknown): Promise<string[]>;
  rows<Row extends object = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export interface BenchOrganization {
  readonly id: string;
  readonly departmentId: string;
  readonly phoneNumberId: string;
  /** Publishes a version; it is what answers from now on. */
  publish(
    nodes: [id: string, type: string, config?: object][] | Definition,
    settings?: Definition['settings'],
  ): Promise<string>;
  write(text: string, options?: { from?: string; timestamp?: number; id?: string }): Promise<string>;
  report(messageId: string, status: string, extra?: Record<string, unknown>): Promise<void>;
}

/** SQL: a sealed payload that nobody can open any more. */
export const unreadable = `to_jsonb(left(payload #>> '{}', -16) || repeat('A', 16))`;

/** Nodes in a row, each joined to the next by its first port. */
export function chain(
  nodes: [id: string, type: string, config?: object][],
  settings: Definition['settings'] = {},
): Definition {
  return {
    format: 1,
    nodes: nodes.map(([id, type, config = {}], index) => ({
      id,
      type,
      version: 1,
      config: config as Definition['nodes'][number]['config'],
      position: { x: index * 200, y: 0 },
    })),
    edges: nodes.slice(1).map(([id], index) => {
      const [from = '', type = ''] = nodes[index] ?? [];
      const port = { 'trigger.whatsapp': 'message', 'human.ask': 'answered' }[type] ?? 'out';
      return { id: `e${index}`, from: { node: from, port }, to: { node: id, port: 'in' } };
    }),
    settings,
  };
}

export async function workerBench(): Promise<WorkerBench> {
  const database: TestDatabase = await testDatabase();
  const { db } = database;
  const redisUrl = process.env['TEST_SERVICES'] === '1' ? process.env['REDIS_URL'] : undefined;
  const queue: QueueSettings = { databaseUrl: database.url, redisUrl, prefix: `test-${randomUUID()}` };
  const graph = await startGraphApi();
  const gate = new Gate();
  const seen: string[][] = [];
  const masterKey = randomBytes(32);
  const keyring = openKeyring(masterKey);
  const vaultOf: VaultOf = (id) => keyring.vault((sql, values) => db.engine.query(sql, values), id);
  const queues = await openQueues(queue);
  const bus = createLocalBus();
  const events: { organizationId: string; event: LiveEvent }[] = [];
  const workers: RunningWorker[] = [];
  const rows: WorkerBench['rows'] = async <Row extends object>(sql: string, values: unknown[] = []) =>
    (await db.engine.query<Row>(sql, values)).rows;

  const onError = (error: unknown): void => log({ error }, 'Nobody was told of what arrived');
  const inboxes = {
    told: createInbox({ engine: db.engine, keyring, queues, onError }),
    untold: createInbox({ engine: db.engine, keyring, queues: { ...queues, addMany: async () => {} }, onError }),
  };
  const keep = async (inbox: Inbox, body: unknown): Promise<string[]> =>
    (await inbox.store(parseDelivery(body).map(arrivalOf))).filter((id) => id !== null);
  const deliver: WorkerBench['deliver'] = (body) => keep(inboxes.told, body);

  const organization: WorkerBench['organization'] = async (locale = 'pt-BR') => {
    const [id, departmentId, connectionId] = [uuidv7(), uuidv7(), uuidv7()];
    const phoneNumberId = `${Date.now()}${Math.floor(Math.random() * 1e6)}`;
    await db.withIdentity((trx) =>
      trx.raw(`insert into platform.organizations (id, name, slug, locale) values (?, 'Pão da Lúcia', ?, ?)`, [
        id,
        id,
        locale,
      ]),
    );
    await db.withOrganization(id, async (trx) => {
      const draft = JSON.stringify(chain([]));
      await trx.raw(
        `insert into platform.departments (id, organization_id, name, type, status, draft) values (?, ?, 'Atendimento', 'support', 'active', ?)`,
        [departmentId, id, draft],
      );
      const sealed = await keyring.seal(sharedQueryOf(trx), id, 'token-of-the-bakery');
      await trx.raw(
        `insert into platform.connections (id, organization_id, provider, name, sealed_secret) values (?, ?, 'whatsapp', 'W', ?)`,
        [connectionId, id, sealed],
      );
      await trx.raw(
        `insert into platform.channels (id, organization_id, department_id, kind, external_id, connection_id, name) values (?, ?, ?, 'whatsapp', ?, ?, 'W')`,
        [uuidv7(), id, departmentId, phoneNumberId, connectionId],
      );
    });
    bus.subscribe(id, (event) => events.push({ organizationId: id, event }));
    let number = 0;
    return {
      id,
      departmentId,
      phoneNumberId,
      async publish(nodes, settings) {
        const versionId = uuidv7();
        number += 1;
        await db.withOrganization(id, async (trx) => {
          await trx.raw(
            `insert into platform.department_versions (id, organization_id, department_id, number, definition, checksum) values (?, ?, ?, ?, ?, ?)`,
            [
              versionId,
              id,
              departmentId,
              number,
              JSON.stringify(Array.isArray(nodes) ? chain(nodes, settings) : nodes),
              versionId,
            ],
          );
          await trx.raw('update platform.departments set published_version = ? where id = ?', [number, departmentId]);
        });
        return versionId;
      },
      async write(text, { from, timestamp, id: messageId = wamid() } = {}) {
        await deliver(
          messagesDelivery({ phoneNumberId, ...(from && { from }), ...(timestamp && { timestamp }) }, [
            { id: messageId, type: 'text', text: { body: text } },
          ]),
        );
        return messageId;
      },
      async report(messageId, status, extra) {
        await deliver(statusDelivery({ phoneNumberId }, messageId, status, extra));
      },
    };
  };

  const stopWorkers: WorkerBench['stopWorkers'] = async (options) => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    if (options?.gate !== 'left') gate.open();
  };

  return {
    db,
    graph,
    gate,
    seen,
    queue,
    masterKey,
    vaultOf,
    openText: async (organizationId, stored) => (await vaultOf(organizationId)).openText(stored),
    queues,
    events,
    rows,
    store: (body) => keep(inboxes.untold, body),
    deliver,
    organization,
    stopWorkers,
    async startWorker(settings = {}, over = {}) {
      const worker = await startWorker({
        database: db,
        queue,
        bus,
        models: createModels({ sandboxWordMs: 0 }),
        keyring,
        whatsapp: createWhatsAppClient({ graphUrl: graph.url, timeoutMs: 2_000 }),
        nodeTypes: testNodeTypes(gate, seen),
        log: { info: () => {}, warn: log, error: log },
        settings: { sweepMs: 200, drainMs: 500, ...settings },
        ...over,
      });
      workers.push(worker);
      return worker;
    },
    async close() {
      gate.open();
      await inTime('workers', stopWorkers());
      await inTime('queues', queues.close());
      await inTime('bus', bus.close());
      await inTime('graph', graph.close());
      await inTime('database', database.close());
    },
  };
}

const CLOSING_MS = 60_000;

/** What does not close is to say which part of it does not. */
async function inTime(part: string, closing: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${part} did not close within ${CLOSING_MS / 1_000} s`)), CLOSING_MS);
  });
  await Promise.race([closing, late]).finally(() => clearTimeout(timer));
}

/** Quiet unless a test is being looked into. */
const log = (details: object, message: string): void => {
  if (process.env['TEST_LOG']) console.error(message, details);
};
