import type { Knex } from 'knex';
import type { Database } from '#db/connect.js';
import { moveSessionsOut } from '../auth/sessions.js';

const RUNS = 'select id from platform.runs where organization_id = $1';

/** What hangs on an organization's runs by their id alone. Before `eraseOrganization`, which takes everything else. */
export async function eraseRuns({ engine }: Database, organizationId: string): Promise<void> {
  await engine.query(`delete from platform.run_steps where run_id in (${RUNS})`, [organizationId]);
  await engine.query(`delete from platform.step_packs where run_id in (${RUNS})`, [organizationId]);
  await engine.query(`delete from platform.effects where run_id in (${RUNS})`, [organizationId]);
  await engine.query(`delete from platform.checkpoint_writes where thread in (select id::text from (${RUNS}) r)`, [
    organizationId,
  ]);
  await engine.query(`delete from platform.checkpoints where thread in (select id::text from (${RUNS}) r)`, [
    organizationId,
  ]);
}

/** The organization's row with all that hangs on it. Returns the sessions of its people, for `memberships.forget`. */
export async function eraseOrganization(trx: Knex.Transaction, organizationId: string): Promise<string[]> {
  const sessions = await moveSessionsOut(trx, organizationId);
  await trx.raw('delete from platform.organizations where id = ?', [organizationId]);
  return sessions;
}
