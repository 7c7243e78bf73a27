import type { Pool } from 'pg';
import { MOST_DEATHS, SUSPECTED } from './deaths.js';
import { StoreUnavailable } from './journal.js';
import type { RunRow, VersionRow } from './rows.js';

/** For so long after one failed of it the next ones of its version fail sooner. */
const REMEMBERED = `interval '1 hour'`;

/**
 * After more than so many deaths this suspected run fails. Where another of its version has just failed of it, one that came while this one stood apart is
 * enough. Throws `StoreUnavailable`.
 */
export async function mostDeaths(pool: Pool, { organizationId }: RunRow, version: VersionRow): Promise<number> {
  const known = {
    text: `select 1 from platform.runs where organization_id = $1 and status = 'failed' and version_id = $2
      and error ->> 'code' = 'workers_lost' and finished_at > now() - ${REMEMBERED} limit 1`,
    values: [organizationId, version.id],
  };
  const { rowCount } = await pool.query(known).catch((error: unknown) => {
    throw new StoreUnavailable(error);
  });
  return rowCount ? SUSPECTED : MOST_DEATHS;
}
