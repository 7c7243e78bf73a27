import { readFileSync } from 'node:fs';

/** Clock ticks a second in /proc, on every Linux that Node runs on. */
const TICKS = 100;

/** CPU that a process has used so far, in microseconds; `null` where there is no /proc to ask. */
export function cpuTime(pid: number): number | null {
  try {
    // After the name, which may hold anything but ends with the last parenthesis, user and system time are the 12th and 13th field.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / TICKS;
  } catch {
    return null;
  }
}

/** CPU that processes use from now until it is called, in microseconds each. Tells what dominates even on a machine that is busy otherwise. */
export function cpuSpent(pids: readonly number[]): () => (number | null)[] {
  const before = pids.map(cpuTime);
  return () =>
    pids.map((pid, index) => {
      const [from, to] = [before[index] ?? null, cpuTime(pid)];
      return from === null || to === null ? null : to - from;
    });
}

/** The share of all processors' time, in per cent, that the host gave to somebody else from now until it is called; `null` where nobody says. */
export function stolen(): () => number | null {
  const read = (): readonly number[] | null => {
    try {
      return readFileSync('/proc/stat', 'latin1').split('\n')[0]?.split(/ +/).slice(1, 9).map(Number) ?? null;
    } catch {
      return null;
    }
  };
  const before = read();
  return () => {
    const after = read();
    if (!before || !after) return null;
    const spent = after.map((ticks, index) => ticks - (before[index] ?? 0));
    return (100 * (spent[7] ?? 0)) / spent.reduce((sum, ticks) => sum + ticks, 0);
  };
}
