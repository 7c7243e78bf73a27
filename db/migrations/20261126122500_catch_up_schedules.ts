import type { Knex } from 'knex';

/** Whether an hour that passed while nobody worked still begins a run, late. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table platform.schedules add column catch_up boolean not null default true');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table platform.schedules drop column catch_up');
}
