import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Partial, so that a run that goes well costs nothing more.
  await knex.raw(`create index runs_failed_recent on platform.runs (organization_id, id desc) where status = 'failed'`);
  await knex.raw(`create index effects_open on platform.effects (organization_id, run_id) where state = 'uncertain'`);
  await knex.raw(
    'create index runs_children on platform.runs (parent_run_id, id desc) where parent_run_id is not null',
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const index of ['runs_failed_recent', 'effects_open', 'runs_children'])
    await knex.raw(`drop index platform.${index}`);
}
