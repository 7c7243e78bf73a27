import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { connect } from '#db/connect.js';
import { openKeyring } from '#db/seal.js';
import { compile, proceed, RUNNER_KEY, type Compiled } from '#engine/compile/compile.js';
import type { Fusion } from '#engine/compile/groups.js';
import { checksum } from '#engine/graph/checksum.js';
import type { Definition } from '#engine/graph/definition.js';
import { createExecutor, type Executor } from '#engine/run/execute.js';
import { Execution, type ExecutionOptions } from '#engine/run/execution.js';
import { groupRunner } from '#engine/run/groupRunner.js';
import { NO_HISTORY } from '#engine/run/history.js';
import { registerWorker } from '#engine/run/lease.js';
import type { RunRow } from '#engine/run/rows.js';
import { Weights } from '#engine/run/weights.js';
import { nodeTypes } from '#nodes/registry.js';
import { plainCapabilities } from '#tests/support/engine/world.js';
import type { BenchDatabase } from './stores.js';

const organizationId = uuidv7();
const departmentId = uuidv7();
const runOf = (id: string): RunRow => ({
  id,
  organizationId,
  departmentId,
  conversationId: null,
  triggerNode: 'n0',
  input: {},
});

const weights = new Weights();
/** Takes everything and keeps nothing. */
const kept = Promise.resolve(undefined);
const nothing = { add: () => kept } as unknown as ExecutionOptions['journal'];
const noLedger = {} as unknown as ExecutionOptions['ledger'];

/** Runs a definition as the worker does, but for the run's row and with a journal that keeps nothing. */
export function unsaved(definition: Definition, fusion: Fusion): () => Promise<unknown> {
  const program: Compiled = compile(definition, nodeTypes, { fusion });
  return () => {
    const run = runOf(uuidv7());
    const execution = new Execution({
      run,
      history: NO_HISTORY,
      weight: weights.enter(),
      journal: nothing,
      ledger: noLedger,
      capabilities: plainCapabilities,
      maxSteps: 500,
      now: () => new Date(),
      random: Math.random,
      emit: () => {},
      isHeard: () => false,
      report: (error) => {
        throw error;
      },
    });
    return proceed(
      program.graph,
      { trigger: {} },
      {
        configurable: {
          thread_id: run.id,
          organization_id: organizationId,
          [RUNNER_KEY]: groupRunner(execution),
          fresh: true,
        },
        recursionLimit: program.groups.length * 2 + 10,
        durability: 'exit',
      },
    );
  };
}

/** An executor on a real database, with queued runs ready for it to take. */
export interface DurableEngine {
  /** Writes runs down, outside of what is measured; each call of what it gives takes one of them to its end. */
  prepare(definition: Definition, fusion: Fusion, runs: number): Promise<() => Promise<void>>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openEngine(database: BenchDatabase): Promise<DurableEngine> {
  const db = connect(database.url);
  const keyring = openKeyring(randomBytes(32));
  const lease = await registerWorker(db.engine, { id: 'bench' });
  await database.rows(
    `insert into platform.organizations (id, name, slug) values ($1, 'Pão da Lúcia', 'pao-da-lucia')`,
    [organizationId],
  );
  await database.rows(
    `insert into platform.departments (id, organization_id, name, type, draft) values ($1, $2, 'Atendimento', 'support', '{}')`,
    [departmentId, organizationId],
  );
  const executors = new Map<Fusion, Executor>();
  const executorOf = (fusion: Fusion): Executor => {
    const known = executors.get(fusion);
    if (known) return known;
    const made = createExecutor({
      pool: db.engine,
      lease,
      vaultOf: (id) => keyring.vault((text, values) => db.engine.query(text, values), id),
      nodeTypes,
      fusion,
      capabilities: plainCapabilities,
      emit: () => {},
      isHeard: () => false,
      reconcile: async () => ({ happened: 'unknown' }),
    });
    executors.set(fusion, made);
    return made;
  };
  const versions = new Map<Definition, string>();
  return {
    async prepare(definition, fusion, count) {
      const sum = checksum(definition);
      let versionId = versions.get(definition);
      if (!versionId) {
        versionId = uuidv7();
        versions.set(definition, versionId);
        await database.rows(
          `insert into platform.department_versions (id, organization_id, department_id, number, definition, checksum) values ($1, $2, $3, $4, $5, $6)`,
          [versionId, organizationId, departmentId, versions.size, JSON.stringify(definition), sum],
        );
      }
      const ids = Array.from({ length: count }, () => uuidv7());
      await database.rows(
        `insert into platform.runs (id, organization_id, department_id, version_id, trigger_node, input)
         select id, $2, $3, $4, 'n0', '{}' from unnest($1::uuid[]) id`,
        [ids, organizationId, departmentId, versionId],
      );
      const version = { id: versionId, definition, checksum: sum };
      const executor = executorOf(fusion);
      return async () => {
        const id = ids.pop();
        if (id === undefined) throw new Error('No run is left');
        const { status } = await executor.execute(runOf(id), version, new AbortController().signal);
        if (status !== 'succeeded') throw new Error(`A run came to ${status}`);
      };
    },
    async clear() {
      await database.rows('truncate platform.runs, platform.run_steps cascade');
    },
    async close() {
      await lease.release();
      await db.close();
    },
  };
}
