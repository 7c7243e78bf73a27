import type { Knex } from 'knex';

/** Steps hang on their run by name alone, so an organization that is deleted takes them along by itself. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('grant delete on platform.run_steps to app_engine');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('revoke delete on platform.run_steps from app_engine');
}
