import type { Knex } from 'knex';

/** A write says in its own transaction that it has happened: whether its answer is kept is another matter, and may fail. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table platform.idempotency_keys add column done_at timestamptz');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table platform.idempotency_keys drop column done_at');
}
