import type { Knex } from 'knex';

/** `runs_parent` is read in both directions: a second index of the same columns only made every run's beginning dearer. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('drop index platform.runs_children');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'create index runs_children on platform.runs (parent_run_id, id desc) where parent_run_id is not null',
  );
}
