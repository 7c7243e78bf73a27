import type { Knex } from 'knex';
import { protect } from './tenancy.js';

export async function up(knex: Knex): Promise<void> {
  // Who did what to what, when and from where. Names are kept as they were: what they name may be gone.
  // The time is the one inside the id, so that one index serves the order, the pages and spans of time.
  await knex.raw(`create table platform.audit_log (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    at timestamptz not null,
    actor_type text not null check (actor_type in ('person', 'api_key', 'system')),
    actor_id uuid,
    actor_name text not null default '',
    action text not null,
    target_type text,
    target_id text,
    target_name text not null default '',
    address text not null default '',
    user_agent text not null default '',
    request_id text,
    details jsonb not null default '{}' check (octet_length(details::text) <= 16384)
  )`);
  await knex.raw('create index audit_log_recent on platform.audit_log (organization_id, id desc)');
  await knex.raw('create index audit_log_action on platform.audit_log (organization_id, action, id desc)');
  await knex.raw('create index audit_log_actor on platform.audit_log (organization_id, actor_id, id desc)');
  await knex.raw('create index audit_log_target on platform.audit_log (organization_id, target_id, id desc)');
  await protect(knex, { table: 'audit_log', tenant: 'select, insert', engine: 'insert', identity: 'insert' });
  // Grants stop the roles that work; this stops the owner too. The one way out is the end of the whole organization: then the
  // rows go by the foreign key, from inside a trigger of the system's own, and the organization is no longer there.
  await knex.raw(`create function platform.keep_audit_log() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and pg_trigger_depth() > 1
         and not exists (select 1 from platform.organizations o where o.id = old.organization_id) then
        return old;
      end if;
      raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
    end $$`);
  await knex.raw(`create trigger audit_log_append_only before update or delete on platform.audit_log
    for each row execute function platform.keep_audit_log()`);
  await knex.raw(`create trigger audit_log_no_truncate before truncate on platform.audit_log
    for each statement execute function platform.keep_audit_log()`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table platform.audit_log');
  await knex.raw('drop function platform.keep_audit_log()');
}
