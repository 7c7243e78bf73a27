import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Answers may hold what is shown only once: keys, codes, tokens. `response` stays for processes that run the code of before.
  await knex.raw('alter table platform.idempotency_keys add column sealed_response bytea');
  await knex.raw('create index idempotency_keys_created on platform.idempotency_keys (created_at)');
  await knex.raw('grant select, delete on platform.idempotency_keys to app_engine');
  await knex.raw('create policy engine on platform.idempotency_keys to app_engine using (true) with check (true)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop policy engine on platform.idempotency_keys');
  await knex.raw('revoke select, delete on platform.idempotency_keys from app_engine');
  await knex.raw('drop index platform.idempotency_keys_created');
  await knex.raw('alter table platform.idempotency_keys drop column sealed_response');
}
