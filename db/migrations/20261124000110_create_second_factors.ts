import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // What a person signs in with besides the password. Of the person, not of an organization: only app_identity reads it.
  await knex.raw(`create table platform.totp_secrets (
    user_id uuid primary key references platform.users (id) on delete cascade,
    sealed_secret bytea not null,
    /* The newest time step that was accepted: no code is good twice. */
    last_step bigint,
    created_at timestamptz not null default now(),
    confirmed_at timestamptz
  )`);
  await knex.raw(`create table platform.recovery_codes (
    user_id uuid not null references platform.users (id) on delete cascade,
    code_hash bytea not null,
    created_at timestamptz not null default now(),
    used_at timestamptz,
    primary key (user_id, code_hash)
  )`);
  await knex.raw(`create table platform.passkeys (
    id uuid primary key,
    user_id uuid not null references platform.users (id) on delete cascade,
    credential_id text not null unique,
    public_key bytea not null,
    counter bigint not null,
    transports text[] not null default '{}',
    backed_up boolean not null,
    name text not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz
  )`);
  await knex.raw('create index passkeys_user on platform.passkeys (user_id, id)');
  for (const table of ['totp_secrets', 'recovery_codes', 'passkeys']) {
    await knex.raw(`grant select, insert, update, delete on platform.${table} to app_identity`);
  }
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['passkeys', 'recovery_codes', 'totp_secrets']) await knex.raw(`drop table platform.${table}`);
}
