import type { Knex } from 'knex';
import { protect } from './tenancy.js';

export async function up(knex: Knex): Promise<void> {
  // One row per incarnation of a worker process. The epoch is the fencing token: a flush locks this row and writes nothing once it is not alive.
  await knex.raw(`create table platform.workers (
    id text primary key,
    epoch integer not null,
    alive boolean not null default true,
    seen_at timestamptz not null default now()
  )`);
  await knex.raw(`create table platform.runs (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    department_id uuid not null,
    version_id uuid not null references platform.department_versions (id),
    conversation_id uuid,
    trigger_node text not null,
    status text not null default 'queued' check (status in ('queued', 'running', 'waiting', 'succeeded', 'failed', 'canceled')),
    priority smallint not null default 1,
    input jsonb not null,
    output jsonb,
    error jsonb,
    worker text,
    attempts integer not null default 0,
    cancel_requested boolean not null default false,
    /* Answers given since the run was last taken up: one that comes to rest with any goes back to the queue. */
    unseen_answers integer not null default 0,
    parent_run_id uuid,
    not_before timestamptz,
    /* Null: the queue does not know this run yet. The row is its own outbox. */
    admitted_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    created_at timestamptz not null default now()
  )`);
  await knex.raw(
    `create index runs_open on platform.runs (organization_id, id) where status = 'queued' and admitted_at is null`,
  );
  await knex.raw(
    `create index runs_active on platform.runs (organization_id, admitted_at) where status in ('queued', 'running')`,
  );
  await knex.raw('create index runs_recent on platform.runs (organization_id, id desc)');
  await knex.raw('create index runs_department on platform.runs (department_id, id desc)');
  await knex.raw(`create index runs_answered on platform.runs (id) where status = 'waiting' and unseen_answers > 0`);
  await knex.raw(
    `create index runs_failed on platform.runs (finished_at) where status = 'failed' and conversation_id is not null`,
  );
  // One run at a time per conversation: the database says so.
  await knex.raw(
    `create unique index runs_conversation on platform.runs (conversation_id) where status in ('queued', 'running') and conversation_id is not null`,
  );

  await knex.raw(`create table platform.run_steps (
    run_id uuid not null,
    organization_id uuid not null,
    path text collate "C" not null,
    attempt integer not null,
    node_id text not null,
    status text not null,
    port text,
    input bytea,
    output bytea,
    error bytea,
    /* The value itself, when it was too big for the output column to hold more than its beginning. */
    whole bytea,
    started_at timestamptz,
    duration_ms real,
    input_tokens integer not null default 0,
    output_tokens integer not null default 0,
    cost_micros bigint not null default 0,
    model text,
    primary key (run_id, path, attempt)
  )`);
  await knex.raw(`create table platform.checkpoints (
    organization_id uuid not null,
    thread text collate "C" not null,
    ns text collate "C" not null,
    id text collate "C" not null,
    parent text collate "C",
    keyframe boolean not null,
    data bytea not null,
    primary key (thread, ns, id)
  )`);
  await knex.raw(`create table platform.checkpoint_writes (
    organization_id uuid not null,
    thread text collate "C" not null,
    ns text collate "C" not null,
    checkpoint text collate "C" not null,
    task text not null,
    path text not null,
    seq bigint generated always as identity,
    data bytea not null
  )`);
  await knex.raw('create index checkpoint_writes_checkpoint on platform.checkpoint_writes (thread, ns, checkpoint)');
  await knex.raw(`create table platform.effects (
    run_id uuid not null,
    key text not null,
    organization_id uuid not null,
    state text not null check (state in ('intended', 'done', 'uncertain')),
    result bytea,
    worker text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (run_id, key)
  )`);
  await knex.raw(`create table platform.waits (
    id uuid primary key,
    organization_id uuid not null,
    run_id uuid not null references platform.runs (id) on delete cascade,
    path text not null,
    kind text not null check (kind in ('contact', 'member', 'time')),
    conversation_id uuid,
    question jsonb,
    wake_at timestamptz,
    answer jsonb,
    answered_by uuid,
    answered_at timestamptz,
    created_at timestamptz not null default now(),
    unique (run_id, path)
  )`);
  await knex.raw(
    'create index waits_due on platform.waits (wake_at) where answered_at is null and wake_at is not null',
  );
  await knex.raw(
    `create index waits_contact on platform.waits (conversation_id) where answered_at is null and kind = 'contact'`,
  );
  await knex.raw('alter table platform.checkpoints set (toast_tuple_target = 8160)');

  await protect(knex, { table: 'runs', tenant: 'select, insert, update', engine: 'select, insert, update' });
  await protect(knex, { table: 'run_steps', tenant: 'select', engine: 'select, insert, update' });
  await protect(knex, { table: 'checkpoints', tenant: 'select', engine: 'select, insert, update, delete' });
  await protect(knex, { table: 'checkpoint_writes', tenant: 'select', engine: 'select, insert, delete' });
  await protect(knex, { table: 'effects', tenant: 'select', engine: 'select, insert, update, delete' });
  await protect(knex, { table: 'waits', tenant: 'select, update', engine: 'select, insert, update' });
  await knex.raw('grant select, insert, update on platform.workers to app_engine');
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['waits', 'effects', 'checkpoint_writes', 'checkpoints', 'run_steps', 'runs', 'workers'])
    await knex.raw(`drop table platform.${table}`);
}
