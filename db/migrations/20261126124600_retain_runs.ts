import type { Knex } from 'knex';

/** How long an organization keeps what its runs worked on, and the runs themselves; when what one worked on was taken out. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table platform.organizations
    add column payload_days integer not null default 90 check (payload_days between 1 and 3650),
    add column run_days integer not null default 730 check (run_days between 1 and 3650),
    add constraint organizations_run_days check (run_days >= payload_days)`);
  await knex.raw('alter table platform.runs add column pruned_at timestamptz');
  await knex.raw(
    `create index runs_unpruned on platform.runs (organization_id, finished_at) where pruned_at is null and finished_at is not null`,
  );
  await knex.raw(
    `create index runs_pruned on platform.runs (organization_id, finished_at) where pruned_at is not null`,
  );
  await knex.raw('grant delete on platform.runs, platform.waits to app_engine');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('revoke delete on platform.runs, platform.waits from app_engine');
  await knex.raw('alter table platform.runs drop column pruned_at');
  await knex.raw(
    `alter table platform.organizations drop constraint organizations_run_days, drop column payload_days, drop column run_days`,
  );
}
