import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as after } from 'node:timers/promises';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it wrote so far, both streams. */
  said(): string;
  /** Resolves with what `pattern` found in what it says; throws with its last words when it ends first. */
  saying(pattern: RegExp, withinMs?: number): Promise<RegExpExecArray>;
  /** Asks it to end, makes it after 20 s, and removes what it wrote. */
  stop(): Promise<void>;
}

export interface StartOptions extends Pick<SpawnOptions, 'cwd'> {
  readonly env?: Readonly<Record<string, string>>;
  /** A channel for messages. */
  readonly ipc?: boolean;
}

const running = new Set<ChildProcess>();
const folders = new Set<string>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A directory that is gone when this process is. */
export function temporaryDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  folders.add(folder);
  return folder;
}
export function removeDirectory(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

/**
 * A child with nothing of our environment but PATH and HOME. It writes to a file, as a service does: a pipe would have the one who
 * measures read its log.
 */
export function start(
  program: string,
  args: readonly string[],
  { env = {}, ipc = false, cwd = root }: StartOptions = {},
): Started {
  const folder = temporaryDirectory();
  const file = join(folder, 'output');
  const output = openSync(file, 'w');
  const child = spawn(program, [...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    stdio: ['ignore', output, output, ...(ipc ? (['ipc'] as const) : [])],
  });
  closeSync(output);
  running.add(child);
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  }).then(() => running.delete(child));
  const said = (): string => readFileSync(file, 'utf8');
  const gone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    child,
    pid: child.pid ?? 0,
    said,
    async saying(pattern, withinMs = 60_000) {
      for (const until = Date.now() + withinMs; Date.now() < until; await after(10)) {
        const found = pattern.exec(said());
        if (found) return found;
        if (gone()) break;
      }
      throw new Error(`${[program, ...args].join(' ')} did not get ready:\n${said().slice(-2_000)}`);
    },
    async stop() {
      if (!gone()) {
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
        await ended;
        clearTimeout(timer);
      }
      removeDirectory(folder);
    },
  };
}

/** A TypeScript file of ours in a process of its own. */
export const startScript = (path: string, options: StartOptions = {}): Started =>
  start(process.execPath, ['--import', 'tsx', join(root, path)], options);

export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
