import { execFileSync } from 'node:child_process';

/** Resident memory of a process and of those it started, in megabytes (2^20 bytes). */
export function residentMegabytes(pid: number): number {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([pid]);
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const [child = 0, parent = 0] of rows) if (family.has(parent)) family.add(child);
  }
  return rows.reduce((sum, [child = 0, , kilobytes = 0]) => sum + (family.has(child) ? kilobytes : 0), 0) / 1024;
}
