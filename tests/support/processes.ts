import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';

const root = join(import.meta.dirname, '../..');
const main = join(root, 'dist/start/main.js');

/** Why suites that start the platform as a process of its own cannot run; `null` when they can. */
export const notBuilt = existsSync(main) ? null : 'dist/ is missing: npm run build';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The platform as `npm start` runs it, in a process of its own. */
export interface PlatformProcess {
  readonly pid: number;
  /** All that it has printed. */
  said(): string;
  /** Resolves when it says that it is ready, with its address; `''` of a worker. Throws with what it said when it ends instead. */
  ready(): Promise<string>;
  readonly ended: Promise<Ended>;
  /** Sends the signal and resolves with how the process ended. */
  kill(signal: NodeJS.Signals): Promise<Ended>;
}

/** Starts it with these settings and no others, whatever this process was given. */
export function startProcess(settings: Record<string, string>): PlatformProcess {
  const child = spawn(process.execPath, [main], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', ...settings },
  });
  // Nothing may outlive the tests, however they end.
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.on('exit', endWithUs);
  let said = '';
  let over = false;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
  // `close`, not `exit`: by then everything it said has been read.
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => {
      over = true;
      process.off('exit', endWithUs);
      resolve({ code, signal });
    }),
  );
  return {
    pid: child.pid ?? 0,
    said: () => said,
    ended,
    async ready() {
      await vi.waitUntil(() => over || said.includes('Ready: '), { timeout: 180_000 });
      if (over) throw new Error(`It did not start:\n${said}`);
      return /Ready: (http\S+)/.exec(said)?.[1] ?? '';
    },
    kill(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
