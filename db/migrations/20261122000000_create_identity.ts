import type { Knex } from 'knex';
import { createRoles, protect } from './tenancy.js';

export async function up(knex: Knex): Promise<void> {
  await knex.raw('create schema if not exists platform');
  await createRoles(knex);

  await knex.raw(`create table platform.organizations (
    id uuid primary key,
    name text not null check (length(name) between 1 and 255),
    slug text not null unique check (length(slug) <= 100),
    locale text not null default 'pt-BR',
    timezone text not null default 'America/Recife',
    profile text not null default '',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`);
  // Credentials are sealed with a key per organization, itself sealed by the master key.
  await knex.raw(`create table platform.organization_keys (
    organization_id uuid primary key references platform.organizations (id) on delete cascade,
    wrapped_key bytea not null,
    created_at timestamptz not null default now()
  )`);
  await knex.raw(`create table platform.users (
    id uuid primary key,
    email text not null,
    name text not null,
    password_hash text not null,
    created_at timestamptz not null default now()
  )`);
  await knex.raw('create unique index users_email on platform.users (lower(email))');
  await knex.raw(`create table platform.memberships (
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    user_id uuid not null references platform.users (id) on delete cascade,
    role text not null check (role in ('owner', 'admin', 'member')),
    created_at timestamptz not null default now(),
    primary key (organization_id, user_id)
  )`);
  await knex.raw('create index memberships_user on platform.memberships (user_id)');
  // One row per refresh token ever issued: a second use of a rotated one revokes its whole family.
  await knex.raw(`create table platform.refresh_tokens (
    id uuid primary key,
    family_id uuid not null,
    user_id uuid not null references platform.users (id) on delete cascade,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    token_hash bytea not null unique,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz
  )`);
  await knex.raw('create index refresh_tokens_family on platform.refresh_tokens (family_id)');
  await knex.raw('create index refresh_tokens_user on platform.refresh_tokens (user_id)');
  // Keys that sign access tokens; the private half is sealed by the master key.
  await knex.raw(`create table platform.signing_keys (
    id text primary key,
    public_jwk jsonb not null,
    sealed_private_jwk bytea not null,
    created_at timestamptz not null default now(),
    retired_at timestamptz
  )`);

  await protect(knex, {
    table: 'organizations',
    column: 'id',
    tenant: 'select, update',
    engine: 'select',
    identity: 'select, insert',
  });
  await protect(knex, { table: 'organization_keys', tenant: 'select, insert', engine: 'select' });
  await protect(knex, { table: 'memberships', tenant: 'select, insert, update, delete', identity: 'select, insert' });
  await protect(knex, {
    table: 'refresh_tokens',
    tenant: 'select, update',
    identity: 'select, insert, update, delete',
  });
  await knex.raw('grant select, insert, update on platform.users to app_identity');
  await knex.raw('grant select, insert, update on platform.signing_keys to app_identity');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop schema platform cascade');
}
