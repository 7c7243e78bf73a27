import type { Knex } from 'knex';

/** Runs that wait, few or many: looked through for those that nothing would wake. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`create index runs_waiting on platform.runs (id) where status = 'waiting'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index platform.runs_waiting');
}
