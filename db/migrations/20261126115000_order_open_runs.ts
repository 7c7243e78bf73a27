import type { Knex } from 'knex';

/** The open runs of an organization by priority: admission reads the first few of each, however many wait. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `create index runs_open_by_priority on platform.runs (organization_id, priority, id) where status = 'queued' and admitted_at is null`,
  );
  await knex.raw('drop index platform.runs_open');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    `create index runs_open on platform.runs (organization_id, id) where status = 'queued' and admitted_at is null`,
  );
  await knex.raw('drop index platform.runs_open_by_priority');
}
