import type { Knex } from 'knex';
import { limitToDepartments, protect } from './tenancy.js';

/**
 * What several steps of a run were given and made, sealed as one value: those that are written down together. A step says which it is in, and at which place;
 * one that is written alone keeps its own.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`create table platform.step_packs (
    run_id uuid not null,
    id bigint not null,
    organization_id uuid not null,
    data bytea not null,
    primary key (run_id, id)
  )`);
  // What is sealed cannot be made smaller, and a pack is made to fit into a row.
  await knex.raw('alter table platform.step_packs alter column data set storage external');
  await knex.raw('alter table platform.step_packs set (toast_tuple_target = 8160)');
  await protect(knex, { table: 'step_packs', tenant: 'select, insert', engine: 'select, insert, update, delete' });
  await limitToDepartments(knex, 'step_packs', 'run_id');
  await knex.raw('alter table platform.run_steps add column pack bigint, add column place integer');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table platform.run_steps drop column pack, drop column place');
  await knex.raw('drop table platform.step_packs');
}
