import type { Knex } from 'knex';

/**
 * The roles that queries run as. None owns anything or may bypass row-level security; the connecting role only migrates and
 * then steps down to one of them.
 * `app_tenant`: one organization, named by `app.current_organization`. `app_tenant_limited`: of that, what belongs to the departments in
 * `app.current_departments`; it is a member of `app_tenant`, so that every grant and policy of a tenant's holds for it, and restrictive ones besides.
 * `app_engine`: workers, dispatcher and webhooks, across organizations, on the tables they need. `app_identity`: who is who, before an
 * organization is known.
 */
export const roles = ['app_tenant', 'app_tenant_limited', 'app_engine', 'app_identity'] as const;
export type Role = (typeof roles)[number];

/** Creates the roles if they are missing and lets the connecting role become them. May be called again. */
export async function createRoles(knex: Knex): Promise<void> {
  for (const role of roles) {
    // Roles belong to the whole server: another database's migration may be making the same ones just now.
    await knex.raw(`do $$ begin
      if not exists (select 1 from pg_roles where rolname = '${role}') then create role ${role} nologin nosuperuser nobypassrls; end if;
    exception when duplicate_object or unique_violation then null; end $$`);
    await knex.raw(`do $$ begin
      grant ${role} to current_user;
    exception when unique_violation or internal_error then null; end $$`);
    await knex.raw(`grant usage on schema platform to ${role}`);
  }
  await knex.raw(`do $$ begin
    grant app_tenant to app_tenant_limited;
  exception when unique_violation or internal_error then null; end $$`);
}

const current = `nullif(current_setting('app.current_organization', true), '')::uuid`;

export interface TenantTable {
  readonly table: string;
  /** The column that holds the organization; `organizations` itself is owned by its own id. */
  readonly column?: string;
  /** What `app_tenant` may do with its own rows. */
  readonly tenant?: string;
  /** What `app_engine` may do with every row. */
  readonly engine?: string;
  /** What `app_identity` may do with every row. */
  readonly identity?: string;
}

/** Forces row-level security on a table: each role sees what its policy says, and the owner nothing at all. */
export async function protect(knex: Knex, options: TenantTable): Promise<void> {
  const { table, column = 'organization_id', tenant = 'select, insert, update, delete', engine, identity } = options;
  await knex.raw(`alter table platform.${table} enable row level security`);
  await knex.raw(`alter table platform.${table} force row level security`);
  await knex.raw(`grant ${tenant} on platform.${table} to app_tenant`);
  await knex.raw(
    `create policy tenant on platform.${table} to app_tenant using (${column} = ${current}) with check (${column} = ${current})`,
  );
  for (const [role, grants] of [
    ['app_engine', engine],
    ['app_identity', identity],
  ] as const) {
    if (!grants) continue;
    await knex.raw(`grant ${grants} on platform.${table} to ${role}`);
    await knex.raw(`create policy ${role.slice(4)} on platform.${table} to ${role} using (true) with check (true)`);
  }
}

const limits = `nullif(current_setting('app.current_departments', true), '')::uuid[]`;
/** Whether a limited caller sees what belongs to a department, or hangs on a conversation or a run; the functions: 20261126190500. */
export const seen = {
  department: (column: string): string => `${column} = any (${limits})`,
  conversation: (column: string): string => `platform.sees_conversation(${column})`,
  run: (column: string): string => `platform.sees_run(${column})`,
} as const;

/**
 * Callers limited to some departments see the rows of no other, nor write them; without a setting, none. For a table with a `department_id`, or whose
 * parent has one: a `conversation_id` or a `run_id`, whose own policy then answers. After `protect`.
 */
export async function limitToDepartments(
  knex: Knex,
  table: string,
  link: 'department_id' | 'conversation_id' | 'run_id' = 'department_id',
): Promise<void> {
  const sees = { department_id: seen.department, conversation_id: seen.conversation, run_id: seen.run }[link];
  const condition = sees(link);
  await knex.raw(
    `create policy departments on platform.${table} as restrictive to app_tenant_limited using (${condition}) with check (${condition})`,
  );
}
