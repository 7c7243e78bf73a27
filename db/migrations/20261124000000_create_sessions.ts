import type { Knex } from 'knex';
import { protect } from './tenancy.js';

export async function up(knex: Knex): Promise<void> {
  // A sign-in on one device, with every refresh token that grew from it. Its id is the tokens' family.
  await knex.raw(`create table platform.sessions (
    id uuid primary key,
    user_id uuid not null references platform.users (id) on delete cascade,
    /* Where the person is now; switching changes it. */
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    user_agent text not null default '',
    address text not null default '',
    created_at timestamptz not null default now(),
    last_used_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_because text
  )`);
  await knex.raw('create index sessions_user on platform.sessions (user_id) where ended_at is null');
  await knex.raw('create index sessions_expires on platform.sessions (expires_at)');
  await knex.raw(`insert into platform.sessions (id, user_id, organization_id, created_at, last_used_at, expires_at, ended_at)
    select family_id, (array_agg(user_id))[1], (array_agg(organization_id order by created_at desc))[1], min(created_at), max(created_at),
      max(expires_at), max(revoked_at)
    from platform.refresh_tokens group by family_id`);
  await protect(knex, { table: 'sessions', tenant: 'select', identity: 'select, insert, update, delete' });

  await knex.raw('alter table platform.memberships drop constraint memberships_role_check');
  await knex.raw(
    `alter table platform.memberships add constraint memberships_role_check check (role in ('owner', 'admin', 'member', 'viewer'))`,
  );
  await knex.raw('grant update, delete on platform.memberships to app_identity');
  await knex.raw('grant update, delete on platform.organizations to app_identity');
  await knex.raw('grant delete on platform.users to app_identity');
  await knex.raw(`alter table platform.users add column email_verified_at timestamptz, add column locale text,
    add column password_changed_at timestamptz not null default now()`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'alter table platform.users drop column email_verified_at, drop column locale, drop column password_changed_at',
  );
  await knex.raw('drop table platform.sessions');
}
