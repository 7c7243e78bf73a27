import type { Knex } from 'knex';

/**
 * What a run needs to repeat or fork another, to undo itself, and to tell so. `parent_run_id` names the run it came from; with `forked_path` it
 * is a fork from that step, without one a replay.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table platform.runs
    add column forked_path text,
    /* What the step at forked_path is given instead of what the steps before it made. */
    add column forked_input jsonb,
    /* Which side of that step was changed by hand. */
    add column forked_edit text check (forked_edit in ('input', 'output')),
    /* The run at the beginning of the lineage: the one that the messages of the conversation are answered by. */
    add column origin_run_id uuid,
    /* Nothing is done outside. */
    add column rehearsal boolean not null default false,
    /* The conversation that a rehearsal reads without being part of it. */
    add column context_conversation_id uuid,
    /* The error it will end with, once what it had finished is undone. */
    add column failing jsonb`);
  await knex.raw(`create index runs_parent on platform.runs (parent_run_id, id) where parent_run_id is not null`);
  await knex.raw(`alter table platform.run_steps
    /* Taken over from the run that this one forks. */
    add column recalled boolean not null default false,
    /* Path of the step that this one undoes. */
    add column compensates text,
    add column finished_at timestamptz`);
  // A fork is written down with the steps that it recalls, in one transaction with its row.
  await knex.raw('grant insert on platform.run_steps, platform.waits to app_tenant');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('revoke insert on platform.run_steps, platform.waits from app_tenant');
  await knex.raw(
    'alter table platform.run_steps drop column recalled, drop column compensates, drop column finished_at',
  );
  await knex.raw(`alter table platform.runs drop column forked_path, drop column forked_input, drop column forked_edit,
    drop column origin_run_id,
    drop column rehearsal, drop column context_conversation_id, drop column failing`);
}
