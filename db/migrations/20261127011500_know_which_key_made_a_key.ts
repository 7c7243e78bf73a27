import type { Knex } from 'knex';

/** A key that was made with another one goes when that is revoked. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table platform.api_keys add column made_with uuid');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table platform.api_keys drop column made_with');
}
