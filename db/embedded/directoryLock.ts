import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another living process has the directory open. */
export class DirectoryInUse extends Error {
  readonly directory: string;
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(`${directory} is in use by another process (pid ${pid}): stop that one first, or choose another DATA_DIR.`);
    this.name = 'DirectoryInUse';
    this.directory = directory;
    this.pid = pid;
  }
}

/** Who holds a lock. A pid alone is given to someone else after a restart; with the moment its process began it is not. */
interface Holder {
  readonly pid: number;
  /** Boot and start of the process where /proc tells, else null. */
  readonly began: string | null;
}

export interface DirectoryLock {
  release(): void;
}

/**
 * Makes this process the only one on a directory. The lock of a process that is dead is taken over.
 * @throws {DirectoryInUse} when its holder is alive
 */
export function lockDirectory(directory: string): DirectoryLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = join(directory, 'lock');
  const mine = JSON.stringify({ pid: process.pid, began: began(process.pid), id: randomUUID() });
  const draft = join(directory, `lock.${randomUUID()}`);
  writeFileSync(draft, mine, { mode: 0o600 });
  try {
    // A link appears whole or not at all, and only one process can make it.
    while (!tryLink(draft, lock)) takeAway(directory, lock);
  } finally {
    rmSync(draft, { force: true });
  }
  const release = (): void => {
    process.off('exit', release);
    if (read(lock) === mine) rmSync(lock, { force: true });
  };
  process.on('exit', release);
  return { release };
}

/** Removes a lock whose holder is dead. */
function takeAway(directory: string, lock: string): void {
  const found = read(lock);
  if (found === null) return;
  const holder = parse(found);
  if (holder && isAlive(holder)) throw new DirectoryInUse(directory, holder.pid);
  const aside = join(directory, `lock.${randomUUID()}`);
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  // Between the look and the move another process may have taken it over: then it goes back.
  if (read(aside) !== found) tryLink(aside, lock);
  rmSync(aside, { force: true });
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
  const now = began(holder.pid);
  return now === null ? began(process.pid) === null : holder.began === null || holder.began === now;
}

/** When a process began, as `<boot id>/<clock ticks>`: fields 22 and 3 of proc_pid_stat(5). Null for a zombie, or where there is no /proc. */
function began(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return null;
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function parse(text: string): Holder | null {
  try {
    const { pid, began: since } = JSON.parse(text) as Holder;
    return Number.isInteger(pid) && pid > 0 ? { pid, began: since ?? null } : null;
  } catch {
    return null;
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
