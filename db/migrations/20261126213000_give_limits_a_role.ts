import type { Knex } from 'knex';
import { createRoles, seen } from './tenancy.js';

/** Read by nobody who is limited to departments: the state of a run as the engine keeps it. */
const engineOnly = ['checkpoints', 'checkpoint_writes'];

/**
 * Every query of everybody bore the limits to departments, planned and asked for each row, although nearly nobody has any: now they hold for a role
 * of their own. A message's organization follows from its conversation; PostgreSQL is told so, because it took the two for independent, expected one
 * row of a conversation where there were hundreds, and read and sorted all of it for its last page.
 */
export async function up(knex: Knex): Promise<void> {
  await createRoles(knex);
  const { rows } = await knex.raw<{ rows: { table: string; qual: string }[] }>(
    `select tablename as table, qual from pg_policies where schemaname = 'platform' and policyname = 'departments'`,
  );
  for (const { table, qual } of rows) {
    const sees = conditionOf(table, qual);
    await knex.raw(
      `alter policy departments on platform.${table} to app_tenant_limited using (${sees}) with check (${sees})`,
    );
  }
  await knex.raw(
    'create statistics platform.messages_conversation_organization (dependencies) on organization_id, conversation_id from platform.messages',
  );
}

/** @param qual what held until now, which says what the table's rows hang on */
function conditionOf(table: string, qual: string): string {
  if (engineOnly.includes(table)) return 'false';
  if (table === 'departments') return seen.department('id');
  if (qual.includes('sees_conversation')) return seen.conversation('conversation_id');
  return qual.includes('sees_run') ? seen.run('run_id') : seen.department('department_id');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop statistics platform.messages_conversation_organization');
  const { rows } = await knex.raw<{ rows: { table: string; qual: string }[] }>(
    `select tablename as table, qual from pg_policies where schemaname = 'platform' and policyname = 'departments'`,
  );
  const unlimited = `coalesce(current_setting('app.current_departments', true), '') = ''`;
  for (const { table, qual } of rows) {
    const condition = `(${unlimited} or ${qual})`;
    await knex.raw(
      `alter policy departments on platform.${table} to app_tenant using (${condition}) with check (${condition})`,
    );
  }
}
