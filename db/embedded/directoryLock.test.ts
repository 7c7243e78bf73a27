import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DirectoryInUse, lockDirectory } from './directoryLock.js';

let directory: string;
let lock: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ai-departments-lock-'));
  lock = join(directory, 'lock');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Another process that locks the directory and says how it went. */
async function lockElsewhere(): Promise<{ child: ChildProcess; said: string }> {
  const child = fork(join(import.meta.dirname, '../../tests/support/embedded/lockChild.ts'), [directory], {
    execArgv: ['--import', 'tsx'],
  });
  const [said] = (await once(child, 'message')) as [string];
  return { child, said };
}

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
};

it('refuses a second process with one sentence that names the first', async () => {
  const { child, said } = await lockElsewhere();
  expect(said).toBe('locked');
  expect(() => lockDirectory(directory)).toThrow(DirectoryInUse);
  expect(() => lockDirectory(directory)).toThrow(
    `${directory} is in use by another process (pid ${child.pid}): stop that one first, or choose another DATA_DIR.`,
  );
  expect((await lockElsewhere()).said).toContain(`pid ${child.pid}`);
  await end(child, 'SIGKILL');
});

it('takes over from a process that was killed', async () => {
  const { child } = await lockElsewhere();
  await end(child, 'SIGKILL');
  expect(existsSync(lock)).toBe(true);
  lockDirectory(directory).release();
  expect(readdirSync(directory)).toEqual([]);
});

it('refuses the same process twice, until it lets go', () => {
  const first = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(`pid ${process.pid}`);
  first.release();
  lockDirectory(directory).release();
});

it.skipIf(!existsSync('/proc/self/stat'))('takes over when the pid was given to another process since', () => {
  writeFileSync(lock, JSON.stringify({ pid: process.pid, began: 'another-boot/1' }));
  const taken = lockDirectory(directory);
  expect(readFileSync(lock, 'utf8')).not.toContain('another-boot');
  taken.release();
});

it('takes over a lock that says nothing', () => {
  writeFileSync(lock, '');
  const taken = lockDirectory(directory);
  expect(readFileSync(lock, 'utf8')).toContain(String(process.pid));
  taken.release();
});

it('is given to one of many that find a dead one', async () => {
  writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, began: null }));
  const all = await Promise.all(Array.from({ length: 4 }, lockElsewhere));
  expect(all.filter(({ said }) => said === 'locked')).toHaveLength(1);
  await Promise.all(all.map(({ child }) => (child.exitCode === null ? end(child, 'SIGKILL') : null)));
});
