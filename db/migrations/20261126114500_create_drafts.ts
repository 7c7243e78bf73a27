import type { Knex } from 'knex';
import { limitToDepartments, protect } from './tenancy.js';

export async function up(knex: Knex): Promise<void> {
  // One for each draft that is a shared document. A row's lock puts the edits of its document in one order, whichever process takes them.
  await knex.raw(`create table platform.department_drafts (
    department_id uuid primary key references platform.departments (id) on delete cascade,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    /* Number of the newest edit. */
    last bigint not null default 0,
    /* Number of the newest edit that departments.draft and draft_changes know of. */
    known bigint not null default 0,
    unique (organization_id, department_id)
  )`);
  // Only added to; compaction puts one row in the place of many, under the number of the newest.
  await knex.raw(`create table platform.draft_updates (
    organization_id uuid not null,
    department_id uuid not null,
    number bigint not null,
    update bytea not null,
    author uuid,
    created_at timestamptz not null default now(),
    primary key (department_id, number),
    foreign key (organization_id, department_id) references platform.department_drafts (organization_id, department_id) on delete cascade
  )`);
  // Whoever last changed each field since the last version.
  await knex.raw(`create table platform.draft_changes (
    organization_id uuid not null,
    department_id uuid not null,
    /* Empty for edges and settings. */
    node_id text not null,
    path text not null,
    user_id uuid not null,
    at timestamptz not null,
    primary key (department_id, node_id, path, user_id),
    foreign key (organization_id, department_id) references platform.department_drafts (organization_id, department_id) on delete cascade
  )`);
  await knex.raw(`create table platform.department_comments (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    department_id uuid not null references platform.departments (id) on delete cascade,
    /* The comment that this one answers; null begins a thread. */
    thread_id uuid references platform.department_comments (id) on delete cascade,
    /* Where a thread is pinned; null is the department as a whole. */
    node_id text,
    author_id uuid not null,
    text text not null check (length(text) between 1 and 5000),
    mentions uuid[] not null default '{}',
    created_at timestamptz not null default now(),
    edited_at timestamptz,
    resolved_at timestamptz,
    resolved_by uuid
  )`);
  await knex.raw(
    'create index department_comments_department on platform.department_comments (department_id, id) where thread_id is null',
  );
  await knex.raw('create index department_comments_thread on platform.department_comments (thread_id, id)');
  await knex.raw('alter table platform.department_versions add column note text');
  await knex.raw(`alter table platform.department_versions add column authors uuid[] not null default '{}'`);

  const all = 'select, insert, update, delete';
  await protect(knex, { table: 'department_drafts', engine: all });
  await protect(knex, { table: 'draft_updates', engine: all });
  await protect(knex, { table: 'draft_changes', engine: all });
  await protect(knex, { table: 'department_comments' });
  for (const table of ['department_drafts', 'draft_updates', 'draft_changes', 'department_comments'])
    await limitToDepartments(knex, table);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table platform.department_versions drop column authors');
  await knex.raw('alter table platform.department_versions drop column note');
  for (const table of ['department_comments', 'draft_changes', 'draft_updates', 'department_drafts'])
    await knex.raw(`drop table platform.${table}`);
}
