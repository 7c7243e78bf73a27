import type { Pool } from 'pg';
import { between } from '#db/failpoint.js';
import { GroupCommit } from '#db/groupCommit.js';
import { openProblem } from '#db/sealing/runRecords.js';
import type { VaultOf } from '#db/sealing/vault.js';
import { death } from './deaths.js';
import { deliver } from './deliveries.js';
import { StoreUnavailable } from './journal.js';
import { LeaseLost, type Lease } from './lease.js';
import { plainArray } from './packing.js';
import type { RunError } from './rows.js';
import { MUST_NOT_BEGIN } from './standsStill.js';

export interface Claim {
  /** How often the run has been taken up, this time included. */
  readonly attempts: number;
  readonly cancelRequested: boolean;
  /** How often in a row its worker has died at it: see `deaths.ts`. */
  readonly deaths: number;
  /** Set when it has failed already and what it had finished is being undone. */
  readonly failing: RunError | null;
}

/** As the row has it: the sentence of what failed is sealed. */
export type ClaimedRow = Claim;

/** Throws `CannotOpen`. */
export async function openClaim(vaultOf: VaultOf, organizationId: string, row: ClaimedRow): Promise<Claim> {
  return { ...row, failing: row.failing && openProblem(await vaultOf(organizationId), row.failing) };
}

interface IdentifiedRow extends ClaimedRow {
  readonly id: string;
  readonly organizationId: string;
}

/** Whatever claims runs goes through here. */
export const claiming = <T>(claim: () => PromiseLike<T>): Promise<T> =>
  between('claim.commit.before', claim, 'claim.commit.after');

/**
 * Takes runs for this worker: `running` from `queued`, or from a worker that is no longer alive (a redelivered job). Group-committed and
 * fenced like everything else. Resolves with `null` when the run is not to be had, or must not begin as its department stands still. In a `hurry` nobody waits for others to come along.
 */
export function createClaims(
  pool: Pool,
  lease: Lease,
  vaultOf: VaultOf,
  { hurry = false } = {},
): (runId: string) => Promise<Claim | null> {
  const claims = new GroupCommit<string, Claim | null>(
    async (ids) => {
      const claimed = await claiming(() => claimAll(pool, lease, vaultOf, ids)).catch((error: unknown) => {
        throw error instanceof LeaseLost ? error : new StoreUnavailable(error);
      });
      return ids.map((id) => claimed.get(id) ?? null);
    },
    { maxInFlight: 2, hurry, deliver: (give) => deliver(give, hurry) },
  );
  return (runId) => claims.add(runId);
}

/** SQL: its worker has died, and nobody has given the run back yet. */
const IS_TAKEN_OVER = `r.status = 'running' and r.worker <> lease.token`;

async function claimAll(
  pool: Pool,
  lease: Lease,
  vaultOf: VaultOf,
  ids: readonly string[],
): Promise<Map<string, Claim>> {
  const { rows } = await pool.query<IdentifiedRow | { readonly id: null; readonly held: number }>({
    name: 'runs:claim',
    // A `case`, of which the planner does not conclude that it could as well read the index of all that are open and look for these ids there.
    text: `with lease as materialized (select w.id || '@' || w.epoch as token from platform.workers w where w.id = $1 and w.epoch = $2 and w.alive for share),
      claimed as (update platform.runs r set status = 'running', worker = lease.token, attempts = r.attempts + 1, unseen_answers = 0, apart = false,
          deaths = case when ${IS_TAKEN_OVER} then ${death.deaths} else r.deaths end,
          ended_at_death = case when ${IS_TAKEN_OVER} then ${death.ended} else r.ended_at_death end,
          started_at = coalesce(r.started_at, now()), admitted_at = coalesce(r.admitted_at, now()), finished_at = null
        from lease where r.id = any($3::uuid[]) and case r.status when 'queued' then not ${MUST_NOT_BEGIN} when 'running' then r.worker = lease.token or not exists (
          select 1 from platform.workers w where w.id || '@' || w.epoch = r.worker and w.alive) end
        returning r.id, r.organization_id, r.attempts, r.cancel_requested as "cancelRequested", r.deaths, r.failing)
      select c.id, c.organization_id as "organizationId", c.attempts, c."cancelRequested", c.deaths, c.failing, null::int as held from claimed c
      union all select null, null, null, null, null, null, count(*)::int from lease`,
    values: [lease.id, lease.epoch, plainArray(ids)],
  });
  const claimed = new Map<string, Claim>();
  for (const row of rows) {
    if (row.id !== null) claimed.set(row.id, await openClaim(vaultOf, row.organizationId, row));
    else if (row.held !== 1) throw new LeaseLost(lease.token);
  }
  return claimed;
}
