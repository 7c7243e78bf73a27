import type { Knex } from 'knex';
import { protect } from './tenancy.js';

/** What an organization's departments may spend on models in a day and write to one customer in a minute, and what they have. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table platform.organizations
    add column daily_budget_cents integer check (daily_budget_cents between 0 and 100000000),
    add column replies_per_minute smallint not null default 20 check (replies_per_minute between 1 and 60)`);
  // The last answers' times, as many as may go out in a minute: the row that a sender holds anyway is what counts them.
  await knex.raw(`alter table platform.conversations add column recent_replies timestamptz[] not null default '{}'`);
  await knex.raw(`create table platform.model_spend (
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    /* In the organization's time zone: 2026-11-26. */
    day text not null,
    /* Millionths of a US dollar: what calls have cost, and the most that those under way may cost. */
    micros bigint not null default 0,
    reserved bigint not null default 0,
    primary key (organization_id, day)
  )`);
  // Calls under way. One whose process died is taken back by the sweeper.
  await knex.raw(`create table platform.model_reservations (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    day text not null,
    micros bigint not null,
    created_at timestamptz not null default now()
  )`);
  await knex.raw('create index model_reservations_age on platform.model_reservations (created_at)');
  await protect(knex, { table: 'model_spend', tenant: 'select', engine: 'select, insert, update' });
  await protect(knex, { table: 'model_reservations', tenant: 'select', engine: 'select, insert, delete' });
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table platform.model_reservations');
  await knex.raw('drop table platform.model_spend');
  await knex.raw('alter table platform.conversations drop column recent_replies');
  await knex.raw('alter table platform.organizations drop column daily_budget_cents, drop column replies_per_minute');
}
