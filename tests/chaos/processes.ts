import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Failpoint } from '#db/failpoint.js';

const root = join(import.meta.dirname, '../..');

export type Role = 'api' | 'worker';
export type Action = 'kill' | 'throw' | 'hang';

/** A process of the platform that the suite may strike. */
export interface Victim {
  readonly role: Role;
  readonly pid: number;
  readonly url: string;
  /** Alive and not stopped. */
  readonly able: boolean;
  readonly said: () => string;
  signal(signal: NodeJS.Signals): void;
  arm(name: Failpoint, action: Action): void;
  /** From now on each failpoint fails with this probability, as a store that errs does. */
  err(odds: number): void;
  /** Holds its event loop. */
  block(ms: number): void;
  /** Resolves with the code that it ended itself with; `null`: a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts `dist/start/main.js` with its failpoints within reach; resolves when it is ready. Throws what it said when it ends instead. */
export async function startVictim(role: Role, settings: Record<string, string>): Promise<Victim> {
  const preload = new URL('strike.mjs', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', preload, join(root, 'dist/start/main.js')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', ROLE: role, ...settings },
  });
  owned(child);
  let said = '';
  let stopped = false;
  let over = false;
  const ended = new Promise<number | null>((done) => child.on('exit', (code) => ((over = true), done(code))));
  const url = await new Promise<string>((ready, fail) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => {
        said = (said + data.toString()).slice(-20_000);
        if (said.includes('Ready: ')) ready(/Ready: (http\S+)/.exec(said)?.[1] ?? '');
      });
    void ended.then(() => fail(new Error(`A ${role} ended before it was ready:\n${said}`)));
  });
  return {
    role,
    pid: child.pid ?? 0,
    url,
    get able() {
      return !over && !stopped;
    },
    said: () => said,
    signal(signal) {
      stopped = signal === 'SIGSTOP' || (stopped && signal !== 'SIGCONT');
      child.kill(signal);
    },
    arm: (name, action) => tell(child, { name, action }),
    err: (odds) => tell(child, { odds }),
    block: (ms) => tell(child, { blockMs: ms }),
    ended,
  };
}

/** A process of the suite's own: the outside world. */
export function startHelper(script: string, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', new URL(script, import.meta.url).pathname, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return owned(child);
}

/** Nothing may outlive the suite, however it ends. */
function owned(child: ChildProcess): ChildProcess {
  const end = (): void => void child.kill('SIGKILL');
  process.on('exit', end);
  child.on('exit', () => process.off('exit', end));
  child.on('error', () => {});
  return child;
}

function tell(child: ChildProcess, message: object): void {
  if (child.connected) child.send(message, () => {});
}
