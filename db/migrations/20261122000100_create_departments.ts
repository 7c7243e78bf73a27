import type { Knex } from 'knex';
import { protect } from './tenancy.js';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`create table platform.departments (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    name text not null check (length(name) between 1 and 120),
    type varchar(50) not null,
    status varchar(20) not null default 'draft' check (status in ('draft', 'active', 'paused')),
    template_slug text,
    draft jsonb not null,
    published_version integer,
    /* Set when its owner lets it go: it is gone for everybody, but its conversations and runs stay. */
    dismissed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`);
  await knex.raw('create index departments_organization on platform.departments (organization_id, id)');
  // Frozen for ever: a run pins the version it started on. Number 0 marks a draft that somebody tried.
  await knex.raw(`create table platform.department_versions (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    department_id uuid not null references platform.departments (id) on delete cascade,
    number integer not null,
    definition jsonb not null,
    checksum text not null,
    created_by uuid,
    created_at timestamptz not null default now()
  )`);
  await knex.raw(
    'create unique index department_versions_number on platform.department_versions (department_id, number) where number > 0',
  );
  await knex.raw(
    'create unique index department_versions_tried on platform.department_versions (department_id, checksum) where number = 0',
  );

  await knex.raw(`create table platform.connections (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    provider text not null,
    name text not null,
    sealed_secret bytea not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`);
  await knex.raw('create index connections_organization on platform.connections (organization_id, id)');
  await knex.raw(`create table platform.channels (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    department_id uuid not null references platform.departments (id) on delete cascade,
    kind text not null check (kind in ('whatsapp', 'simulator')),
    external_id text not null,
    connection_id uuid references platform.connections (id),
    name text not null,
    settings jsonb not null default '{}',
    created_at timestamptz not null default now()
  )`);
  // A phone number answers for one organization only: webhooks find their tenant by it.
  await knex.raw('create unique index channels_external on platform.channels (kind, external_id)');
  await knex.raw('create index channels_organization on platform.channels (organization_id, id)');
  await knex.raw(`create table platform.schedules (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    department_id uuid not null references platform.departments (id) on delete cascade,
    node_id text not null,
    cron text not null,
    timezone text not null,
    next_at timestamptz not null,
    unique (department_id, node_id)
  )`);
  await knex.raw('create index schedules_due on platform.schedules (next_at)');

  await protect(knex, { table: 'departments', engine: 'select' });
  await protect(knex, { table: 'department_versions', tenant: 'select, insert', engine: 'select' });
  await protect(knex, { table: 'connections', engine: 'select' });
  await protect(knex, { table: 'channels', engine: 'select' });
  await protect(knex, { table: 'schedules', engine: 'select, update' });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['schedules', 'channels', 'connections', 'department_versions', 'departments'])
    await knex.raw(`drop table platform.${table}`);
}
