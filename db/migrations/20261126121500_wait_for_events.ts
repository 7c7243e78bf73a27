import type { Knex } from 'knex';
import { protect } from './tenancy.js';

const setting = `nullif(current_setting('app.current_departments', true), '')`;
const within = `((select ${setting}) is null or department_id = any ((select ${setting}::uuid[])::uuid[]))`;

/**
 * Runs may wait for what another system reports. What it reports before anybody waits for it is kept, so that it does not matter which comes
 * first; `key` is `<node>:<what the author correlates by>`.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table platform.waits drop constraint waits_kind_check,
    add constraint waits_kind_check check (kind in ('contact', 'member', 'time', 'event')), add column event_key text`);
  await knex.raw(
    `create index waits_event on platform.waits (event_key) where answered_at is null and event_key is not null`,
  );
  await knex.raw(`create table platform.awaited_events (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    department_id uuid not null references platform.departments (id) on delete cascade,
    key text not null,
    /* The other system's own name for it: the same one twice is one event. */
    external_id text,
    payload jsonb not null,
    received_at timestamptz not null default now(),
    /* When a run was given it. */
    taken_at timestamptz
  )`);
  await knex.raw(`create unique index awaited_events_external on platform.awaited_events (department_id, key, external_id)
    where external_id is not null`);
  await knex.raw(`create index awaited_events_open on platform.awaited_events (received_at) where taken_at is null`);
  await knex.raw(`create index awaited_events_old on platform.awaited_events (received_at)`);
  await protect(knex, {
    table: 'awaited_events',
    tenant: 'select, insert, update',
    engine: 'select, update, delete',
  });
  await knex.raw(
    `create policy departments on platform.awaited_events as restrictive to app_tenant using (${within}) with check (${within})`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table platform.awaited_events');
  await knex.raw(`delete from platform.waits where kind = 'event'`);
  await knex.raw(`alter table platform.waits drop column event_key, drop constraint waits_kind_check,
    add constraint waits_kind_check check (kind in ('contact', 'member', 'time'))`);
}
