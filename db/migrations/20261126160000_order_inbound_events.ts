import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Who wrote it, as a blind index, until it has been taken in; and when. Empty for what no customer wrote.
  await knex.raw('alter table platform.inbound_events add column sender_key text, add column sent_at timestamptz');
  await knex.raw(
    `create index inbound_events_of_sender on platform.inbound_events (sender_key, sent_at, id) where processed_at is null and sender_key is not null`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index platform.inbound_events_of_sender');
  await knex.raw('alter table platform.inbound_events drop column sender_key, drop column sent_at');
}
