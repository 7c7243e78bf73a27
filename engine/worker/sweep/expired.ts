import type { Pool } from 'pg';
import { queryOf } from '../query.js';

/** Most rows deleted at once, so that a day's worth holds no lock for long; the next look takes the rest. */
const AT_ONCE = 5_000;

/** Forgets writes that may no longer be repeated under their Idempotency-Key. Returns how many. */
export async function forgetWrites(engine: Pool): Promise<number> {
  const gone = await queryOf(engine)(
    `delete from platform.idempotency_keys where ctid = any(array(
       select ctid from platform.idempotency_keys where created_at < now() - interval '24 hours' limit ${AT_ONCE})) returning 1`,
  );
  return gone.length;
}
