import type { Knex } from 'knex';

/** How often in a row the worker of a run has died at it without a step ending in between, so that no run takes one worker down after the other for ever. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table platform.runs
    add column deaths smallint not null default 0,
    /* Steps that had ended when its worker last died at it. */
    add column ended_at_death integer,
    /* A worker has begun it as the only one that is suspected there. */
    add column apart boolean not null default false`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table platform.runs drop column deaths, drop column ended_at_death, drop column apart');
}
