import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Also of one that was given up: its message may be delivered days later.
  await knex.raw('drop index platform.inbound_events_of_editor');
  await knex.raw(
    `create index inbound_events_of_editor on platform.inbound_events (editor_key) where editor_key is not null`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index platform.inbound_events_of_editor');
  await knex.raw(
    `create index inbound_events_of_editor on platform.inbound_events (editor_key) where processed_at is null and editor_key is not null`,
  );
}
