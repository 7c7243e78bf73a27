import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // How the customer is reached, sealed. `external_id` becomes the blind index of it; without an address it is still the address itself.
  await knex.raw('alter table platform.contacts add column address text');
  // The number that something arrived at, which says whose it is: the rest of it is sealed.
  await knex.raw('alter table platform.inbound_events add column channel_external_id text');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table platform.inbound_events drop column channel_external_id');
  await knex.raw('alter table platform.contacts drop column address');
}
