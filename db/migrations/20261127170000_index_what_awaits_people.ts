import type { Knex } from 'knex';

/** Questions that somebody of the organization must answer, few among thousands of waits: looked for whenever its home page is opened. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `create index waits_member on platform.waits (organization_id, run_id) where kind = 'member' and answered_at is null`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index platform.waits_member');
}
