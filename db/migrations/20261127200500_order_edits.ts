import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Whose earlier message it changes, as the same blind index as `sender_key`: of an edit or a deletion, until it has been taken in. It is found by it while it
  // stands aside, without a place among what its sender wrote, because its message has not come.
  await knex.raw('alter table platform.inbound_events add column editor_key text');
  await knex.raw(
    `create index inbound_events_of_editor on platform.inbound_events (editor_key) where processed_at is null and editor_key is not null`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index platform.inbound_events_of_editor');
  await knex.raw('alter table platform.inbound_events drop column editor_key');
}
