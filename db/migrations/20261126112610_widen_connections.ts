import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table platform.connections
    /* Where the secret may go. Empty for a channel's token, which only its channel uses. */
    add column hosts text[] not null default '{}',
    /* What belongs to the credential and is no secret: a header's name, a user name, a token's address. */
    add column settings jsonb not null default '{}',
    add column created_by uuid,
    add column last_used_at timestamptz`);
  // Which key answers is never a question: one connection for each provider of models.
  await knex.raw(`create unique index connections_model on platform.connections (organization_id, provider)
    where provider in ('openai', 'anthropic', 'gemini')`);
  await knex.raw('grant update (last_used_at) on platform.connections to app_engine');
  // Whose keys pay for the models. With its own, an organization never falls back to the platform's.
  await knex.raw(`alter table platform.organizations
    add column model_keys text not null default 'platform' check (model_keys in ('platform', 'own'))`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table platform.organizations drop column model_keys');
  await knex.raw('revoke update (last_used_at) on platform.connections from app_engine');
  await knex.raw('drop index platform.connections_model');
  await knex.raw(
    'alter table platform.connections drop column hosts, drop column settings, drop column created_by, drop column last_used_at',
  );
}
