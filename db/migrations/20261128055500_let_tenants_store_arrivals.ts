import type { Knex } from 'knex';

/** What somebody writes in the simulator is stored by their own request, with all else that it writes or not at all. Whose it is the policy says. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('grant insert on platform.inbound_events to app_tenant');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('revoke insert on platform.inbound_events from app_tenant');
}
