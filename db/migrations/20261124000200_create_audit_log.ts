import type { Knex } from 'knex';
import { protect } from './tenancy.js';

export async function up(knex: Knex): Promise<void> {
  // Who did what to what, when and from where. Names are kept as they were: what they name may be gone.
  await knex.raw(`create table platform.audit_log (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    at timestamptz not null default now(),
    actor_type text not null check (actor_type in ('person', 'api_key', 'system')),
    actor_id uuid,
    actor_name text not null default '',
    action text not null,
    target_type text,
    target_id text,
    target_name text not null default '',
    address text not null default '',
    user_agent text not null default '',
    details jsonb not null default '{}'
  )`);
  await knex.raw('create index audit_log_recent on platform.audit_log (organization_id, id desc)');
  await knex.raw('create index audit_log_action on platform.audit_log (organization_id, action, id desc)');
  await knex.raw('create index audit_log_actor on platform.audit_log (organization_id, actor_id, id desc)');
  await knex.raw('create index audit_log_target on platform.audit_log (organization_id, target_id, id desc)');
  await protect(knex, {
    table: 'audit_log',
    tenant: 'select, insert',
    engine: 'insert',
    identity: 'insert',
  });
  // Also for whoever owns the table: entries go only together with their whole organization.
  await knex.raw(`create function platform.refuse_change() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and not exists (select 1 from platform.organizations o where o.id = old.organization_id) then return old; end if;
      raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
    end $$`);
  await knex.raw(`create trigger audit_log_append_only before update or delete on platform.audit_log
    for each row execute function platform.refuse_change()`);
  await knex.raw(`create function platform.refuse_truncate() returns trigger language plpgsql as $$
    begin raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege'; end $$`);
  await knex.raw(`create trigger audit_log_no_truncate before truncate on platform.audit_log
    for each statement execute function platform.refuse_truncate()`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table platform.audit_log');
  await knex.raw('drop function platform.refuse_change()');
  await knex.raw('drop function platform.refuse_truncate()');
}
