import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // What is over is deleted by its end.
  await knex.raw('create index refresh_tokens_expires on platform.refresh_tokens (expires_at)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index platform.refresh_tokens_expires');
}
