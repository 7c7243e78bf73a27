import type { Knex } from 'knex';

/** What came from outside is forgotten once nobody can deliver it again. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('grant delete on platform.inbound_events to app_engine');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('revoke delete on platform.inbound_events from app_engine');
}
