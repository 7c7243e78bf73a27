import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { lockDirectory } from './directoryLock.js';
import type { GatewayOptions } from './gateway.js';
import { prepareDirectory } from './prepare.js';
import type { FromWorker } from './worker.js';

export { DirectoryInUse } from './directoryLock.js';

export interface EmbeddedOptions {
  /** Created when missing. The PostgreSQL files go to `postgres` inside it, beside the lock. */
  readonly dataDir: string;
  /** A snapshot made by makeTemplate, unpacked when the directory is empty: seconds faster than building an empty database. */
  readonly template?: string;
  /** Faster writes that a crash of the process may lose. For tests. */
  readonly relaxedDurability?: boolean;
  /** The database died and could not be brought back. By default the process ends with one line. */
  readonly onDeath?: (error: Error) => void;
  /** A database that dies again within this time of being reopened is given up. */
  readonly healthyMs?: number;
}

export interface EmbeddedDatabase {
  /** For any PostgreSQL client of this machine; the password lasts as long as this start. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL in a worker thread, behind a gateway on loopback.
 * @throws {DirectoryInUse} when another process has the directory open
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const dataDir = resolve(options.dataDir);
  const lock = lockDirectory(dataDir);
  const password = randomBytes(24).toString('base64url');
  const settings = {
    directory: join(dataDir, 'postgres'),
    password,
    relaxedDurability: options.relaxedDurability ?? false,
  };
  const { onDeath = exit, healthyMs = 10_000 } = options;
  let closing = false;
  let reopened = -Infinity;

  const supervise = async (port: number): Promise<Host> =>
    openHost({ ...settings, port }, (error) => {
      if (closing) return;
      const lived = Date.now() - reopened;
      reopened = Date.now();
      if (lived < healthyMs) return onDeath(error);
      host = host.then(async (dead) => {
        await dead.terminate();
        return supervise(dead.port);
      });
      host.catch(onDeath);
    });

  let host: Promise<Host>;
  try {
    await prepareDirectory(settings.directory, options.template);
    host = supervise(0);
    const { port } = await host;
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      async close() {
        if (closing) return;
        closing = true;
        await host.then((current) => current.close()).finally(() => lock.release());
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface Host {
  readonly port: number;
  close(): Promise<void>;
  terminate(): Promise<unknown>;
}

/** One life of the worker thread; `onDeath` is told once when it ends by itself. */
function openHost(options: GatewayOptions, onDeath: (error: Error) => void): Promise<Host> {
  return new Promise((ready, failed) => {
    const worker = new Worker(...entry(options));
    let over = false;
    const die = (error: Error): void => {
      failed(error);
      if (over) return;
      over = true;
      onDeath(error);
    };
    worker.on('error', (error) => die(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => die(new Error(`its thread ended with code ${code}`)));
    worker.on('message', (words: FromWorker) => {
      if ('died' in words) die(new Error(words.died));
      if ('ready' in words) ready({ port: words.ready, close, terminate: () => worker.terminate() });
    });
    const close = async (): Promise<void> => {
      over = true;
      const closed = new Promise((done) => {
        worker.once('exit', done);
        worker.on('message', done);
      });
      worker.postMessage('close');
      await closed;
      await worker.terminate();
    };
  });
}

/** From source the thread needs the TypeScript loader; bundled (`start/bundle.config.mjs`) it needs nothing. */
function entry(options: GatewayOptions): [URL, WorkerOptions] {
  const source = import.meta.url.endsWith('.ts');
  const file = source ? './sourceWorker.mjs' : './databaseThread.js';
  return [new URL(file, import.meta.url), { workerData: options, execArgv: [] }];
}

function exit(error: Error): void {
  process.stderr.write(`The embedded database stopped and could not be reopened: ${error.message}\n`);
  process.exit(1);
}
