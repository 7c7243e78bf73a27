import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { checksum } from '#engine/graph/checksum.js';
import type { Definition } from '#engine/graph/definition.js';
import type { LiveEvent } from '#engine/graph/events.js';
import type { Json } from '#nodes/sdk/json.js';
import { testDatabase, type TestDatabase } from '../database.js';
import { createExecutor, type Executor, type ExecutorOptions } from '#engine/run/execute.js';
import { registerWorker, type Lease } from '#engine/run/lease.js';
import { openBytes, openProblem, openStep, storedStep, type StoredStep } from '#db/sealing/runRecords.js';
import { openKeyring } from '#db/seal.js';
import { readPacks } from '#db/sealing/stepPacks.js';
import type { Vault } from '#db/sealing/vault.js';
import type { RunOutcome, RunRow, VersionRow } from '#engine/run/rows.js';
import type { Capabilities } from '#engine/run/capabilities.js';
import { Doings, testNodes } from './nodes.js';

export interface StepRow {
  readonly path: string;
  readonly attempt: number;
  readonly status: string;
  readonly port: string | null;
  readonly input: Json;
  readonly output: Json;
  readonly error: { readonly code: string; readonly message: string; readonly actor: string } | null;
}
export interface WaitRow {
  readonly path: string;
  readonly kind: string;
  readonly question: Json;
  readonly wakeAt: Date | null;
}

export const anOrganization = {
  name: 'Pão da Lúcia',
  locale: 'pt-BR',
  timezone: 'America/Sao_Paulo',
  profile: '',
} as const;

/** Steps of these tests use nothing but the organization, unless a test gives more. */
export const plainCapabilities: Capabilities = () =>
  ({ organization: anOrganization, conversation: null }) as unknown as ReturnType<Capabilities>;

/** A worker of a test: its lease, its executor and what it told browsers. */
export interface Worker {
  readonly executor: Executor;
  readonly lease: Lease;
  readonly events: LiveEvent[];
}

/** A run of a test: its rows, its version and how to take it up. */
export interface Started {
  readonly run: RunRow;
  readonly version: VersionRow;
}

interface House {
  readonly organizationId: string;
  readonly departmentId: string;
}

/** An organization with a department on a database of its own. */
export class World {
  readonly database: TestDatabase;
  readonly organizationId = uuidv7();
  readonly departmentId = uuidv7();
  doings = new Doings();
  readonly #admin: pg.Client;
  readonly #keyring = openKeyring(Buffer.alloc(32, 7));
  #workers = 0;

  private constructor(database: TestDatabase, admin: pg.Client) {
    this.database = database;
    this.#admin = admin;
  }

  static async open(): Promise<World> {
    const database = await testDatabase();
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    const world = new World(database, admin);
    await world.house(world.organizationId, world.departmentId);
    return world;
  }

  async close(): Promise<void> {
    await this.#admin.end();
    await this.database.close();
  }

  /** Rows as the owner of the database sees them. */
  async rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#admin.query<Row>(text, [...values])).rows;
  }

  /** The keys of the world's organization, or of another. */
  readonly vaultOf = (organizationId = this.organizationId): Promise<Vault> =>
    this.#keyring.vault((text, values) => this.database.db.engine.query(text, values), organizationId);

  async worker(options: Partial<ExecutorOptions> = {}, name = `worker-${(this.#workers += 1)}`): Promise<Worker> {
    const pool = this.database.db.engine;
    const lease = options.lease ?? (await registerWorker(pool, { id: name }));
    const events: LiveEvent[] = [];
    const executor = createExecutor({
      pool,
      lease,
      vaultOf: this.vaultOf,
      nodeTypes: testNodes(this.doings),
      capabilities: plainCapabilities,
      emit: (_, event) => events.push(event),
      reconcile: async () => ({ happened: 'unknown' }),
      ...options,
    });
    return { executor, lease, events };
  }

  /** One more organization with a department. */
  async house(organizationId = uuidv7(), departmentId = uuidv7()): Promise<House> {
    await this.rows(`insert into platform.organizations (id, name, slug) values ($1, 'Pão da Lúcia', $2)`, [
      organizationId,
      organizationId,
    ]);
    await this.rows(
      `insert into platform.departments (id, organization_id, name, type, draft) values ($1, $2, 'Atendimento', 'customer-service', '{}')`,
      [departmentId, organizationId],
    );
    return { organizationId, departmentId };
  }

  /** Stores a version and a queued run of it, in `house` or the world's own. */
  async start(definition: Definition, input: Json = {}, triggerNode = 'start', house: House = this): Promise<Started> {
    const { organizationId, departmentId } = house;
    const version = { id: uuidv7(), definition, checksum: checksum(definition) };
    await this.rows(
      `insert into platform.department_versions (id, organization_id, department_id, number, definition, checksum)
       values ($1, $2, $3, (select count(*) + 1 from platform.department_versions), $4, $5)`,
      [version.id, organizationId, departmentId, JSON.stringify(definition), version.checksum],
    );
    const run = { id: uuidv7(), organizationId, departmentId, conversationId: null, triggerNode, input };
    await this.rows(
      `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input) values ($1, $2, $3, $4, $5, $6)`,
      [run.id, organizationId, departmentId, version.id, triggerNode, JSON.stringify({ seen: 'by the worker' })],
    );
    return { run, version };
  }

  /** Starts a run and takes it to its first rest. */
  async go(
    worker: Worker,
    definition: Definition,
    input: Json = {},
  ): Promise<Started & { readonly outcome: RunOutcome }> {
    const started = await this.start(definition, input);
    return { ...started, outcome: await this.resume(worker, started) };
  }

  resume(worker: Worker, { run, version }: Started, signal = new AbortController().signal): Promise<RunOutcome> {
    return worker.executor.execute(run, version, signal);
  }

  async steps(runId: string): Promise<StepRow[]> {
    const rows = await this.rows<StoredStep & { organization: string; error: Buffer | null }>(
      `select path, attempt, status, port, ${storedStep}, error, organization_id as organization
       from platform.run_steps where run_id = $1 order by started_at, path, attempt`,
      [runId],
    );
    const read = (bytes: Buffer | null): unknown => bytes && (JSON.parse(bytes.toString()) as unknown);
    return Promise.all(
      rows.map(async ({ organization, payload, pack, place, input, output, error, ...step }) => {
        const vault = await this.vaultOf(organization);
        const stored = { payload, pack, place, input, output };
        const packs = await readPacks((text, values) => this.database.db.engine.query(text, values), vault, runId, [
          stored,
        ]);
        const opened = openStep(vault, packs, stored);
        const problem = error && openBytes(vault, error);
        return { ...step, input: read(opened.input), output: read(opened.output), error: read(problem) } as StepRow;
      }),
    );
  }

  /** Steps on record as `path status`, of the latest attempt each. */
  async statuses(runId: string): Promise<Record<string, string>> {
    return Object.fromEntries((await this.steps(runId)).map((step) => [step.path, step.status]));
  }

  async waits(runId: string): Promise<WaitRow[]> {
    const rows = await this.rows<WaitRow & { organization: string }>(
      `select path, kind, question, wake_at as "wakeAt", organization_id as organization from platform.waits
       where run_id = $1 and answered_at is null order by path`,
      [runId],
    );
    return Promise.all(
      rows.map(async ({ organization, question, ...wait }) => {
        return { ...wait, question: (await this.vaultOf(organization)).openJson(question) as Json };
      }),
    );
  }

  /** Answers a question as the inbox does. */
  async answer(runId: string, path: string, value: Json): Promise<void> {
    await this.rows(`update platform.waits set answer = $3, answered_at = now() where run_id = $1 and path = $2`, [
      runId,
      path,
      JSON.stringify(value),
    ]);
    await this.rows(
      `update platform.runs set unseen_answers = unseen_answers + 1, status = case status when 'waiting' then 'queued' else status end where id = $1`,
      [runId],
    );
  }

  async retry(runId: string): Promise<void> {
    await this.rows(
      `update platform.runs set status = 'queued', admitted_at = null where id = $1 and status = 'failed'`,
      [runId],
    );
  }

  async runRow(runId: string): Promise<{ status: string; output: Json; error: Json; attempts: number }> {
    const [row] = await this.rows<{
      status: string;
      output: Json;
      error: Json;
      attempts: number;
      organization: string;
    }>('select status, output, error, attempts, organization_id as organization from platform.runs where id = $1', [
      runId,
    ]);
    if (!row) throw new Error(`No run ${runId}`);
    const { status, output, error, attempts, organization } = row;
    const vault = await this.vaultOf(organization);
    return { status, output: vault.openJson(output) as Json, error: openProblem(vault, error), attempts };
  }
}
