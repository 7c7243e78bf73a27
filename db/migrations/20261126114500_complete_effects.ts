import type { Knex } from 'knex';

/**
 * The whole life of an effect. `not_done`: it surely did not happen and may be tried again; its row stays, so that its tries are counted.
 * `settled_by` says who knew: the worker that did it, the provider's own word, or a person. `surfaced_at`: since when a person is asked.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table platform.effects
    add column id uuid not null default gen_random_uuid() unique,
    add column attempts integer not null default 1,
    add column settled_by text check (settled_by in ('worker', 'provider', 'person')),
    add column resolved_by uuid,
    add column surfaced_at timestamptz,
    drop constraint effects_state_check,
    add constraint effects_state_check check (state in ('intended', 'done', 'uncertain', 'not_done'))`);
  await knex.raw(
    `create index effects_unsettled on platform.effects (created_at) where state in ('intended', 'uncertain')`,
  );
  // A person says what happened; nothing else of an effect is theirs to change.
  await knex.raw('grant update (state, result, settled_by, resolved_by, updated_at) on platform.effects to app_tenant');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index platform.effects_unsettled');
  await knex.raw(
    'revoke update (state, result, settled_by, resolved_by, updated_at) on platform.effects from app_tenant',
  );
  await knex.raw(`delete from platform.effects where state = 'not_done'`);
  await knex.raw(`alter table platform.effects drop constraint effects_state_check,
    add constraint effects_state_check check (state in ('intended', 'done', 'uncertain')),
    drop column id, drop column attempts, drop column settled_by, drop column resolved_by, drop column surfaced_at`);
}
