import type { Pool } from 'pg';
import { StoreUnavailable } from './journal.js';
import type { Lease } from './lease.js';

/** Whoever has been at work for so long without taking the worker down is let alone with others. */
const LONGEST_MS = 30_000;

/** Lets a run in as the only suspected one of this worker, and resolves with how it leaves; `null` when there is one already. Throws `StoreUnavailable`. */
export type Apart = (runId: string) => Promise<(() => void) | null>;

/** Of two suspected runs in one worker nobody could say which one it died of: see docs/decisions/0082. That this one stands apart is on record before it begins. */
export function createApart(pool: Pool, lease: Lease): Apart {
  let inside: string | null = null;
  return async (runId) => {
    if (inside !== null) return null;
    inside = runId;
    let timer: NodeJS.Timeout | undefined;
    const leave = (): void => {
      clearTimeout(timer);
      if (inside === runId) inside = null;
    };
    try {
      await pool.query(`update platform.runs set apart = true where id = $1 and status = 'running' and worker = $2`, [
        runId,
        lease.token,
      ]);
    } catch (error) {
      leave();
      throw new StoreUnavailable(error);
    }
    timer = setTimeout(leave, LONGEST_MS);
    timer.unref();
    return leave;
  };
}
