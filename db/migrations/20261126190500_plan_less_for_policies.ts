import type { Knex } from 'knex';
import { seen } from './tenancy.js';

const byDepartment = [
  ...['awaited_events', 'channels', 'conversations', 'department_comments', 'department_drafts', 'department_versions'],
  ...['draft_changes', 'draft_updates', 'runs', 'schedules'],
];
const byRun = ['effects', 'run_steps', 'waits'];
const engineOnly = ['checkpoints', 'checkpoint_writes'];

/** Of a caller who is limited to none; since 20261126213000 those have a role of their own. */
const unlimited = `coalesce(current_setting('app.current_departments', true), '') = ''`;

/**
 * The limits to departments stood in subselects, with the parent's own policies inside. PostgreSQL planned all of it for every query of everybody: on
 * messages three times the time of the query. Now a caller without limits costs a comparison, and what a limited one sees of conversations and runs
 * is asked in a function, whose plan is kept.
 */
export async function up(knex: Knex): Promise<void> {
  // The parent's own policies answer inside: these run as whoever asks.
  for (const [name, parent] of [
    ['sees_conversation', 'conversations'],
    ['sees_run', 'runs'],
  ]) {
    await knex.raw(`create function platform.${name}(asked uuid) returns boolean language plpgsql stable parallel safe
      set search_path = '' as $$ begin return exists (select from platform.${parent} p where p.id = asked); end $$`);
    await knex.raw(`revoke all on function platform.${name}(uuid) from public`);
    await knex.raw(`grant execute on function platform.${name}(uuid) to app_tenant`);
  }
  const limit = (table: string, sees?: string) => {
    const condition = sees ? `(${unlimited} or ${sees})` : unlimited;
    return knex.raw(`alter policy departments on platform.${table} using (${condition}) with check (${condition})`);
  };
  await limit('departments', seen.department('id'));
  for (const table of byDepartment) await limit(table, seen.department('department_id'));
  await limit('messages', seen.conversation('conversation_id'));
  for (const table of byRun) await limit(table, seen.run('run_id'));
  for (const table of engineOnly) await limit(table);
}

const setting = `nullif(current_setting('app.current_departments', true), '')`;
const all = `(select ${setting}) is null`;

export async function down(knex: Knex): Promise<void> {
  const limit = (table: string, condition: string) =>
    knex.raw(`alter policy departments on platform.${table} using (${condition}) with check (${condition})`);
  const within = (column: string): string => `(${all} or ${column} = any ((select ${setting}::uuid[])::uuid[]))`;
  await limit('departments', within('id'));
  for (const table of byDepartment) await limit(table, within('department_id'));
  await limit('messages', `${all} or exists (select 1 from platform.conversations c where c.id = conversation_id)`);
  for (const table of byRun) await limit(table, `${all} or exists (select 1 from platform.runs r where r.id = run_id)`);
  for (const table of engineOnly) await limit(table, all);
  await knex.raw('drop function platform.sees_conversation(uuid)');
  await knex.raw('drop function platform.sees_run(uuid)');
}
