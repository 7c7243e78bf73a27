import type { Knex } from 'knex';
import { protect } from './tenancy.js';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`create table platform.contacts (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    channel_kind text not null,
    external_id text not null,
    name text,
    phone text,
    locale text,
    attributes jsonb not null default '{}',
    created_at timestamptz not null default now(),
    unique (organization_id, channel_kind, external_id)
  )`);
  await knex.raw(`create table platform.conversations (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    channel_id uuid not null references platform.channels (id) on delete cascade,
    contact_id uuid not null references platform.contacts (id) on delete cascade,
    department_id uuid not null references platform.departments (id) on delete cascade,
    status text not null default 'open' check (status in ('open', 'closed')),
    handler text not null default 'team' check (handler in ('team', 'person')),
    assigned_to uuid,
    handoff_reason text,
    handoff_summary text,
    locale text not null default 'pt-BR',
    last_inbound_at timestamptz,
    last_message_at timestamptz,
    created_at timestamptz not null default now(),
    unique (channel_id, contact_id)
  )`);
  await knex.raw(
    'create index conversations_recent on platform.conversations (organization_id, last_message_at desc, id)',
  );
  await knex.raw(`create table platform.messages (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    conversation_id uuid not null references platform.conversations (id) on delete cascade,
    direction text not null check (direction in ('in', 'out')),
    author text not null check (author in ('contact', 'team', 'person', 'system')),
    kind text not null,
    text text not null default '',
    payload jsonb not null default '{}',
    status text not null,
    external_id text,
    run_id uuid,
    /* The run that answers this inbound message; null until one has taken it. */
    answered_by uuid,
    error text,
    sent_at timestamptz not null,
    created_at timestamptz not null default now()
  )`);
  await knex.raw(
    'create unique index messages_external on platform.messages (organization_id, external_id) where external_id is not null',
  );
  await knex.raw('create index messages_conversation on platform.messages (conversation_id, id)');
  await knex.raw(
    `create index messages_unanswered on platform.messages (conversation_id) where direction = 'in' and answered_by is null`,
  );
  await knex.raw(`create index messages_queued on platform.messages (created_at) where status = 'queued'`);
  // Everything that arrives from outside, as it arrived, before the sender is told that it did.
  await knex.raw(`create table platform.inbound_events (
    id uuid primary key,
    provider text not null,
    external_id text not null,
    organization_id uuid,
    payload jsonb not null,
    received_at timestamptz not null default now(),
    processed_at timestamptz,
    outcome text,
    error text,
    unique (provider, external_id)
  )`);
  await knex.raw(
    'create index inbound_events_open on platform.inbound_events (received_at) where processed_at is null',
  );

  await protect(knex, { table: 'contacts', engine: 'select, insert, update' });
  await protect(knex, { table: 'conversations', engine: 'select, insert, update' });
  await protect(knex, { table: 'messages', tenant: 'select, insert, update', engine: 'select, insert, update' });
  await protect(knex, { table: 'inbound_events', tenant: 'select', engine: 'select, insert, update' });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['inbound_events', 'messages', 'conversations', 'contacts'])
    await knex.raw(`drop table platform.${table}`);
}
