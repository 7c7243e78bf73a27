import type { Knex } from 'knex';

/**
 * What runs are given, make and wait for is sealed. The values of JSON columns are sealed in place; a step's input and output become one value. The
 * words that a run is found by are kept as numbers that only the organization's key can make. No index: a row of a run changes often, and each time would
 * write all of them again; the runs of one organization in a month are few enough to look at.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table platform.run_steps add column payload bytea');
  await knex.raw('alter table platform.runs add column words integer[]');
  await knex.raw('grant update on platform.checkpoint_writes to app_engine');
  // The workers' sweep seals what is there already.
  await knex.raw('update platform.organizations set sealed = false');
  await knex.raw('update platform.organization_keys set settled_at = null');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('revoke update on platform.checkpoint_writes from app_engine');
  await knex.raw('alter table platform.runs drop column words');
  await knex.raw('alter table platform.run_steps drop column payload');
}
