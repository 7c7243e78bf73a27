import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // An organization's key may be renewed: the newest seals, the others are kept until nothing needs them.
  await knex.raw(`alter table platform.organization_keys
    add column version integer not null default 1,
    /* Finds sealed values; outlives the keys that seal them. Of the first version it is drawn from the key itself. */
    add column wrapped_index_key bytea,
    /* Since when nothing of the organization is sealed with an older key, or not sealed at all. */
    add column settled_at timestamptz`);
  // Whether all that is personal was sealed from the first day, or has been since. New ones begin so.
  await knex.raw('alter table platform.organizations add column sealed boolean not null default true');
  await knex.raw('update platform.organizations set sealed = false');
  await knex.raw('grant update (sealed) on platform.organizations to app_engine');
  await knex.raw('alter table platform.organization_keys drop constraint organization_keys_pkey');
  await knex.raw('alter table platform.organization_keys add primary key (organization_id, version)');
  await knex.raw(
    'create index organization_keys_unsettled on platform.organization_keys (created_at) where settled_at is null',
  );
  await knex.raw('grant insert, delete, update (settled_at) on platform.organization_keys to app_engine');
  // Moves to another master key without looking inside.
  await knex.raw('grant select, update (wrapped_key, wrapped_index_key) on platform.organization_keys to app_identity');
  await knex.raw('create policy identity on platform.organization_keys to app_identity using (true) with check (true)');
  await knex.raw('grant update (sealed_secret) on platform.connections to app_engine');
  await knex.raw('grant update (sealed_response) on platform.idempotency_keys to app_engine');

  // Keys of the platform that outlive the master key, sealed by it; `master` says which one that is.
  await knex.raw(`create table platform.platform_keys (
    name text primary key,
    sealed bytea not null,
    updated_at timestamptz not null default now()
  )`);
  await knex.raw('grant select, insert, update on platform.platform_keys to app_identity');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table platform.platform_keys');
  await knex.raw('revoke update (sealed) on platform.organizations from app_engine');
  await knex.raw('alter table platform.organizations drop column sealed');
  await knex.raw('revoke update (sealed_response) on platform.idempotency_keys from app_engine');
  await knex.raw('revoke update (sealed_secret) on platform.connections from app_engine');
  await knex.raw('drop policy identity on platform.organization_keys');
  await knex.raw(
    'revoke select, update (wrapped_key, wrapped_index_key) on platform.organization_keys from app_identity',
  );
  await knex.raw('revoke insert, delete, update (settled_at) on platform.organization_keys from app_engine');
  await knex.raw('delete from platform.organization_keys where version > 1');
  await knex.raw('alter table platform.organization_keys drop constraint organization_keys_pkey');
  await knex.raw('alter table platform.organization_keys add primary key (organization_id)');
  await knex.raw(
    'alter table platform.organization_keys drop column version, drop column wrapped_index_key, drop column settled_at',
  );
}
