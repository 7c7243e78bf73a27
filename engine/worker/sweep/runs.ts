import type { Pool } from 'pg';
import type { Lease } from '#engine/run/lease.js';
import { queryOf } from '../query.js';

/**
 * Gives back runs that are this worker's by their row and that it does not work on: the database was away when they should have come to
 * rest. Asked again once they are known: one that is being claimed is ours before its row is. Returns the organizations to wake.
 */
export async function freeOrphans(engine: Pool, lease: Lease, isOurs: (runId: string) => boolean): Promise<string[]> {
  const query = queryOf(engine);
  const held = await query<{ id: string }>(`select id from platform.runs where status = 'running' and worker = $1`, [
    lease.token,
  ]);
  const orphans = held.map(({ id }) => id).filter((id) => !isOurs(id));
  if (orphans.length === 0) return [];
  const freed = await query<{ organizationId: string }>(
    `with ours as materialized (select id from platform.runs where status = 'running' and worker = $1 and id = any($2::uuid[]) order by id for no key update)
     update platform.runs r set status = 'queued', admitted_at = null, worker = null, apart = false from ours where r.id = ours.id
     returning r.organization_id as "organizationId"`,
    [lease.token, orphans],
  );
  return freed.map((run) => run.organizationId);
}

/** Which of the runs at work somebody wants canceled, or has canceled already because another answers instead. */
export async function canceledAmong(engine: Pool, active: ReadonlySet<string>): Promise<string[]> {
  if (active.size === 0) return [];
  const rows = await queryOf(engine)<{ id: string }>(
    `select id from platform.runs where id = any($1::uuid[]) and (superseded_by is not null or (cancel_requested and status = 'running'))`,
    [[...active]],
  );
  return rows.map((row) => row.id);
}
