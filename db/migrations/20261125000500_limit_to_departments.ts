import type { Knex } from 'knex';

/** Departments that the caller is limited to, as `{uuid,...}`; unset or empty is every one. In a subselect, so that it is read once for a query. */
const setting = `nullif(current_setting('app.current_departments', true), '')`;
const all = `(select ${setting}) is null`;
const within = (department: string): string => `(${all} or ${department} = any ((select ${setting}::uuid[])::uuid[]))`;

const byDepartment = ['department_versions', 'channels', 'schedules', 'conversations', 'runs'];
const byRun = ['run_steps', 'effects', 'waits'];
const engineOnly = ['checkpoints', 'checkpoint_writes'];

/**
 * Somebody may be limited to some departments. Restrictive policies beside those of the organization: what belongs to another department is
 * not there, for reading or writing, whoever forgets to ask.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table platform.memberships add column departments uuid[]');
  await knex.raw('alter table platform.api_keys add column departments uuid[]');
  const restrict = (table: string, condition: string) =>
    knex.raw(
      `create policy departments on platform.${table} as restrictive to app_tenant using (${condition}) with check (${condition})`,
    );
  await restrict('departments', within('id'));
  for (const table of byDepartment) await restrict(table, within('department_id'));
  // Their parents' own policies answer inside these.
  await restrict('messages', `${all} or exists (select 1 from platform.conversations c where c.id = conversation_id)`);
  for (const table of byRun)
    await restrict(table, `${all} or exists (select 1 from platform.runs r where r.id = run_id)`);
  for (const table of engineOnly) await restrict(table, all);
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['departments', 'messages', ...byDepartment, ...byRun, ...engineOnly])
    await knex.raw(`drop policy departments on platform.${table}`);
  await knex.raw('alter table platform.memberships drop column departments');
  await knex.raw('alter table platform.api_keys drop column departments');
}
