import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Pool } from 'pg';
import { queryOf } from './query.js';

/**
 * Where process ids mean the same: this boot of this machine, seen from this container. `null` where the system does not tell.
 */
const place = ((): string | null => {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return createHash('sha256')
      .update(`${boot} ${readlinkSync('/proc/self/ns/pid')}`)
      .digest('hex')
      .slice(0, 12);
  } catch {
    return null;
  }
})();

/** Workers of this very process. */
const ours = new Set<string>();

/** A name that no other life of a worker has, and from which a neighbour sees whether its process still lives. */
export function workerName(): string {
  const name = `${hostname()}/${place ?? 'nowhere'}/${process.pid}/${randomUUID().slice(0, 8)}`;
  ours.add(name);
  return name;
}

/**
 * Declares dead the workers of this machine whose processes are gone, so that their runs need not wait for the lease to run out. Says how many. What
 * they still had under way cannot write: their epoch is over.
 */
export async function buryNeighbours(engine: Pool): Promise<number> {
  if (place === null) return 0;
  const query = queryOf(engine);
  const here = await query<{ id: string }>(
    `select id from platform.workers where alive and split_part(id, '/', 2) = $1`,
    [place],
  );
  const gone = here.map(({ id }) => id).filter((id) => !ours.has(id) && !isAlive(Number(id.split('/')[2])));
  if (gone.length === 0) return 0;
  await query('update platform.workers set alive = false where id = any($1)', [gone]);
  return gone.length;
}

function isAlive(pid: number): boolean {
  // Another life under our own number: it is over.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal, but there.
    return (error as { code?: string }).code === 'EPERM';
  }
}
