import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { load, requestOf, type LoadResult } from '../measure/load.js';
import { freePort, removeDirectory, start, temporaryDirectory, type Started } from '../measure/processes.js';
import type { Bench } from '../measure/row.js';
import { WORKFLOW_ID, type Workflow } from './n8nWorkflows.js';

export interface N8nOptions {
  readonly workflow: Workflow;
  /** `installed`: with its defaults. `tuned`: expressions outside of the isolate, which costs it its sandbox. */
  readonly as: 'installed' | 'tuned';
  /** A main process and one worker, on PostgreSQL and Redis, instead of one process on SQLite. */
  readonly queue?: boolean;
  readonly credentials?: readonly object[];
}

export interface Peer {
  /** Calls the workflow's webhook from 50 connections; each answer is an execution that has finished. */
  measure(seconds: number): Promise<LoadResult>;
  stop(): Promise<void>;
}

/** n8n from the installation that N8N_BIN points at, with one published workflow behind its webhook. Throws with its words when it does not start. */
export async function startN8n(bench: Bench, { workflow, as, queue = false, credentials }: N8nOptions): Promise<Peer> {
  const program = process.env['N8N_BIN'];
  if (!program) throw new Error('N8N_BIN is not set');
  const home = temporaryDirectory();
  const [port, brokerPort, workerBrokerPort] = [await freePort(), await freePort(), await freePort()];
  const database = queue ? await (await bench.stores()).database({ empty: true }) : null;
  const env: Record<string, string> = {
    N8N_USER_FOLDER: home,
    N8N_ENCRYPTION_KEY: randomBytes(16).toString('hex'),
    N8N_PORT: String(port),
    N8N_LISTEN_ADDRESS: '127.0.0.1',
    N8N_RUNNERS_BROKER_PORT: String(brokerPort),
    N8N_DIAGNOSTICS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
    N8N_TEMPLATES_ENABLED: 'false',
    N8N_PERSONALIZATION_ENABLED: 'false',
    ...(as === 'tuned' && { N8N_EXPRESSION_ENGINE: 'legacy' }),
    ...(database && queueSettings(new URL(database.url), new URL((await bench.stores()).redisUrl))),
  };
  const command = (...args: string[]): void => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: home, ...env },
    });
    if (status !== 0) throw new Error(`n8n ${args.join(' ')} failed:\n${stdout}${stderr}`);
  };
  const file = (name: string, content: unknown): string => {
    const path = join(home, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const processes: Started[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((each) => each.stop()));
    await database?.drop();
    removeDirectory(home);
  };
  try {
    if (credentials) command('import:credentials', `--input=${file('credentials.json', credentials)}`);
    command('import:workflow', `--input=${file('workflow.json', [workflow])}`);
    // Publishing has had this name since version 2.
    command('publish:workflow', `--id=${WORKFLOW_ID}`);
    processes.push(start(program, ['start'], { env: { ...env, HOME: home }, group: true }));
    if (queue) {
      const own = { N8N_RUNNERS_BROKER_PORT: String(workerBrokerPort) };
      processes.push(start(program, ['worker'], { env: { ...env, ...own, HOME: home }, group: true }));
    }
    const url = new URL(`http://127.0.0.1:${port}/webhook/bench`);
    const body = JSON.stringify({ contact: 'Ana', text: 'hello, what are your opening hours?' });
    await untilAnswered(url, body, processes);
    const request = requestOf(url, 'POST', {}, body);
    return { measure: (seconds) => load({ url, connections: 50, seconds, request: () => request }), stop };
  } catch (error) {
    const said = processes.map((each) => each.said().slice(-2_000)).join('\n');
    await stop();
    throw new Error(`n8n could not be measured: ${error instanceof Error ? error.message : String(error)}\n${said}`, {
      cause: error,
    });
  }
}

const queueSettings = (database: URL, redis: URL): Record<string, string> => ({
  EXECUTIONS_MODE: 'queue',
  DB_TYPE: 'postgresdb',
  DB_POSTGRESDB_HOST: database.hostname,
  DB_POSTGRESDB_PORT: database.port,
  DB_POSTGRESDB_DATABASE: database.pathname.slice(1),
  DB_POSTGRESDB_USER: database.username,
  DB_POSTGRESDB_PASSWORD: decodeURIComponent(database.password),
  QUEUE_BULL_REDIS_HOST: redis.hostname,
  QUEUE_BULL_REDIS_PORT: redis.port,
  QUEUE_BULL_REDIS_DB: '14',
  // As installed and tuned stand beside each other: each must take its own jobs, and not the other's.
  QUEUE_BULL_PREFIX: database.pathname.slice(1),
  OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
});

/** Until its webhook has given the workflow's own answer: before, it says 200 and that it starts, then 404, and 200 again. */
async function untilAnswered(url: URL, body: string, processes: readonly Started[]): Promise<void> {
  let said = '';
  for (const until = Date.now() + 120_000; Date.now() < until; await after(100)) {
    if (processes.some(({ child }) => child.exitCode !== null)) throw new Error('it ended');
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(30_000),
      });
      said = await response.text();
      if (response.ok && said.startsWith('{') && 'text' in (JSON.parse(said) as object)) return;
    } catch (error) {
      said = String(error);
    }
  }
  throw new Error(`its webhook did not give its workflow's answer within two minutes, but ${said.slice(0, 500)}`);
}
