import type { Knex } from 'knex';
import { protect } from './tenancy.js';

export async function up(knex: Knex): Promise<void> {
  // What travels by mail or in an address and is good once: only its hash is here.
  await knex.raw(`create table platform.one_time_tokens (
    id uuid primary key,
    purpose text not null,
    user_id uuid references platform.users (id) on delete cascade,
    organization_id uuid references platform.organizations (id) on delete cascade,
    token_hash bytea not null unique,
    data jsonb not null default '{}',
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
  )`);
  await knex.raw('create index one_time_tokens_user on platform.one_time_tokens (user_id, purpose)');
  await knex.raw('create index one_time_tokens_expires on platform.one_time_tokens (expires_at)');
  await protect(knex, {
    table: 'one_time_tokens',
    tenant: 'select, insert, update, delete',
    identity: 'select, insert, update, delete',
  });

  // Mail on its way out, written with the change that it tells of.
  await knex.raw(`create table platform.emails (
    id uuid primary key,
    organization_id uuid references platform.organizations (id) on delete cascade,
    recipient text not null,
    template text not null,
    locale text not null,
    subject text not null,
    body text not null,
    html text not null,
    status text not null default 'queued' check (status in ('queued', 'sent', 'failed')),
    attempts integer not null default 0,
    next_at timestamptz not null default now(),
    error text,
    created_at timestamptz not null default now(),
    sent_at timestamptz
  )`);
  await knex.raw(`create index emails_queued on platform.emails (next_at) where status = 'queued'`);
  await knex.raw('create index emails_recent on platform.emails (created_at desc)');
  await protect(knex, { table: 'emails', tenant: 'insert', identity: 'select, insert, update, delete' });

  await knex.raw(`create table platform.api_keys (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    name text not null,
    prefix text not null,
    key_hash bytea not null unique,
    permissions text[] not null,
    created_by uuid not null references platform.users (id) on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
  )`);
  await knex.raw('create index api_keys_organization on platform.api_keys (organization_id, id)');
  await protect(knex, { table: 'api_keys', tenant: 'select, insert, update', identity: 'select, update' });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['api_keys', 'emails', 'one_time_tokens']) await knex.raw(`drop table platform.${table}`);
}
