import type { Knex } from 'knex';

/**
 * A run that had done nothing yet when its customer wrote more is canceled, and another answers everything: `superseded_by` names it.
 * `restarts` counts how often in a row, `took_messages` says that the run's input is settled and what comes later is not in it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table platform.runs add column superseded_by uuid, add column restarts smallint not null default 0,
    add column took_messages boolean not null default false`);
  await knex.raw(`create index runs_superseded on platform.runs (superseded_by) where superseded_by is not null`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    `alter table platform.runs drop column superseded_by, drop column restarts, drop column took_messages`,
  );
}
