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
  /** With a process group of its own, which ends as a whole: for a program that starts others. */
  readonly group?: boolean;
}

/** What ends each of those that run. */
const running = new Map<ChildProcess, (signal: NodeJS.Signals) => void>();
const folders = new Set<string>();
process.on('exit', () => {
  for (const end of running.values()) end('SIGKILL');
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
  { env = {}, ipc = false, group = false, cwd = root }: StartOptions = {},
): Started {
  const folder = temporaryDirectory();
  const file = join(folder, 'output');
  const output = openSync(file, 'w');
  const child = spawn(program, [...args], {
    cwd,
    detached: group,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    stdio: ['ignore', output, output, ...(ipc ? (['ipc'] as const) : [])],
  });
  closeSync(output);
  const end = (signal: NodeJS.Signals): void => {
    if (!group || child.pid === undefined) return void child.kill(signal);
    try {
      process.kill(-child.pid, signal);
    } catch {
      // Nobody of it is left.
    }
  };
  running.set(child, end);
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
        end('SIGTERM');
        const timer = setTimeout(() => end('SIGKILL'), 20_000);
        await ended;
        clearTimeout(timer);
      }
      // Whom it started and left behind.
      if (group) end('SIGKILL');
      removeDirectory(folder);
    },
  };
}

/** A TypeScript file of ours in a process of its own. */
export const startScript = (path: string, options: StartOptions = {}): Started =>
  start(process.execPath, ['--expose-gc', '--import', 'tsx', join(root, path)], options);

export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
